package events

// What can be taken back for a few seconds: a deletion, which is not done before, a
// name that was given, a filter that was cleared.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/tui/screen"
)

// UndoTime is how long u takes an action back.
const UndoTime = 10 * time.Second

// An undo takes one action back.
type undo struct {
	until    time.Time
	back     func(f screen.Frame) tea.Cmd
	over     func() tea.Cmd // once it can no longer be taken back; may be nil
	deleting []event.ID     // that are deleted then
}

// undoable offers to take an action back. The newest is the first to go.
func (e *Screen) undoable(u undo, f screen.Frame) {
	u.until = f.Now.Add(UndoTime)
	e.undos = append(e.undos, u)
}

// takeBack takes the newest action back.
func (e *Screen) takeBack(f screen.Frame) tea.Cmd {
	n := len(e.undos)
	if n == 0 {
		return nil
	}
	last := e.undos[n-1]
	e.undos = e.undos[:n-1]
	return last.back(f)
}

// Expire ends what can no longer be taken back.
func (e *Screen) Expire(now time.Time) tea.Cmd {
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

// Due is how long it is until something can no longer be taken back; 0: there is
// nothing.
func (e *Screen) Due(now time.Time) (soonest time.Duration) {
	for _, u := range e.undos {
		if d := max(u.until.Sub(now), time.Millisecond); soonest == 0 || d < soonest {
			soonest = d
		}
	}
	return soonest
}
