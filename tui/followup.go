package tui

// Actions that end later: the first sentence in the status line says what was started, and
// a second one says how it ended. The result is looked for each time the state changes.

import (
	"time"

	"hfhook/internal/dev"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// A pursuit is an action whose outcome is not known yet.
type followUp struct {
	look    func(st *dev.State, now time.Time) screen.Outcome
	since   time.Time
	command string // that did it
}

const (
	maxPursuits = 50 // at once; no more is followed than anybody has asked for
	pursuedFor  = 2 * time.Minute
)

// pursue looks what came of what was done.
func (m *model) pursue() {
	kept := m.pursued[:0]
	for _, p := range m.pursued {
		out := p.look(m.state, m.now)
		switch {
		case out.Over && out.Text != "":
			m.hear(out.Text, out.Ok, p.command)
		case !out.Over && m.now.Sub(p.since) < pursuedFor:
			kept = append(kept, p)
		}
	}
	clear(m.pursued[len(kept):])
	m.pursued = kept
}

// hear takes a sentence that comes late. It does not take the place of a failure that
// nobody has read.
func (m *model) hear(text string, ok bool, command string) {
	if m.status.Text != "" && !m.status.Ok {
		m.past.Add(m.now, keymap.Logged(text, command), ok)
		return
	}
	m.show(text, ok)
	m.status.Command = command
}
