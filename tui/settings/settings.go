// Package settings has the screens about hfhook itself: its settings, its log, and the
// doctor, which checks the whole way from the Hub.
package settings

// The settings of this run, and where each came from. They are changed in the
// configuration, not here.

import (
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
	bindings := screen.TextKeys(p.top, len(p.Rows)-p.room(f))
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
	p.top = max(min(p.top+n, len(p.Rows)-p.room(f)), 0)
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
	names := 0
	for _, s := range p.Rows {
		names = max(names, style.Width(s.Name))
	}
	names = min(names, f.W/3)
	origins := max(min(f.W/3, 34), 8)
	for _, s := range p.Rows[min(p.top, len(p.Rows)):] {
		look := t.Dim
		if s.Origin != "default" {
			look = t.Ok
		}
		value := t.Fit(visible.Line(s.Value), max(f.W-names-origins-5, 4))
		lines = append(lines, " "+t.Name.Paint(t.Fit(visible.Line(s.Name), names))+"  "+value+"  "+look.Paint(t.Cut(visible.Line(s.Origin), origins)))
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}
