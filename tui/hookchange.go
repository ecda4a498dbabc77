package tui

// A change on the Hub, as a diff, before it is made.

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

// plannedMsg says that the Hub was asked what a wish would change. then shows it.
type plannedMsg struct {
	of   *hooks
	then tea.Msg
}

// offer asks what a wish would change, and offers the change over a screen.
func (a *asks) offer(over screen, w lease.Wish) tea.Msg {
	change, err := a.session.HubPlan(a.ctx, w)
	switch {
	case err != nil:
		return resultMsg{text: err.Error()}
	case change.Empty():
		return resultMsg{text: "nothing would be different", ok: true}
	}
	return offerMsg{over: over, screen: &hookChange{ask: a, change: change, command: hookCommand(w, a.session.State())}}
}

// planHook offers over a screen what a wish would change on the Hub.
func planHook(a *asks, over screen, w lease.Wish) tea.Cmd {
	return a.cmd(func() tea.Msg { return a.offer(over, w) })
}

// apply makes a change and says what was done, and how long it took.
func (a *asks) apply(c *lease.Change, command string) tea.Msg {
	start := time.Now()
	done, err := a.session.HubApply(a.ctx, c)
	if err != nil {
		return resultMsg{text: err.Error(), command: command}
	}
	return resultMsg{text: done + " (" + took(time.Since(start)) + ")", ok: true, command: command}
}

// hookCommand grants a wish from a shell.
func hookCommand(w lease.Wish, st *dev.State) string {
	words := []string{"hfhook webhooks"}
	switch w.Deed {
	case lease.SetOnQuit:
		return "hfhook dev --on-quit " + string(w.OnQuit)
	case lease.Add:
		words = append(words, "create")
	case lease.Edit, lease.TakeOver, lease.PushSecret:
		words = append(words, "update", w.Webhook)
	default: // to switch and to delete are called as the deeds are
		words = append(words, string(w.Deed), w.Webhook)
	}
	for _, item := range w.Watched {
		words = append(words, "--watch", shellWord(item.String()))
	}
	for _, domain := range w.Domains {
		words = append(words, "--domain", string(domain))
	}
	if w.Deed == lease.Add || w.Deed == lease.TakeOver {
		words = append(words, "--url", shellWord(st.HookURL))
	}
	if (w.Deed == lease.Add || w.Deed == lease.TakeOver && !w.KeepSecret || w.Deed == lease.PushSecret) && st.Secret.Verified {
		words = append(words, "--own-secret")
	}
	return strings.Join(words, " ")
}

type hookChange struct {
	ask     *asks
	change  *lease.Change
	command string
	top     int
}

func (p *hookChange) Name() string { return "change on the Hub" }

func (p *hookChange) Keys(f frame) []binding {
	bindings := keys(actChoose, actCopyCommand, actBack, actHelp, actQuit)
	bindings[0], bindings[2] = bindings[0].as("do it"), bindings[2].as("cancel")
	if len(p.lines(f)) > p.room(f) {
		bindings = append(keys(actUp, actDown), bindings...)
	}
	return bindings
}

func (p *hookChange) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actChoose:
		change, command := p.change, p.command
		begun := resultCmd("asking the Hub: "+change.Title, true) // which may take a while
		return step{pop: true}, tea.Sequence(begun, p.ask.cmd(func() tea.Msg { return p.ask.apply(change, command) }))
	case actCopyCommand:
		return step{}, p.ask.copy("the command", plainText(p.command))
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

func (p *hookChange) Idle(f frame) (left, right string) {
	return f.theme.cut("As a command:  "+visible.Line(p.command), f.w-2), ""
}

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
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, t.fit(" "+t.bold.paint(visible.Line(p.change.Title)), f.w), t.line(f.w, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}
