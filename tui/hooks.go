package tui

// The webhooks on the Hub: which there are, what each is to hfhook, and what can be done
// with it. A change is shown before it is made.

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/store"
)

type hooks struct {
	ask      *asks
	selected string // id of the webhook under the cursor
	at       int    // its place, when it was last there
	busy     bool   // the Hub is being asked
	asked    string // the webhook whose last event was asked for
	last     *event.Row
	lastOf   string // the webhook that sent it
}

func newHooks(a *asks) *hooks { return &hooks{ask: a} }

// plannedMsg is a change that a wish would make.
type plannedMsg struct {
	of     *hooks
	change *lease.Change
	err    error
}

// reloadedMsg says that the Hub was read, or could not be.
type reloadedMsg struct{ of *hooks }

// lastEventMsg is the newest event of a webhook; nil: none was found.
type lastEventMsg struct {
	of      *hooks
	webhook string
	row     *event.Row
}

func (p *hooks) Name() string { return "webhooks on the Hub" }

// index is the place of the webhook under the cursor, or of the one that took its place;
// -1 where there is none.
func (p *hooks) index(f frame) int {
	st := f.state.Hub
	if st == nil {
		return -1
	}
	for i := range st.Hooks {
		if st.Hooks[i].ID == p.selected {
			return i
		}
	}
	return min(p.at, len(st.Hooks)-1)
}

// current is the webhook under the cursor, nil where there is none.
func (p *hooks) current(f frame) *lease.Hook {
	if i := p.index(f); i >= 0 {
		return &f.state.Hub.Hooks[i]
	}
	return nil
}

func (p *hooks) Keys(f frame) []binding {
	back := keys(actBack, actHelp, actQuit)
	st := f.state.Hub
	if st == nil {
		return back
	}
	var actions []action
	if f.state.HookURL != "" {
		actions = append(actions, actAddHook)
	}
	if h := p.current(f); h != nil {
		own := h.Noted && !h.Others
		if own {
			actions = append(actions, actEditHook)
		}
		if !h.Others && (!h.Here || !h.Used) && f.state.HookURL != "" {
			actions = append(actions, actTakeOver)
		}
		if own && f.state.Secret.Verified {
			actions = append(actions, actPushSecret)
		}
		if own {
			actions = append(actions, actSwitchHook)
		}
		if own && !h.Taken {
			actions = append(actions, actDeleteHook)
		}
		actions = append(actions, actHubLog)
		if own && !h.Taken {
			actions = append(actions, actOnQuit)
		}
	}
	if f.state.HookURL != "" {
		actions = append(actions, actProve)
	}
	actions = append(actions, actReload)
	if len(st.Hooks) > 1 {
		actions = append(actions, actUp, actDown)
	}
	bindings := keys(actions...)
	for i, b := range bindings {
		switch {
		case b.action == actHubLog:
			bindings[i] = b.as("Activity")
		case b.action == actSwitchHook && p.current(f).State == hub.Enabled:
			bindings[i] = b.as("disable")
		}
	}
	return append(bindings, back...)
}

func (p *hooks) Do(a action, f frame) (step, tea.Cmd) {
	h := p.current(f)
	switch a {
	case actUp, actDown:
		p.at = min(max(p.index(f)+map[action]int{actUp: -1, actDown: 1}[a], 0), len(f.state.Hub.Hooks)-1)
		p.selected = f.state.Hub.Hooks[p.at].ID
		return step{}, p.look(f)
	case actBack:
		return step{pop: true}, nil
	case actReload:
		p.busy = true
		return step{}, p.ask.reload(p)
	case actProve:
		return step{}, p.ask.knock()
	case actHubLog:
		return step{}, p.ask.browse(h.Activity)
	case actAddHook:
		return step{push: newHookForm(p, nil)}, nil
	case actEditHook:
		return step{push: newHookForm(p, h)}, nil
	case actTakeOver:
		wish := lease.Wish{Deed: lease.TakeOver, Webhook: h.ID}
		if h.Noted || !h.HasSecret || !f.state.Secret.Verified {
			return step{}, p.plan(wish)
		}
		return step{push: &menu{
			name: "secret", title: shortID(h.ID) + " has a secret of its own, which can't be read", verb: "choose",
			choices: []choice{
				{key: "y", text: "set yours", note: "events are taken; its own can't be put back afterwards"},
				{key: "l", text: "leave its own", note: "events are refused, unless yours is the same"},
			},
			take: func(i int) tea.Cmd { wish.KeepSecret = i == 1; return p.plan(wish) },
		}}, nil
	case actPushSecret:
		return step{}, p.plan(lease.Wish{Deed: lease.PushSecret, Webhook: h.ID})
	case actSwitchHook:
		deed := lease.SwitchOn
		if h.State == hub.Enabled {
			deed = lease.SwitchOff
		}
		return step{}, p.plan(lease.Wish{Deed: deed, Webhook: h.ID})
	case actDeleteHook:
		return step{}, p.plan(lease.Wish{Deed: lease.Remove, Webhook: h.ID})
	case actOnQuit:
		return step{push: p.quitMenu(h)}, nil
	}
	return step{}, nil
}

// quitMenu chooses what becomes of a webhook at the end. It changes nothing on the Hub.
func (p *hooks) quitMenu(h *lease.Hook) *menu {
	m := &menu{name: "on quit", title: "When hfhook ends, " + shortID(h.ID) + " is to be", verb: "choose"}
	choices := map[lease.OnQuit]choice{
		lease.Disable: {key: "d", text: "disabled", note: "the next hfhook enables it"},
		lease.Keep:    {key: "e", text: "left enabled", note: "the Hub sends in vain, and suspends it in the end"},
		lease.Delete:  {key: "x", text: "deleted", note: "with the list of its deliveries"},
	}
	for i, q := range lease.OnQuits() {
		m.choices = append(m.choices, choices[q])
		if q == h.OnQuit {
			m.cursor = i
		}
	}
	id := h.ID
	m.take = func(i int) tea.Cmd {
		wish := lease.Wish{Deed: lease.SetOnQuit, Webhook: id, OnQuit: lease.OnQuits()[i]}
		return p.ask.cmd(func() tea.Msg {
			change, err := p.ask.session.HubPlan(p.ask.ctx, wish)
			if err != nil {
				return resultMsg{text: err.Error()}
			}
			return p.ask.apply(change)
		})
	}
	return m
}

// plan asks what a wish would change; the answer is a screen of its own.
func (p *hooks) plan(w lease.Wish) tea.Cmd {
	p.busy = true
	return p.ask.cmd(func() tea.Msg {
		change, err := p.ask.session.HubPlan(p.ask.ctx, w)
		return plannedMsg{p, change, err}
	})
}

// apply makes a change and says what was done.
func (a *asks) apply(c *lease.Change) tea.Msg {
	done, err := a.session.HubApply(a.ctx, c)
	if err != nil {
		return resultMsg{text: err.Error()}
	}
	return resultMsg{text: done, ok: true}
}

func (a *asks) reload(p *hooks) tea.Cmd {
	return a.cmd(func() tea.Msg {
		_ = a.session.HubReload(a.ctx) // the state tells of an error
		return reloadedMsg{p}
	})
}

// knock goes the way of an event.
func (a *asks) knock() tea.Cmd {
	return a.cmd(func() tea.Msg {
		d, err := a.session.Knock(a.ctx)
		if err != nil {
			return resultMsg{text: err.Error()}
		}
		return resultMsg{text: "came round through the public URL in " + took(d) + ", and the secret was taken", ok: true}
	})
}

// lastPages bounds the search for a webhook's last event.
const lastPages = 20

// look asks for the last event of the selected webhook.
func (p *hooks) look(f frame) tea.Cmd {
	h := p.current(f)
	if h == nil || p.asked == h.ID {
		return nil
	}
	id := h.ID
	if p.asked = id; p.last != nil && p.lastOf != id {
		p.last = nil
	}
	return p.ask.cmd(func() tea.Msg {
		of, err := filter.Parse(".webhook.id:"+id+" -is:synthetic", time.Now())
		if err != nil {
			return lastEventMsg{p, id, nil}
		}
		q := store.Query{Filter: of, Limit: 1}
		for range lastPages {
			page, err := p.ask.session.List(p.ask.ctx, q)
			if err == nil && len(page.Rows) > 0 {
				return lastEventMsg{p, id, &page.Rows[0]}
			}
			if err != nil || page.Next == "" {
				break
			}
			q.Before = page.Next
		}
		return lastEventMsg{p, id, nil}
	})
}

func (p *hooks) Update(msg tea.Msg, f frame) tea.Cmd {
	switch msg := msg.(type) {
	case plannedMsg:
		if msg.of != p {
			return nil
		}
		p.busy = false
		switch {
		case msg.err != nil:
			return resultCmd(msg.err.Error(), false)
		case msg.change.Empty():
			return resultCmd("nothing would be different", true)
		}
		return func() tea.Msg { return pushMsg{&hookChange{ask: p.ask, change: msg.change}} }
	case reloadedMsg:
		if msg.of == p {
			p.busy, p.asked = false, ""
			return p.look(f)
		}
	case lastEventMsg:
		if msg.of == p && msg.webhook == p.asked {
			p.last, p.lastOf = msg.row, msg.webhook
		}
	case changedMsg:
		p.asked = ""
		return p.look(f)
	}
	return nil
}

func (p *hooks) Moves(frame) time.Duration { return time.Second } // "read 4 s ago"

func (p *hooks) Idle(f frame) (left, right string) {
	if p.busy {
		return f.theme.mark.busy + " asking the Hub", ""
	}
	if st := f.state.Hub; st != nil && st.Problem != nil {
		left = f.theme.failed.paint(f.theme.mark.failed + " " + visible.Line(st.Problem.Error()))
	}
	return left, ""
}

func (p *hooks) View(f frame) []string {
	t, st := f.theme, f.state.Hub
	l := arrange(f.w, f.h, noBanner)
	lines := header(f, l)
	if st == nil || st.Read.IsZero() {
		return t.fill(append(lines, p.nothing(f)...), f.w, f.h)
	}
	title := " " + t.bold.paint("Webhooks of "+visible.Line(st.User)+" on the Hub")
	lines = append(lines, t.lead(title, t.dim.paint("read "+lasted(f.now.Sub(st.Read))+" ago   ")+t.key.paint("g")+t.dim.paint(" reload "), f.w))
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
		return []string{"", t.cut(" There is none. "+t.key.paint("a")+" makes one that leads here.", f.w)}
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
	if f.h < 16 {
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
	url := visible.Line(h.Target())
	if h.Here {
		url += "   same as this tunnel ✓"
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
		fact("today", fmt.Sprintf("%d received here of %d allowed; the Hub's own count: O (Activity)", seenToday(f, h.ID), dayLimit))
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
		t.dim.paint(` unless you choose "take over" (t), which keeps the old URL and restores it on quit.`))
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
			return "set; the Hub does not tell which: s sets yours"
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
		return "hfhook on " + day + ", on quit: " + quit + "; not in use: t leads it here"
	case h.Noted:
		return "hfhook on " + day + ", on quit: " + quit + "   (c changes: keep / disable / delete)"
	}
	return "not by this hfhook"
}

// lastFact compares what the Hub sent last with what came.
func (p *hooks) lastFact(h *lease.Hook, f frame) string {
	sent := "the Hub has not triggered it yet"
	if !h.LastTrigger.IsZero() {
		sent = "triggered " + f.at(h.LastTrigger).Format("2006-01-02 15:04:05")
	}
	if p.last == nil {
		return sent + "; none of its events is here"
	}
	came := sent + "; the last that came is of " + f.at(p.last.Received).Format("15:04:05")
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
	return strings.Join(parts, " → ") + "   p goes it"
}
