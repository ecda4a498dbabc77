package tui

// What can be taken back for a few seconds: a deletion, which is not done before, a
// name that was given, a filter that was cleared.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
)

// undoTime is how long u takes an action back.
const undoTime = 10 * time.Second

// An undo takes one action back.
type undo struct {
	until  time.Time
	back   func(f frame) tea.Cmd
	over   func() tea.Cmd // once it can no longer be taken back; may be nil
	doomed []event.ID     // that are deleted then
}

// undoable offers to take an action back. The newest is the first to go.
func (e *events) undoable(u undo, f frame) {
	u.until = f.now.Add(undoTime)
	e.undos = append(e.undos, u)
}

// takeBack takes the newest action back.
func (e *events) takeBack(f frame) tea.Cmd {
	n := len(e.undos)
	if n == 0 {
		return nil
	}
	last := e.undos[n-1]
	e.undos = e.undos[:n-1]
	return last.back(f)
}

// expire ends what can no longer be taken back.
func (e *events) expire(now time.Time) tea.Cmd {
	var cmds []tea.Cmd
	kept := e.undos[:0]
	for _, u := range e.undos {
		switch {
		case now.Before(u.until):
			kept = append(kept, u)
		case u.over != nil:
			cmds = append(cmds, u.over())
		}
	}
	clear(e.undos[len(kept):])
	e.undos = kept
	return tea.Batch(cmds...)
}

// due is how long it is until something can no longer be taken back; 0: there is
// nothing.
func (e *events) due(now time.Time) (soonest time.Duration) {
	for _, u := range e.undos {
		if d := max(u.until.Sub(now), time.Millisecond); soonest == 0 || d < soonest {
			soonest = d
		}
	}
	return soonest
}
