package webhooks

// A change on the Hub, as a diff, before it is made.

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// plannedMsg says that the Hub was asked what a request would change. then shows it.
type plannedMsg struct {
	of   *Screen
	then tea.Msg
}

// offer asks what a request would change, and offers the change over a screen.
func (a *asks) offer(over screen.Screen, w lease.Request) tea.Msg {
	change, err := a.session.HubPlan(a.Ctx, w)
	switch {
	case err != nil:
		return screen.ResultMsg{Text: screen.Plain(err)}
	case change.Empty():
		return screen.ResultMsg{Text: "no changes", Ok: true}
	}
	return screen.OfferMsg{Over: over, Screen: &hookChange{ask: a, change: change, command: HookCommand(w, a.session.State())}}
}

// PlanHook offers over a screen what a request would change on the Hub.
func PlanHook(r *screen.Runner, s Session, over screen.Screen, w lease.Request) tea.Cmd {
	a := &asks{r, s}

	return a.Cmd(func() tea.Msg { return a.offer(over, w) })
}

// apply makes a change and says what was done, and how long it took.
func (a *asks) apply(c *lease.Change, command string) tea.Msg {
	start := time.Now()
	done, err := a.session.HubApply(a.Ctx, c)
	if err != nil {
		return screen.ResultMsg{Text: screen.Plain(err), Command: command}
	}
	return screen.ResultMsg{Text: done + " (" + duration.Text(time.Since(start)) + ")", Ok: true, Command: command}
}

// HookCommand is the shell command that does the same as a request.
func HookCommand(w lease.Request, st *dev.State) string {
	words := []string{"hfhook webhooks"}
	switch w.Action {
	case lease.SetOnQuit:
		return "hfhook dev --on-quit " + string(w.OnQuit)
	case lease.Add:
		words = append(words, "create")
	case lease.Edit, lease.TakeOver, lease.PushSecret:
		words = append(words, "update", w.Webhook)
	default: // enable, disable and delete are named like their actions
		words = append(words, string(w.Action), w.Webhook)
	}
	for _, item := range w.Watched {
		words = append(words, "--watch", screen.ShellWord(item.String()))
	}
	for _, domain := range w.Domains {
		words = append(words, "--domain", string(domain))
	}
	if w.Action == lease.Add || w.Action == lease.TakeOver {
		words = append(words, "--url", screen.ShellWord(st.HookURL))
	}
	if w.Handler != "" {
		return strings.Join(append(words, "--secret-stdin", "<", "FILE"), " ")
	}
	if (w.Action == lease.Add || w.Action == lease.TakeOver && !w.KeepSecret || w.Action == lease.PushSecret) && st.Secret.Verified {
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

func (p *hookChange) Keys(f screen.Frame) []keymap.Binding {
	bindings := keymap.Keys(keymap.ActChoose, keymap.ActCopyCommand, keymap.ActBack, keymap.ActHelp, keymap.ActQuit)
	bindings[0], bindings[2] = bindings[0].As("do it"), bindings[2].As("cancel")
	return append(screen.TextKeys(p.top, len(p.lines(f))-p.room(f)), bindings...)
}

func (p *hookChange) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActChoose:
		change, command := p.change, p.command
		begun := screen.ResultCmd("asking the Hub: "+change.Title, true) // which may take a while
		return screen.Step{Pop: true}, tea.Sequence(begun, p.ask.Cmd(func() tea.Msg { return p.ask.apply(change, command) }))
	case keymap.ActCopyCommand:
		return screen.Step{}, p.ask.Copy("the command", screen.PlainText(p.command))
	case keymap.ActBack:
		return screen.Step{Pop: true}, screen.ResultCmd("nothing was changed on the Hub", true)
	}
	n, _ := a.Lines(p.room(f))
	p.top = min(max(p.top+n, 0), max(len(p.lines(f))-p.room(f), 0))
	return screen.Step{}, nil
}

func (p *hookChange) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *hookChange) Moves(screen.Frame) time.Duration { return 0 }

func (p *hookChange) Idle(f screen.Frame) (left, right string) {
	return f.Theme.Cut("As a command:  "+visible.Line(p.command), f.W-2), ""
}

func (p *hookChange) room(f screen.Frame) int { return max(f.H-6, 1) }

func (p *hookChange) lines(f screen.Frame) []string {
	t := f.Theme
	var lines []string
	for _, line := range p.change.Lines {
		look := style.Style{}
		switch line.Op {
		case '+':
			look = t.Ok
		case '-':
			look = t.Failed
		case '!':
			look = t.Warn
		}
		for i, part := range t.Wrap(visible.Line(line.Text), f.W-4, 3) {
			mark := string(line.Op)
			if i > 0 {
				mark = " "
			}
			lines = append(lines, " "+look.Paint(mark+" "+part))
		}
	}
	return lines
}

func (p *hookChange) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	lines = append(lines, t.Fit(" "+t.Bold.Paint(visible.Line(p.change.Title)), f.W), t.Line(f.W, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}
