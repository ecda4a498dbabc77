package tui

// The settings of this run, and where each came from. They are changed in the
// configuration, not here.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

// A Setting is one line of the screen of settings.
type Setting struct {
	Name   string // as in "timeout"
	Value  string // never that of a secret
	Origin string // as in "--timeout", "HFHOOK_TIMEOUT", ".hfhook.toml", or "default"
}

type settings struct {
	ask  *runner
	rows []Setting
	top  int
}

func (p *settings) Name() string { return "settings" }

func (p *settings) room(f frame) int { return max(f.h-6, 1) }

func (p *settings) Keys(f frame) []binding {
	up, down := keys(actUp)[0], keys(actDown)[0]
	up.word, up.quiet, down.word, down.quiet = "up", false, "down", false
	var bindings []binding
	if p.top > 0 {
		bindings = append(bindings, up)
		bindings = append(bindings, keys(actPageUp, actFirst)...)
	}
	if p.top < len(p.rows)-p.room(f) {
		bindings = append(bindings, down)
		bindings = append(bindings, keys(actPageDown, actLast)...)
	}
	return append(bindings, keys(actCopyCommand, actBack, actHelp, actQuit)...)
}

func (p *settings) Do(a action, f frame) (step, tea.Cmd) {
	switch a {
	case actUp:
		p.top--
	case actDown:
		p.top++
	case actPageUp:
		p.top -= p.room(f)
	case actPageDown:
		p.top += p.room(f)
	case actFirst:
		p.top = 0
	case actLast:
		p.top = len(p.rows)
	case actCopyCommand:
		return step{}, p.ask.copy("the command", plainText(showSettings))
	case actBack:
		return step{pop: true}, nil
	}
	p.top = max(min(p.top, len(p.rows)-p.room(f)), 0)
	return step{}, nil
}

func (p *settings) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *settings) Moves(frame) time.Duration { return 0 }

// showSettings prints the same from a shell.
const showSettings = "hfhook config show"

func (p *settings) Idle(frame) (left, right string) { return "As a command:  " + showSettings, "" }

func (p *settings) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	about := "flag, HFHOOK_<FLAG>, .hfhook.toml, config.toml: the first counts"
	lines = append(lines, t.lead(" "+t.bold.paint("Settings"), t.dim.paint(about)+" ", f.w), t.line(f.w, ""))
	names := 0
	for _, s := range p.rows {
		names = max(names, width(s.Name))
	}
	names = min(names, f.w/3)
	origins := max(min(f.w/3, 34), 8)
	for _, s := range p.rows[min(p.top, len(p.rows)):] {
		look := t.dim
		if s.Origin != "default" {
			look = t.ok
		}
		value := t.fit(visible.Line(s.Value), max(f.w-names-origins-5, 4))
		lines = append(lines, " "+t.name.paint(t.fit(visible.Line(s.Name), names))+"  "+value+"  "+look.paint(t.cut(visible.Line(s.Origin), origins)))
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}
