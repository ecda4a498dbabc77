package screen

// Where an action was carried out, so that a screen that answers it late does not open
// over another one, under the fingers of somebody who has gone on.

import (
	tea "charm.land/bubbletea/v2"
)

// An opener is a message that opens a screen.
type opener interface {
	// signed is the message with its origin.
	Signed(o *Origin) tea.Msg
}

// An Origin is the screen that an action has left on top. It is filled in when the action
// has been carried out, before any of its commands runs.
type Origin struct{ Screen Screen }

// sign puts the origin into the screens that a message opens.
func (o *Origin) sign(msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case opener:
		return msg.Signed(o)
	case tea.BatchMsg:
		for i, cmd := range msg {
			if cmd != nil {
				msg[i] = func() tea.Msg { return o.sign(cmd()) }
			}
		}
	}
	return msg
}

// Left reports whether the user has left the screen.
func (o *Origin) Left(top Screen) bool { return o != nil && o.Screen != top }
