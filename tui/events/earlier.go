package events

// B: the events of earlier runs. Before the first event of this one they take the place of
// the panel; later the list has them all, and B goes to the newest of them.

import (
	"encoding/binary"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/store"
	"hfhook/tui/screen"
)

// earlierMsg is the newest event of earlier runs; found is empty if there is none.
type earlierMsg struct {
	found event.ID
	err   error
}

// openEarlier shows the events of earlier runs.
func (e *Screen) openEarlier(f screen.Frame) tea.Cmd {
	if e.Checking(f) {
		e.earlier = true
		e.List.PickNewest()
		e.List.Detach(e.Layout(f).ListHeight)
		return nil
	}
	q := store.Query{Filter: e.List.Filter, Before: firstOf(f.State.Started), Limit: 1}
	return e.ask.Cmd(func() tea.Msg {
		for {
			page, err := e.ask.session.List(e.ask.Ctx, q)
			switch {
			case err != nil:
				return earlierMsg{err: err}
			case len(page.Rows) > 0:
				return earlierMsg{found: page.Rows[0].ID}
			case page.Next == "":
				return earlierMsg{}
			}
			q.Before = page.Next
		}
	})
}

// goEarlier selects what was found.
func (e *Screen) goEarlier(msg earlierMsg, f screen.Frame) tea.Cmd {
	switch {
	case msg.err != nil:
		return screen.ResultCmd(fmt.Sprintf("look for events of earlier runs: %s", screen.Plain(msg.err)), false)
	case msg.found == "":
		return screen.ResultCmd("no events of earlier runs", true)
	}
	e.List.GoTo(msg.found, e.Layout(f).ListHeight)
	return screen.ResultCmd("the newest event before this run", true)
}

// firstOf is the smallest ID that an event of a time can have: an ID begins with 48 bits of
// milliseconds.
func firstOf(at time.Time) event.ID {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(max(at.UnixMilli(), 0))<<16)
	id, err := event.IDFromBytes(b[:])
	if err != nil {
		return ""
	}
	return id
}
