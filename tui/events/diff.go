package events

// d: the difference from another event, or of the two that are selected.

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/detail"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// diff opens the tab that compares: the newer of two selected events with the older one, else
// the event under the cursor with the one that the tab chooses.
func (e *Screen) diff(f screen.Frame) tea.Cmd {
	ids := e.selection()
	if n := len(ids); n > 2 {
		return screen.ResultCmd(fmt.Sprintf("%d events are selected, and two are compared at a time: %s ends the selection", n, f.Label(keymap.ActBack)), false)
	}
	e.Detail.Tab = detail.TabDiff
	if len(ids) == 2 {
		e.List.GoTo(ids[1], e.Layout(f).ListHeight)
		e.comparing = ids
	}
	return nil
}

// compareChosen has the detail compare the two events that were chosen, once it shows the
// newer of them.
func (e *Screen) compareChosen() {
	if len(e.comparing) == 2 && e.Detail.Item.Key.ID == e.comparing[1] {
		e.Detail.Compare.With(e.comparing[0], "the other one that is selected")
		e.comparing = nil
	}
}
