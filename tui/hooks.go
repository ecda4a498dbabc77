package tui

// The webhooks on the Hub: which there are, what each is to hfhook, and what can be done
// with it. A change is shown before it is made.

import (
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
		return step{}, p.ask.browse(h.Activity, activityCommand(h.ID))
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
		return step{push: p.quitMenu(h, f)}, nil
	}
	return step{}, nil
}

// quitMenu chooses what becomes of a webhook at the end. It changes nothing on the Hub.
func (p *hooks) quitMenu(h *lease.Hook, f frame) *menu {
	m := &menu{name: "on quit", title: "When hfhook ends, " + shortID(h.ID) + " is to be", verb: "choose"}
	choices := map[lease.OnQuit]choice{
		lease.Disable: {key: "d", text: "disabled", note: "--watch, or " + f.label(actSwitchHook) + " here, enables it again"},
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
			return p.ask.apply(change, hookCommand(wish, p.ask.session.State()))
		})
	}
	return m
}

// plan asks what a wish would change; the answer is a screen of its own.
func (p *hooks) plan(w lease.Wish) tea.Cmd {
	p.busy = true
	return p.ask.cmd(func() tea.Msg { return plannedMsg{p, p.ask.offer(p, w)} })
}

// staleAfter is from when on the webhooks are read again where they are looked at.
const staleAfter = 5 * time.Second

// open asks for what the screen is to show at first.
func (p *hooks) open(f frame) tea.Cmd {
	st := f.state.Hub
	if st == nil || st.Read.IsZero() || f.now.Sub(st.Read) < staleAfter {
		return p.look(f)
	}
	p.busy = true
	return tea.Batch(p.look(f), p.ask.reload(p))
}

func (a *asks) reload(p *hooks) tea.Cmd {
	return a.cmd(func() tea.Msg {
		_ = a.session.HubReload(a.ctx) // the state tells of an error
		return reloadedMsg{p}
	})
}

// read says what the Hub was asked for.
func (p *hooks) read() tea.Cmd {
	st := p.ask.session.State().Hub
	if st == nil || st.Problem != nil {
		return nil // which stands in the status line meanwhile
	}
	return func() tea.Msg {
		return resultMsg{text: "read " + plural(int64(len(st.Hooks)), "webhook") + " of " + st.User + " on the Hub", ok: true, command: "hfhook webhooks ls"}
	}
}

// knock goes the way of an event.
func (a *asks) knock() tea.Cmd {
	return a.cmd(func() tea.Msg {
		d, err := a.session.Knock(a.ctx)
		if err != nil {
			return resultMsg{text: err.Error()}
		}
		return resultMsg{text: "came round through the public URL in " + took(d) + ", and the secret was taken", ok: true, command: "hfhook doctor"}
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
		return func() tea.Msg { return msg.then }
	case reloadedMsg:
		if msg.of == p {
			p.busy, p.asked = false, ""
			return tea.Batch(p.look(f), p.read())
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
	right = "$ " + p.printedBy(f)
	if p.busy {
		return f.theme.mark.busy + " asking the Hub", right
	}
	if st := f.state.Hub; st != nil && st.Problem != nil {
		left = f.theme.failed.paint(f.theme.mark.failed + " " + visible.Line(st.Problem.Error()))
	}
	return left, right
}
