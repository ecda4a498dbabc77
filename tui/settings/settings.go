// Package settings has the screens about hfhook itself: its settings, its log, and the
// doctor, which checks the whole way from the Hub.
package settings

// The settings of this run, and where each came from. They are changed in the
// configuration, not here.

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A Setting is one line of the screen of settings.
type Setting struct {
	Name   string // for example "timeout"
	Value  string // never that of a secret
	Origin string // for example "--timeout", "HFHOOK_TIMEOUT", ".hfhook.toml", or "default"
}

type Settings struct {
	Ask  *screen.Runner
	Rows []Setting
	top  int
}

func (p *Settings) Name() string { return "settings" }

func (p *Settings) room(f screen.Frame) int { return max(f.H-6, 1) }

func (p *Settings) Keys(f screen.Frame) []keymap.Binding {
	bindings := screen.TextKeys(p.top, len(p.lines(f))-p.room(f))
	return append(bindings, keymap.Keys(keymap.ActCopyCommand, keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
}

func (p *Settings) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActCopyCommand:
		return screen.Step{}, p.Ask.Copy("the command", screen.PlainText(showSettings))
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	}
	n, _ := a.Lines(p.room(f))
	p.top = max(min(p.top+n, len(p.lines(f))-p.room(f)), 0)
	return screen.Step{}, nil
}

func (p *Settings) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *Settings) Moves(screen.Frame) time.Duration { return 0 }

// showSettings prints the same from a shell.
const showSettings = "hfhook config show"

func (p *Settings) Idle(screen.Frame) (left, right string) {
	return "As a command:  " + showSettings, ""
}

func (p *Settings) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	about := "priority: flag, HFHOOK_<FLAG>, .hfhook.toml, config.toml"
	lines = append(lines, t.Lead(" "+t.Bold.Paint("Settings"), t.Dim.Paint(about)+" ", f.W), t.Line(f.W, ""))
	text := p.lines(f)
	lines = append(lines, text[min(p.top, len(text)):]...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}

// lines are the settings that somebody has made, then the defaults, then the names of those
// that have no value.
func (p *Settings) lines(f screen.Frame) (lines []string) {
	t := f.Theme
	var made, defaults []Setting
	var empty []string
	names, origins := 0, 0
	for _, s := range p.Rows {
		switch {
		case s.Origin != "default":
			made = append(made, s)
			origins = max(origins, style.Width(visible.Line(s.Origin)))
		case s.Value == "":
			empty = append(empty, visible.Line(s.Name))
			continue
		default:
			defaults = append(defaults, s)
		}
		names = max(names, style.Width(visible.Line(s.Name)))
	}
	names = min(names, f.W/3)
	origins = min(origins, max(f.W/3, 8))
	for _, s := range made {
		value := t.Fit(visible.Line(s.Value), max(f.W-names-origins-5, 4))
		lines = append(lines, " "+t.Name.Paint(t.Fit(visible.Line(s.Name), names))+"  "+value+"  "+t.Ok.Paint(t.Cut(visible.Line(s.Origin), origins)))
	}
	if len(defaults) > 0 {
		lines = append(lines, "", " "+t.Dim.Paint("Defaults"))
	}
	for _, s := range defaults {
		lines = append(lines, " "+t.Name.Paint(t.Fit(visible.Line(s.Name), names))+"  "+t.Cut(visible.Line(s.Value), max(f.W-names-4, 4)))
	}
	if len(empty) > 0 {
		lines = append(lines, "", " "+t.Dim.Paint("Not set"))
		for _, part := range t.Wrap(strings.Join(empty, "  "), f.W-2, len(empty)) {
			lines = append(lines, " "+part)
		}
	}
	return lines
}
