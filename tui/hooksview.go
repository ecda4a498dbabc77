package tui

// How the webhooks on the Hub are drawn.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

func (p *hooks) View(f frame) []string {
	t, st := f.theme, f.state.Hub
	l := arrange(f.w, f.h, noBanner)
	lines := f.header(l)
	if st == nil || st.Read.IsZero() {
		if f.h >= 16 {
			lines = append(lines, " "+t.bold.paint("Webhooks on the Hub"), t.line(f.w, ""))
		}
		return t.fill(append(lines, p.nothing(f)...), f.w, f.h)
	}
	title := " " + t.bold.paint("Webhooks of "+visible.Line(st.User)+" on the Hub")
	lines = append(lines, t.lead(title, t.dim.paint("read "+lasted(f.now.Sub(st.Read))+" ago   ")+t.key.paint(f.label(actReload))+t.dim.paint(" reload "), f.w))
	if f.h >= 16 {
		lines = append(lines, t.line(f.w, ""))
	}
	room := f.h - len(lines)
	if l.closing {
		room--
	}
	current := p.current(f)
	about := p.about(current, f)
	rows := p.rows(f, max(min(len(st.Hooks)+1, room-min(len(about), room/2)), 2))
	lines = append(lines, rows...)
	if rest := room - len(rows); rest < len(about) {
		about = about[:max(rest, 0)]
	}
	lines = append(lines, about...)
	if l.closing {
		return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
	}
	return t.fill(lines, f.w, f.h)
}

// nothing says why there is nothing to show.
func (p *hooks) nothing(f frame) []string {
	t, st := f.theme, f.state.Hub
	switch {
	case st == nil:
		return []string{"", " hfhook has no way to the Hub in this session."}
	case st.Problem != nil:
		lines := []string{""}
		for _, line := range t.wrap(visible.Line(st.Problem.Error()), f.w-2, 4) {
			lines = append(lines, " "+t.failed.paint(line))
		}
		if st.Fix != "" {
			for _, line := range t.wrap("Try: "+visible.Line(st.Fix), f.w-2, 4) {
				lines = append(lines, " "+line)
			}
		}
		return lines
	}
	return []string{"", " Reading your webhooks on the Hub" + t.mark.busy}
}

// rows are the table, n lines with its head.
func (p *hooks) rows(f frame, n int) []string {
	t, st := f.theme, f.state.Hub
	if len(st.Hooks) == 0 {
		return []string{"", t.cut(" There is none. "+t.key.paint(f.label(actAddHook))+" makes one that leads here.", f.w)}
	}
	if f.w < 60 {
		return p.fewRows(f, n)
	}
	watch, domain := 18, 10
	switch {
	case f.w >= 100:
		watch = 24
	case f.w < 72:
		domain = 0
	}
	to := max(f.w-watch-domain-28, 12)
	line := func(mark, id, state, points, watches, domains, day string) string {
		return mark + " " + t.fit(id, 9) + t.fit(state, 10) + t.fit(points, to) + " " + t.fit(watches, watch) + t.fit(domains, domain) + t.right(day, 4)
	}
	rows := []string{t.dim.paint(line("  ", "id", "state", "points to", "watches", "domains", "24h"))}
	at := p.index(f)
	top := max(min(at-(n-1)/2, len(st.Hooks)-(n-1)), 0)
	for i := top; i < min(top+n-1, len(st.Hooks)); i++ {
		h := &st.Hooks[i]
		state := stateWord(h.State)
		if h.State != hub.Enabled {
			state = strings.ToUpper(state)
		}
		day := "-"
		if n := seenToday(f, h.ID); n > 0 || h.Here {
			day = fmt.Sprint(n)
		}
		var domains []string
		for _, d := range h.Domains {
			domains = append(domains, map[hub.Domain]string{hub.DomainDiscussion: "disc"}[d])
			if domains[len(domains)-1] == "" {
				domains[len(domains)-1] = visible.Line(string(d))
			}
		}
		mark := "  "
		if i == at {
			mark = " " + t.mark.cursor
		}
		text := t.mark.say(line(mark, shortID(h.ID), state, pointsTo(h), visible.Line(watchedWords(&h.Webhook)), strings.Join(domains, ","), day))
		switch {
		case i == at:
			text = t.selected.paint(t.fit(text, f.w))
		case h.Here && h.State != hub.Enabled:
			text = t.warn.paint(text)
		case h.State == hub.Suspended:
			text = t.failed.paint(text)
		}
		rows = append(rows, text)
	}
	return rows
}

// fewRows are the table where there is hardly room.
func (p *hooks) fewRows(f frame, n int) []string {
	t, st := f.theme, f.state.Hub
	var rows []string
	at := p.index(f)
	top := max(min(at-n/2, len(st.Hooks)-n), 0)
	for i := top; i < min(top+n, len(st.Hooks)); i++ {
		h := &st.Hooks[i]
		mark := " "
		if i == at {
			mark = t.mark.cursor
		}
		text := t.fit(t.mark.say(mark+shortID(h.ID)+" "+t.fit(stateWord(h.State), 9)+" "+pointsTo(h)), f.w)
		if i == at {
			text = t.selected.paint(text)
		}
		rows = append(rows, text)
	}
	return rows
}

// pointsTo says where a webhook leads, in few words.
func pointsTo(h *lease.Hook) string {
	host := func(raw string) string { return visible.Line(hostOf(raw)) }
	switch {
	case h.Here:
		return "here ✓ " + host(h.URL)
	case h.Old && h.Others:
		return "another hfhook, " + host(h.URL)
	case h.Old:
		return "here, old URL " + host(h.URL)
	}
	if h.URL == "" {
		return "(" + visible.Line(h.Target()) + ")"
	}
	return visible.Line(h.Target())
}

// about is what is known of a webhook, and of the way from it to the handler.
func (p *hooks) about(h *lease.Hook, f frame) []string {
	t := f.theme
	if h == nil {
		return nil
	}
	lines := []string{"", t.line(f.w, shortID(h.ID))}
	if f.h < 20 {
		lines = lines[1:]
	}
	names := 10
	fact := func(name, text string) {
		for i, part := range t.wrap(t.mark.say(text), f.w-names-2, 2) {
			if i > 0 {
				name = ""
			}
			lines = append(lines, " "+t.dim.paint(t.fit(name, names))+part)
		}
	}
	narrow := f.w < 80
	url, same := visible.Line(h.Target()), "   same as this tunnel ✓"
	if narrow {
		url, same = strings.TrimPrefix(url, "https://"), "  ✓"
	}
	if h.Here {
		url += same
	}
	fact("url", url)
	fact("secret", secretFact(h, f))
	fact("watched", visible.Line(watchedWords(&h.Webhook)))
	var domains []string
	for _, d := range h.Domains {
		domains = append(domains, string(d))
	}
	fact("domains", visible.Line(strings.Join(domains, ", ")))
	fact("made by", madeFact(h, f))
	if h.Here {
		today := fmt.Sprintf("%d received here of %d allowed", seenToday(f, h.ID), dayLimit)
		if !narrow {
			today += "; the Hub's own count: " + f.label(actHubLog) + " (Activity)"
		}
		fact("today", today)
	}
	fact("last", p.lastFact(h, f))
	if h.Here {
		fact("the way", wayFact(h, f))
	}
	if f.h < 26 {
		return lines
	}
	lines = append(lines, "",
		t.dim.paint(" A change is shown as a diff and asks first. hfhook never touches a webhook it did not make,"),
		t.dim.paint(` unless you choose "take over" (`+f.label(actTakeOver)+`), which keeps the old URL and restores it on quit.`))
	return lines
}

func secretFact(h *lease.Hook, f frame) string {
	switch {
	case !h.Secret.IsZero():
		return "set, equal to yours ✓ (since " + f.at(h.Secret).Format(time.TimeOnly) + ")"
	case h.HasSecret && h.Here && seenToday(f, h.ID) > 0:
		return "set; its events are taken, so it is one of yours"
	case h.HasSecret:
		if h.Noted {
			return "set; the Hub does not tell which: " + f.label(actPushSecret) + " sets yours"
		}
		return "set; the Hub does not tell which"
	case f.state.Secret.Verified:
		return "NONE: its events are refused here"
	}
	return "none"
}

func madeFact(h *lease.Hook, f frame) string {
	quit := map[lease.OnQuit]string{lease.Disable: "disable", lease.Keep: "keep", lease.Delete: "delete"}[h.OnQuit]
	day := f.at(h.Made).Format(time.DateOnly)
	switch {
	case h.Taken:
		return "somebody else; taken over on " + day + ", on quit: leads to " + visible.Line(h.Was) + " again"
	case h.Others:
		return "hfhook on " + day + "; another one that is running uses it"
	case h.Noted && h.Crashed:
		return "hfhook on " + day + "; left by one that did not end (hfhook webhooks gc)"
	case h.Noted && !h.Used:
		return "hfhook on " + day + ", on quit: " + quit + "; not in use: " + f.label(actTakeOver) + " leads it here"
	case h.Noted && f.w < 80:
		return "hfhook on " + day + ", on quit: " + quit
	case h.Noted:
		return "hfhook on " + day + ", on quit: " + quit + "   (" + f.label(actOnQuit) + " changes: keep / disable / delete)"
	}
	return "not by this hfhook"
}

// lastFact compares what the Hub sent last with what came.
func (p *hooks) lastFact(h *lease.Hook, f frame) string {
	sent, none, last, layout := "the Hub has not triggered it yet", "; none of its events is here", "; the last that came is of ", "2006-01-02 15:04:05"
	if f.w < 80 {
		sent, none, last, layout = "not triggered yet", "; none of it is here", "; here ", "01-02 15:04:05"
	}
	if !h.LastTrigger.IsZero() {
		sent = "triggered " + f.at(h.LastTrigger).Format(layout)
	}
	if p.last == nil {
		return sent + none
	}
	came := sent + last + f.at(p.last.Received).Format("15:04:05")
	// The clocks are two, and a delivery takes a while.
	if !h.LastTrigger.IsZero() && p.last.Received.After(h.LastTrigger.Add(-time.Minute)) {
		came += " ✓"
	}
	return came
}

// wayFact is the chain from the Hub to the handler, each link as the header has it.
func wayFact(h *lease.Hook, f frame) string {
	parts := []string{"Hub " + stateWord(h.State)}
	for _, k := range []link{tunnelLink(f), secretLink(f), storeLink(f), handlerLink(f)} {
		parts = append(parts, k.word+" "+k.mark)
	}
	return strings.Join(parts, " → ") + "   " + f.label(actProve) + " goes it"
}
