// Package webhooks shows the webhooks on the Hub and changes them.
package webhooks

// The webhooks on the Hub: which there are, what each is to hfhook, and what can be done
// with it. A change is shown before it is made.

import (
	"time"

	"hfhook/tui/screen"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/duration"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

type Screen struct {
	ask      *asks
	selected string // id of the webhook under the cursor
	at       int    // its place, when it was last there
	busy     bool   // the Hub is being asked
	asked    string // the webhook whose last event was asked for
	last     *event.Row
	lastOf   string // the webhook that sent it
}

func New(r *screen.Runner, s Session) *Screen {
	a := &asks{r, s}
	return &Screen{ask: a}
}

// reloadedMsg says that the Hub was read, or could not be.
type reloadedMsg struct{ of *Screen }

// lastEventMsg is the newest event of a webhook; nil: none was found.
type lastEventMsg struct {
	of      *Screen
	webhook string
	row     *event.Row
}

func (p *Screen) Name() string { return "webhooks on the Hub" }

// index is the place of the webhook under the cursor, or of the one that took its place;
// -1 if there is none.
func (p *Screen) index(f screen.Frame) int {
	st := f.State.Hub
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

// current is the webhook under the cursor, nil if there is none.
func (p *Screen) current(f screen.Frame) *lease.Hook {
	if i := p.index(f); i >= 0 {
		return &f.State.Hub.Hooks[i]
	}
	return nil
}

func (p *Screen) Keys(f screen.Frame) []keymap.Binding {
	back := keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit)
	st := f.State.Hub
	if st == nil {
		return back
	}
	actions := []keymap.Action{keymap.ActAddHook}
	if h := p.current(f); h != nil {
		own := h.Noted && !h.Others
		if own {
			actions = append(actions, keymap.ActEditHook)
		}
		if !h.Others && (!h.Here || !h.Used) && f.State.HookURL != "" {
			actions = append(actions, keymap.ActTakeOver)
		}
		if own && f.State.Secret.Verified {
			actions = append(actions, keymap.ActPushSecret)
		}
		if own {
			actions = append(actions, keymap.ActSwitchHook)
		}
		if own && !h.Taken {
			actions = append(actions, keymap.ActDeleteHook)
		}
		actions = append(actions, keymap.ActHubLog)
		if own && !h.Taken {
			actions = append(actions, keymap.ActOnQuit)
		}
	}
	if f.State.HookURL != "" {
		actions = append(actions, keymap.ActProve)
	}
	actions = append(actions, keymap.ActReload)
	if len(st.Hooks) > 1 {
		actions = append(actions, keymap.Motions()...)
	}
	bindings := keymap.Keys(actions...)
	for i, b := range bindings {
		switch {
		case b.Action == keymap.ActHubLog:
			bindings[i] = b.As("Activity")
		case b.Action == keymap.ActSwitchHook && p.current(f).State == hub.Enabled:
			bindings[i] = b.As("disable")
		}
	}
	return append(bindings, back...)
}

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	h := p.current(f)
	if n, moves := a.Lines(len(f.State.Hub.Hooks)); moves {
		p.at = min(max(p.index(f)+n, 0), len(f.State.Hub.Hooks)-1)
		p.selected = f.State.Hub.Hooks[p.at].ID
		return screen.Step{}, p.look(f)
	}
	if why := f.State.NoReach; why != "" && (a == keymap.ActAddHook || a == keymap.ActTakeOver) {
		return screen.Step{}, screen.ResultCmd(visible.Line(why)+": "+f.Label(keymap.ActTunnel)+" in the list gets a public URL", false)
	}
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActReload:
		p.busy = true
		return screen.Step{}, p.ask.reload(p)
	case keymap.ActProve:
		return screen.Step{}, p.ask.selfTest()
	case keymap.ActHubLog:
		return screen.Step{}, p.ask.Browse(h.Activity, describe.ActivityCommand(h.ID))
	case keymap.ActAddHook:
		return screen.Step{Push: newHookForm(p, nil)}, nil
	case keymap.ActEditHook:
		return screen.Step{Push: newHookForm(p, h)}, nil
	case keymap.ActTakeOver:
		request := lease.Request{Action: lease.TakeOver, Webhook: h.ID}
		if h.Noted || !h.HasSecret || !f.State.Secret.Verified {
			return screen.Step{}, p.plan(request)
		}
		return screen.Step{Push: &screen.Menu{
			HelpName: "secret", Title: describe.ShortID(h.ID) + " has its own secret, which can't be read", Verb: "choose",
			Choices: []screen.Choice{
				{Key: "y", Text: "set yours", Note: "events are accepted; its own can't be restored later"},
				{Key: "l", Text: "keep its own", Note: "events are refused unless yours is the same"},
			},
			Take: func(i int) tea.Cmd { request.KeepSecret = i == 1; return p.plan(request) },
		}}, nil
	case keymap.ActPushSecret:
		return screen.Step{}, p.plan(lease.Request{Action: lease.PushSecret, Webhook: h.ID})
	case keymap.ActSwitchHook:
		action := lease.SwitchOn
		if h.State == hub.Enabled {
			action = lease.SwitchOff
		}
		return screen.Step{}, p.plan(lease.Request{Action: action, Webhook: h.ID})
	case keymap.ActDeleteHook:
		return screen.Step{}, p.plan(lease.Request{Action: lease.Remove, Webhook: h.ID})
	case keymap.ActOnQuit:
		return screen.Step{Push: p.quitMenu(h, f)}, nil
	}
	return screen.Step{}, nil
}

// quitMenu chooses what becomes of a webhook at the end. It changes nothing on the Hub.
func (p *Screen) quitMenu(h *lease.Hook, f screen.Frame) *screen.Menu {
	m := &screen.Menu{HelpName: "on quit", Title: "When hfhook ends, " + describe.ShortID(h.ID) + " should be", Verb: "choose"}
	choices := map[lease.OnQuit]screen.Choice{
		lease.Disable: {Key: "d", Text: "disabled", Note: "--watch, or " + f.Label(keymap.ActSwitchHook) + " here, enables it again"},
		lease.Keep:    {Key: "e", Text: "left enabled", Note: "deliveries will fail and the Hub will suspend it"},
		lease.Delete:  {Key: "x", Text: "deleted", Note: "with the list of its deliveries"},
	}
	for i, q := range lease.OnQuits() {
		m.Choices = append(m.Choices, choices[q])
		if q == h.OnQuit {
			m.Cursor = i
		}
	}
	id := h.ID
	m.Take = func(i int) tea.Cmd {
		request := lease.Request{Action: lease.SetOnQuit, Webhook: id, OnQuit: lease.OnQuits()[i]}
		return p.ask.Cmd(func() tea.Msg {
			change, err := p.ask.session.HubPlan(p.ask.Ctx, request)
			if err != nil {
				return screen.ResultMsg{Text: screen.Plain(err)}
			}
			return p.ask.apply(change, HookCommand(request, p.ask.session.State()))
		})
	}
	return m
}

// plan asks what a request would change, and opens the answer on a screen of its own.
func (p *Screen) plan(w lease.Request) tea.Cmd {
	p.busy = true
	return p.ask.Cmd(func() tea.Msg { return plannedMsg{p, p.ask.offer(p, w)} })
}

// staleAfter is from when on the webhooks are read again where they are looked at.
const staleAfter = 5 * time.Second

// Open asks for what the screen is to show at first.
func (p *Screen) Open(f screen.Frame) tea.Cmd {
	st := f.State.Hub
	if st == nil || st.Read.IsZero() || f.Now.Sub(st.Read) < staleAfter {
		return p.look(f)
	}
	p.busy = true
	return tea.Batch(p.look(f), p.ask.reload(p))
}

func (a *asks) reload(p *Screen) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		_ = a.session.HubReload(a.Ctx) // the state tells of an error
		return reloadedMsg{p}
	})
}

// read says what the Hub was asked for.
func (p *Screen) read() tea.Cmd {
	st := p.ask.session.State().Hub
	if st == nil || st.Problem != nil {
		return nil // which stands in the status line meanwhile
	}
	return func() tea.Msg {
		return screen.ResultMsg{Text: "read " + style.Plural(int64(len(st.Hooks)), "webhook") + " of " + st.User + " on the Hub", Ok: true, Command: "hfhook webhooks ls"}
	}
}

// selfTest goes the way of an event.
func (a *asks) selfTest() tea.Cmd {
	return a.Cmd(func() tea.Msg {
		d, err := a.session.SelfTest(a.Ctx)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		return screen.ResultMsg{Text: "a test request arrived through the public URL in " + duration.Text(d) + ", and the secret was accepted", Ok: true, Command: "hfhook doctor"}
	})
}

// lastPages bounds the search for a webhook's last event.
const lastPages = 20

// look asks for the last event of the selected webhook.
func (p *Screen) look(f screen.Frame) tea.Cmd {
	h := p.current(f)
	if h == nil || p.asked == h.ID {
		return nil
	}
	id := h.ID
	if p.asked = id; p.last != nil && p.lastOf != id {
		p.last = nil
	}
	return p.ask.Cmd(func() tea.Msg {
		of, err := filter.Parse(".webhook.id:"+id+" -is:synthetic", time.Now())
		if err != nil {
			return lastEventMsg{p, id, nil}
		}
		q := store.Query{Filter: of, Limit: 1}
		for range lastPages {
			page, err := p.ask.session.List(p.ask.Ctx, q)
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

func (p *Screen) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
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
	case screen.ChangedMsg:
		p.asked = ""
		return p.look(f)
	}
	return nil
}

func (p *Screen) Moves(screen.Frame) time.Duration { return time.Second } // "read 4 s ago"

func (p *Screen) Idle(f screen.Frame) (left, right string) {
	right = "$ " + p.PrintedBy(f)
	if p.busy {
		return f.Theme.Mark.Busy + " asking the Hub", right
	}
	if st := f.State.Hub; st != nil && st.Problem != nil {
		left = f.Theme.Failed.Paint(f.Theme.Mark.Failed + " " + visible.Line(st.Problem.Error()))
	}
	return left, right
}

func (p *Screen) Subject(word string, f screen.Frame) string {
	if h := p.current(f); h != nil && word == "WEBHOOK" {
		return screen.ShellWord(h.ID)
	}
	return ""
}

func (*Screen) PrintedBy(screen.Frame) string { return "hfhook webhooks ls" }
