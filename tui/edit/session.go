package edit

import (
	"context"

	"hfhook/event"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {
	screen.FixtureStore

	Event(ctx context.Context, id event.ID) (*event.Event, error)

	// Edit records an edited copy of an event, and sends it nowhere.
	Edit(ctx context.Context, parent event.ID, edit event.Edit) (*event.Event, error)

	// Compose records a synthetic event with this body, and forwards it.
	Compose(ctx context.Context, body []byte) (*event.Event, error)
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
