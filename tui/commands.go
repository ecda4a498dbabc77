package tui

// The command that does what was last done on the screen.

import (
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// lastDone is the command of what was done on the screen that is on top, else the one that
// prints what it shows, else that of what was done before.
func (m *model) lastDone() string {
	if top, ok := m.top().(screen.Printed); ok && m.didOn != m.top() {
		if command := top.PrintedBy(m.frame()); command != "" {
			return command
		}
	}
	return m.did
}

// lastCommand is the key that copies that command, on each screen that has none of its
// own: y, where that is for nothing else there.
func (m *model) lastCommand(bindings []keymap.Binding) []keymap.Binding {
	_, letters := m.top().(*screen.Menu)
	for _, b := range bindings {
		switch b.Action {
		case keymap.ActCopyCommand:
			return nil
		case keymap.ActCopy, keymap.ActCopyValue:
			letters = true
		}
	}
	b := keymap.Keys(keymap.ActCopyCommand)[0]
	if letters {
		b.Keys, b.Label, b.Quiet = b.Keys[1:], b.Keys[1], true
	}
	return []keymap.Binding{b}
}
