package rejected

// All that is wrong with the body of a rejected request: as many lines as there is room
// for beside it, and a screen of its own for the rest.

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// A faultList is the screen that has all of them.
type faultList struct {
	request event.Rejected
	top     int
}

func (p *faultList) Name() string { return "faults" }

func (p *faultList) Keys(f screen.Frame) []keymap.Binding {
	return append(screen.TextKeys(p.top, len(p.request.Faults)-p.room(f)), keymap.Keys(keymap.ActBack, keymap.ActHelp, keymap.ActQuit)...)
}

// room is how many faults are in sight at once.
func (p *faultList) room(f screen.Frame) int {
	return max(f.H-screen.Arrange(f.W, f.H, screen.NoBanner).Header-3, 1) // less the title, its rule, and the one below
}

func (p *faultList) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	last := max(len(p.request.Faults)-p.room(f), 0)
	if a == keymap.ActBack {
		return screen.Step{Pop: true}, nil
	}
	n, _ := a.Lines(p.room(f))
	p.top = max(min(p.top+n, last), 0)
	return screen.Step{}, nil
}

func (p *faultList) Update(tea.Msg, screen.Frame) tea.Cmd { return nil }

func (p *faultList) Moves(screen.Frame) time.Duration { return 0 }

func (p *faultList) Idle(screen.Frame) (left, right string) { return "", "" }

func (p *faultList) View(f screen.Frame) []string {
	t := f.Theme
	n := len(p.request.Faults)
	top := min(p.top, max(n-p.room(f), 0))
	end := min(top+p.room(f), n)
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	head := fmt.Sprintf(" %s  the request of %s", t.Bold.Paint("Faults"), f.At(p.request.At).Format(time.TimeOnly))
	lines = append(lines, t.Lead(head, t.Dim.Paint(fmt.Sprintf("%d–%d of %d", top+1, end, n))+" ", f.W), t.Line(f.W, ""))
	for _, fault := range p.request.Faults[top:end] {
		lines = append(lines, " "+t.Cut(visible.Line(fault.String()), f.W-2))
	}
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}
