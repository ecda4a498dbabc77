package targets

// A target as a form: one that is added, or changed.

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type targetForm struct {
	screen.FormPage
	ask *asks
	was string // name of the target that is changed; empty: one is added
}

func newTargetForm(a *asks, t *dev.Target) *targetForm {
	p := &targetForm{ask: a}
	p.Form.Fields = []screen.Field{
		screen.TextField("to", "8000", screen.MaxPrompt), screen.TextField("name", "as to", 60), screen.TextField("gets", "all events", screen.MaxPrompt),
		screen.TextField("timeout", "30s", 12), screen.TextField("at once", "1", 4),
	}
	for i, about := range []string{
		"a port, host:port or URL, which keeps the received path if it has none;\nor a command for each event, for example exec ./job.py",
		"what it is called in lists and filters", "a filter, for example scope:discussion repo:me/*",
		"how long an answer may take, for example 30s", "how many events are sent at once: 1 keeps their order",
	} {
		p.Form.Fields[i].About = about
	}
	if t == nil {
		return p
	}
	p.was = t.Name
	for i, value := range []string{t.Address, t.Name, t.When, t.Timeout.String(), style.Count(int64(t.Concurrency))} {
		p.Form.Fields[i].Set(value)
	}
	return p
}

func (p *targetForm) Name() string { return "target" }

func (p *targetForm) Keys(screen.Frame) []keymap.Binding {
	verb := "add"
	if p.was != "" {
		verb = "change"
	}
	return p.Form.Keys(verb, "cancel")
}

func (p *targetForm) Do(a keymap.Action, _ screen.Frame) (screen.Step, tea.Cmd) {
	p.Form.Do(a)
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActChoose:
		v := dev.TargetForm{Was: p.was, To: p.Form.Value("to"), Name: p.Form.Value("name"), When: p.Form.Value("gets"), Timeout: p.Form.Value("timeout"), Concurrency: p.Form.Value("at once")}
		return screen.Step{}, p.ask.Cmd(func() tea.Msg {
			if err := p.ask.session.PutTarget(v); err != nil {
				return screen.ResultMsg{Text: screen.Plain(err), Stays: true}
			}
			text := "added " + v.To + ": new events go there, too"
			if v.Was != "" {
				text = "changed " + v.Was + ": waiting events go to the new address"
			}
			return screen.CloseMsg{Screen: p, Then: screen.ResultMsg{Text: text, Ok: true, Command: p.ask.targetsCommand()}}
		})
	}
	return screen.Step{}, nil
}

func (p *targetForm) Idle(f screen.Frame) (left, right string) {
	return f.Theme.Cut("As a command:  "+visible.Line(p.command()), f.W-2), ""
}

// command starts with this target.
func (p *targetForm) command() string {
	parts := []string{p.Form.Value("to")}
	for _, option := range []struct{ name, as string }{{"name", "name"}, {"gets", "when"}, {"timeout", "timeout"}, {"at once", "concurrency"}} {
		if value := p.Form.Value(option.name); value != "" {
			parts = append(parts, option.as+"="+value)
		}
	}
	word := strings.Join(parts, ",")
	if run, ok := strings.CutPrefix(word, "exec "); ok {
		return "hfhook dev --exec " + screen.ShellWord(run)
	}
	return "hfhook dev " + screen.ShellWord(word)
}

func (p *targetForm) View(f screen.Frame) []string {
	title := "A new target"
	if p.was != "" {
		title = "Target " + visible.Line(p.was)
	}
	return p.Page(f, title, "")
}
