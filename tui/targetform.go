package tui

// A target as a form: one that is added, or changed.

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

type targetForm struct {
	formPage
	ask *asks
	was string // name of the target that is changed; empty: one is added
}

func newTargetForm(a *asks, t *dev.Target) *targetForm {
	p := &targetForm{ask: a, formPage: formPage{form: form{fields: []field{
		textField("to", "8000", maxPrompt), textField("name", "as to", 60), textField("gets", "all events", maxPrompt),
		textField("timeout", "30s", 12), textField("at once", "1", 4),
	}}}}
	if t == nil {
		return p
	}
	p.was = t.Name
	values := []string{t.Address, t.Name, t.When, t.Timeout.String(), count(int64(t.Concurrency))}
	for i, value := range values {
		p.form.fields[i].input.SetValue(value)
		p.form.fields[i].input.CursorEnd()
	}
	return p
}

func (p *targetForm) Name() string { return "target" }

func (p *targetForm) Keys(frame) []binding {
	verb := "add"
	if p.was != "" {
		verb = "change"
	}
	return []binding{keys(actChoose)[0].as(verb), keys(actOtherPane)[0].as("next field"), keys(actBack)[0].as("cancel")}
}

func (p *targetForm) Do(a action, _ frame) (step, tea.Cmd) {
	switch a {
	case actOtherPane:
		p.next()
	case actBack:
		return step{pop: true}, nil
	case actChoose:
		v := dev.TargetForm{Was: p.was, To: p.form.value("to"), Name: p.form.value("name"), When: p.form.value("gets"), Timeout: p.form.value("timeout"), Concurrency: p.form.value("at once")}
		return step{}, p.ask.cmd(func() tea.Msg {
			if err := p.ask.session.PutTarget(v); err != nil {
				return resultMsg{text: err.Error(), stays: true}
			}
			text := "added " + v.To + ": what comes goes there, too"
			if v.Was != "" {
				text = "changed " + v.Was + ": what it holds goes where it leads now"
			}
			return closeMsg{screen: p, then: resultMsg{text: text, ok: true, command: p.ask.targetsCommand()}}
		})
	}
	return step{}, nil
}

func (p *targetForm) Idle(f frame) (left, right string) {
	return f.theme.cut("As a command:  "+visible.Line(p.command()), f.w-2), ""
}

// command starts with this target.
func (p *targetForm) command() string {
	parts := []string{p.form.value("to")}
	for _, option := range []struct{ name, as string }{{"name", "name"}, {"gets", "when"}, {"timeout", "timeout"}, {"at once", "concurrency"}} {
		if value := p.form.value(option.name); value != "" {
			parts = append(parts, option.as+"="+value)
		}
	}
	word := strings.Join(parts, ",")
	if run, ok := strings.CutPrefix(word, "exec "); ok {
		return "hfhook dev --exec " + shellWord(run)
	}
	return "hfhook dev " + shellWord(word)
}

func (p *targetForm) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	title := "A new target"
	if p.was != "" {
		title = "Target " + visible.Line(p.was)
	}
	lines = append(lines, t.fit(" "+t.bold.paint(title), f.w), t.line(f.w, ""))
	lines = append(lines, p.form.lines(t, f.w)...)
	if f.h > 14 {
		lines = append(lines, "",
			t.dim.paint(" to       a port, host:port or URL, which keeps the received path unless it has one;"),
			t.dim.paint("          or a command that is run for each event, as in exec ./job.py"),
			t.dim.paint(" gets     a filter, as in scope:discussion repo:me/*"),
			t.dim.paint(" at once  with 1 the events keep their order"))
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}
