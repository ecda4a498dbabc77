package webhooks

// How the webhooks on the Hub are drawn.

import (
	"fmt"
	"strings"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/header"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

func (p *Screen) View(f screen.Frame) []string {
	t, st := f.Theme, f.State.Hub
	l := screen.Arrange(f.W, f.H, screen.NoBanner)
	lines := f.Header(l)
	if st == nil || st.Read.IsZero() {
		if f.H >= 16 {
			lines = append(lines, " "+t.Bold.Paint("Webhooks on the Hub"), t.Line(f.W, ""))
		}
		return t.Fill(append(lines, p.nothing(f)...), f.W, f.H)
	}
	title := " " + t.Bold.Paint("Webhooks of "+visible.Line(st.User)+" on the Hub")
	lines = append(lines, t.Lead(title, t.Dim.Paint("read "+duration.Ago(f.Now.Sub(st.Read))+"   ")+t.Key.Paint(f.Label(keymap.ActReload))+t.Dim.Paint(" reload "), f.W))
	if f.H >= 16 {
		lines = append(lines, t.Line(f.W, ""))
	}
	room := f.H - len(lines)
	if l.Closing {
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
	if l.Closing {
		return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
	}
	return t.Fill(lines, f.W, f.H)
}

// nothing says why there is nothing to show.
func (p *Screen) nothing(f screen.Frame) []string {
	t, st := f.Theme, f.State.Hub
	switch {
	case st == nil:
		return []string{"", " Not connected to the Hub."}
	case st.Problem != nil:
		lines := []string{""}
		for _, line := range t.Wrap(visible.Line(st.Problem.Error()), f.W-2, 4) {
			lines = append(lines, " "+t.Failed.Paint(line))
		}
		if st.Fix != "" {
			for _, line := range t.Wrap("Try: "+visible.Line(st.Fix), f.W-2, 4) {
				lines = append(lines, " "+line)
			}
		}
		return lines
	}
	return []string{"", " Reading your webhooks on the Hub" + t.Mark.Busy}
}

// rows are the table, n lines with its head.
func (p *Screen) rows(f screen.Frame, n int) []string {
	t, st := f.Theme, f.State.Hub
	if len(st.Hooks) == 0 {
		return []string{"", t.Cut(" No webhooks yet. "+t.Key.Paint(f.Label(keymap.ActAddHook))+" creates one that points here.", f.W)}
	}
	if f.W < 60 {
		return p.fewRows(f, n)
	}
	watch, domain := 18, 10
	switch {
	case f.W >= 100:
		watch = 24
	case f.W < 72:
		domain = 0
	}
	to := max(f.W-watch-domain-28, 12)
	line := func(mark, id, state, points, watches, domains, day string) string {
		return mark + " " + t.Fit(id, 9) + t.Fit(state, 10) + t.Fit(points, to) + " " + t.Fit(watches, watch) + t.Fit(domains, domain) + t.Right(day, 4)
	}
	rows := []string{t.Dim.Paint(line("  ", "id", "state", "points to", "watches", "domains", "24h"))}
	at := p.index(f)
	top := max(min(at-(n-1)/2, len(st.Hooks)-(n-1)), 0)
	for i := top; i < min(top+n-1, len(st.Hooks)); i++ {
		h := &st.Hooks[i]
		state := describe.StateWord(h.State)
		if h.State != hub.Enabled {
			state = strings.ToUpper(state)
		}
		day := "-"
		if n := describe.SeenToday(f, h.ID); n > 0 || h.Here {
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
			mark = " " + t.Mark.Cursor
		}
		text := t.Mark.Say(line(mark, describe.ShortID(h.ID), state, pointsTo(h), visible.Line(describe.WatchedWords(&h.Webhook)), strings.Join(domains, ","), day))
		switch {
		case i == at:
			text = t.Selected.Paint(t.Fit(text, f.W))
		case h.Here && h.State != hub.Enabled:
			text = t.Warn.Paint(text)
		case h.State == hub.Suspended:
			text = t.Failed.Paint(text)
		}
		rows = append(rows, text)
	}
	return rows
}

// fewRows are the table where there is hardly room.
func (p *Screen) fewRows(f screen.Frame, n int) []string {
	t, st := f.Theme, f.State.Hub
	var rows []string
	at := p.index(f)
	top := max(min(at-n/2, len(st.Hooks)-n), 0)
	for i := top; i < min(top+n, len(st.Hooks)); i++ {
		h := &st.Hooks[i]
		mark := " "
		if i == at {
			mark = t.Mark.Cursor
		}
		text := t.Fit(t.Mark.Say(mark+describe.ShortID(h.ID)+" "+t.Fit(describe.StateWord(h.State), 9)+" "+pointsTo(h)), f.W)
		if i == at {
			text = t.Selected.Paint(text)
		}
		rows = append(rows, text)
	}
	return rows
}

// pointsTo says where a webhook leads, in few words.
func pointsTo(h *lease.Hook) string {
	host := func(raw string) string { return visible.Line(header.HostOf(raw)) }
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
func (p *Screen) about(h *lease.Hook, f screen.Frame) []string {
	t := f.Theme
	if h == nil {
		return nil
	}
	lines := []string{"", t.Line(f.W, describe.ShortID(h.ID))}
	if f.H < 20 {
		lines = lines[1:]
	}
	names := 10
	fact := func(name, text string) {
		for i, part := range t.Wrap(t.Mark.Say(text), f.W-names-2, 2) {
			if i > 0 {
				name = ""
			}
			lines = append(lines, " "+t.Dim.Paint(t.Fit(name, names))+part)
		}
	}
	narrow := f.W < 80
	url, same := visible.Line(h.Target()), "   same as this tunnel ✓"
	if narrow {
		url, same = strings.TrimPrefix(url, "https://"), "  ✓"
	}
	if h.Here {
		url += same
	}
	fact("url", url)
	fact("secret", secretFact(h, f))
	fact("watched", visible.Line(describe.WatchedWords(&h.Webhook)))
	var domains []string
	for _, d := range h.Domains {
		domains = append(domains, string(d))
	}
	fact("domains", visible.Line(strings.Join(domains, ", ")))
	fact("made by", madeFact(h, f))
	if h.Here {
		today := fmt.Sprintf("%d received here of %d allowed", describe.SeenToday(f, h.ID), dev.DayLimit)
		if !narrow {
			today += "; the Hub's count: " + f.Label(keymap.ActHubLog) + " (Activity)"
		}
		fact("today", today)
	}
	fact("last", p.lastFact(h, f))
	if h.Here {
		fact("the way", wayFact(h, f))
	}
	if f.H < 26 {
		return lines
	}
	lines = append(lines, "",
		t.Dim.Paint(" A change is shown as a diff and asks first. hfhook never touches a webhook it did not make,"),
		t.Dim.Paint(` unless you choose "take over" (`+f.Label(keymap.ActTakeOver)+`), which keeps the old URL and restores it on quit.`))
	return lines
}

func secretFact(h *lease.Hook, f screen.Frame) string {
	switch {
	case !h.Secret.IsZero():
		return "set, equal to yours ✓ (since " + f.At(h.Secret).Format(time.TimeOnly) + ")"
	case h.HasSecret && h.Here && describe.SeenToday(f, h.ID) > 0:
		return "set; matches (events are accepted)"
	case h.HasSecret:
		if h.Noted {
			return "set (the Hub doesn't reveal it): " + f.Label(keymap.ActPushSecret) + " sets yours"
		}
		return "set (the Hub doesn't reveal it)"
	case f.State.Secret.Verified:
		return "NONE: its events are refused here"
	}
	return "none"
}

func madeFact(h *lease.Hook, f screen.Frame) string {
	quit := map[lease.OnQuit]string{lease.Disable: "disable", lease.Keep: "keep", lease.Delete: "delete"}[h.OnQuit]
	day := f.At(h.Made).Format(time.DateOnly)
	switch {
	case h.Taken:
		return "somebody else; taken over on " + day + ", on quit: points to " + visible.Line(h.Was) + " again"
	case h.Others:
		return "hfhook on " + day + "; used by another running hfhook"
	case h.Noted && h.Crashed:
		return "hfhook on " + day + "; left over from a crashed run (hfhook webhooks gc)"
	case h.Noted && !h.Used:
		return "hfhook on " + day + ", on quit: " + quit + "; not in use: " + f.Label(keymap.ActTakeOver) + " points it here"
	case h.Noted && f.W < 80:
		return "hfhook on " + day + ", on quit: " + quit
	case h.Noted:
		return "hfhook on " + day + ", on quit: " + quit + "   (" + f.Label(keymap.ActOnQuit) + " changes: keep / disable / delete)"
	}
	return "not by this hfhook"
}

// lastFact compares what the Hub sent last with what came.
func (p *Screen) lastFact(h *lease.Hook, f screen.Frame) string {
	sent, none, last, layout := "the Hub has not triggered it yet", "; none of its events are here", "; the last event here is from ", "2006-01-02 15:04:05"
	if f.W < 80 {
		sent, none, last, layout = "not triggered yet", "; none of it is here", "; here ", "01-02 15:04:05"
	}
	if !h.LastTrigger.IsZero() {
		sent = "triggered " + f.At(h.LastTrigger).Format(layout)
	}
	if p.last == nil {
		return sent + none
	}
	came := sent + last + f.At(p.last.Received).Format("15:04:05")
	// The clocks are two, and a delivery takes a while.
	if !h.LastTrigger.IsZero() && p.last.Received.After(h.LastTrigger.Add(-time.Minute)) {
		came += " ✓"
	}
	return came
}

// wayFact is the chain from the Hub to the handler, each link as the header has it.
func wayFact(h *lease.Hook, f screen.Frame) string {
	parts := []string{"Hub " + describe.StateWord(h.State)}
	for _, k := range header.Links(f) {
		parts = append(parts, k.Name+" "+k.Mark)
	}
	return strings.Join(parts, " → ") + "   " + f.Label(keymap.ActProve) + " tests it"
}
