package pager

// A sheet: lines of the program's own that fill the screen and scroll.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type Sheet struct {
	Ask      *screen.Runner
	Command  string // that shows the same
	HelpName string // of the screen, for the help
	Head     func(f screen.Frame) []string
	Lines    func(f screen.Frame) []string
	Status   string
	top      int
}

func (p *Sheet) Name() string { return p.HelpName }

func (p *Sheet) Keys(screen.Frame) []keymap.Binding {
	actions := append([]keymap.Action{keymap.ActCopyCommand}, keymap.Motions()...)
	return keymap.Keys(append(actions, keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
}

func (p *Sheet) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActCopyCommand:
		return screen.Step{}, p.Ask.Copy("the command", screen.PlainText(p.Command))
	}
	n, _ := a.Lines(f.H - 5)
	p.top = min(max(p.top+n, 0), max(len(p.Lines(f))-p.room(f), 0))
	return screen.Step{}, nil
}

// room is how many lines are in sight at once.
func (p *Sheet) room(f screen.Frame) int { return max(f.H-len(p.Head(f))-2, 1) }

func (p *Sheet) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *Sheet) Moves(screen.Frame) time.Duration { return 0 }

func (p *Sheet) Idle(f screen.Frame) (left, right string) {
	return p.Status, f.Theme.Cut(visible.Line("$ "+p.Command), f.W-style.Width(p.Status)-6)
}

func (p *Sheet) View(f screen.Frame) []string {
	t := f.Theme
	lines := append(p.Head(f), t.Line(f.W, ""))
	all := p.Lines(f)
	room := p.room(f)
	lines = append(lines, all[min(p.top, max(len(all)-room, 0)):]...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}
