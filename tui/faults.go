package tui

// All that is wrong with the body of a rejected request: as many lines as there is room
// for beside it, and a screen of its own for the rest.

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
)

// faultLines are the faults of a request, one a line, on at most most lines. One fault
// alone is in the request's Detail.
func faultLines(r *event.Rejected, f frame, w, most int) []string {
	t := f.theme
	n := len(r.Faults)
	if n < 2 {
		return nil
	}
	shown := n
	if n > most {
		shown = max(most-1, 0)
	}
	lines := make([]string, 0, shown+1)
	for _, fault := range r.Faults[:shown] {
		lines = append(lines, " "+t.warn.paint(t.cut(visible.Line(fault.String()), w-2)))
	}
	if shown < n {
		rest := fmt.Sprintf("and %d more: %s lists all", n-shown, f.label(actOpen))
		lines = append(lines, " "+t.warn.paint(t.cut(rest, w-2)))
	}
	return lines
}

// A faultList is the screen that has all of them.
type faultList struct {
	request event.Rejected
	top     int
}

func (p *faultList) Name() string { return "faults" }

func (p *faultList) Keys(f frame) []binding {
	actions := []action{actBack, actHelp, actQuit}
	if len(p.request.Faults) > p.room(f) {
		actions = append([]action{actUp, actDown, actPageUp, actPageDown, actFirst, actLast}, actions...)
	}
	return keys(actions...)
}

// room is how many faults are in sight at once.
func (p *faultList) room(f frame) int {
	return max(f.h-arrange(f.w, f.h, noBanner).header-3, 1) // less the title, its rule, and the one below
}

func (p *faultList) Do(a action, f frame) (step, tea.Cmd) {
	last := max(len(p.request.Faults)-p.room(f), 0)
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
		p.top = last
	case actBack:
		return step{pop: true}, nil
	}
	p.top = max(min(p.top, last), 0)
	return step{}, nil
}

func (p *faultList) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *faultList) Moves(frame) time.Duration { return 0 }

func (p *faultList) Idle(frame) (left, right string) { return "", "" }

func (p *faultList) View(f frame) []string {
	t := f.theme
	n := len(p.request.Faults)
	top := min(p.top, max(n-p.room(f), 0))
	end := min(top+p.room(f), n)
	lines := f.header(arrange(f.w, f.h, noBanner))
	head := fmt.Sprintf(" %s  the request of %s", t.bold.paint("Faults"), f.at(p.request.At).Format(time.TimeOnly))
	lines = append(lines, t.lead(head, t.dim.paint(fmt.Sprintf("%d–%d of %d", top+1, end, n))+" ", f.w), t.line(f.w, ""))
	for _, fault := range p.request.Faults[top:end] {
		lines = append(lines, " "+t.cut(visible.Line(fault.String()), f.w-2))
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}
