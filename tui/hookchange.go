package tui

// A change on the Hub, as a diff, before it is made.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

// plannedMsg is a change that a wish would make.
type plannedMsg struct {
	of     screen
	change *lease.Change
	err    error
}

// planHook asks for a screen what a wish would change; it shows the answer by showPlan.
func (a *asks) planHook(of screen, w lease.Wish) tea.Cmd {
	return a.cmd(func() tea.Msg {
		change, err := a.session.HubPlan(a.ctx, w)
		return plannedMsg{of, change, err}
	})
}

func (a *asks) showPlan(msg plannedMsg) tea.Cmd {
	switch {
	case msg.err != nil:
		return resultCmd(msg.err.Error(), false)
	case msg.change.Empty():
		return resultCmd("nothing would be different", true)
	}
	return func() tea.Msg { return pushMsg{&hookChange{ask: a, change: msg.change}} }
}

// apply makes a change and says what was done.
func (a *asks) apply(c *lease.Change) tea.Msg {
	done, err := a.session.HubApply(a.ctx, c)
	if err != nil {
		return resultMsg{text: err.Error()}
	}
	return resultMsg{text: done, ok: true}
}

type hookChange struct {
	ask    *asks
	change *lease.Change
	top    int
}

func (p *hookChange) Name() string { return "change on the Hub" }

func (p *hookChange) Keys(f frame) []binding {
	bindings := keys(actChoose, actBack, actHelp, actQuit)
	bindings[0], bindings[1] = bindings[0].as("do it"), bindings[1].as("cancel")
	if len(p.lines(f)) > p.room(f) {
		bindings = append(keys(actUp, actDown), bindings...)
	}
	return bindings
}

func (p *hookChange) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actChoose:
		change := p.change
		return step{pop: true}, p.ask.cmd(func() tea.Msg { return p.ask.apply(change) })
	case actBack:
		return step{pop: true}, resultCmd("nothing was changed on the Hub", true)
	case actUp:
		p.top--
	case actDown:
		p.top++
	}
	p.top = min(max(p.top, 0), max(len(p.lines(f))-p.room(f), 0))
	return step{}, nil
}

func (p *hookChange) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *hookChange) Moves(frame) time.Duration { return 0 }

func (p *hookChange) Idle(frame) (left, right string) { return "↵ changes it on the Hub", "" }

func (p *hookChange) room(f frame) int { return max(f.h-6, 1) }

func (p *hookChange) lines(f frame) []string {
	t := f.theme
	var lines []string
	for _, line := range p.change.Lines {
		look := style{}
		switch line.Op {
		case '+':
			look = t.ok
		case '-':
			look = t.failed
		case '!':
			look = t.warn
		}
		for i, part := range t.wrap(visible.Line(line.Text), f.w-4, 3) {
			mark := string(line.Op)
			if i > 0 {
				mark = " "
			}
			lines = append(lines, " "+look.paint(mark+" "+part))
		}
	}
	return lines
}

func (p *hookChange) View(f frame) []string {
	t := f.theme
	lines := header(f, arrange(f.w, f.h, noBanner))
	lines = append(lines, t.fit(" "+t.bold.paint(visible.Line(p.change.Title)), f.w), t.line(f.w, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}
