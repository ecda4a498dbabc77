package detail

import (
	"context"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {

	// State is the state of now. Nobody changes it.
	State() *dev.State

	Event(ctx context.Context, id event.ID) (*event.Event, error)

	Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// Accept says of the answer to an attempt that it is right, or no longer.
	Accept(ctx context.Context, id event.ID, n int, right bool) error

	// PrintedDuring returns what the handler that hfhook runs has printed about the time
	// of an attempt.
	PrintedDuring(d *event.Delivery) dev.Printed

	// Previous is the event before the given one to compare e with: of its pull request or
	// discussion, else of its repository, else of its kind. store.ErrNotFound: there is none.
	Previous(ctx context.Context, e *event.Event, before event.ID) (dev.Previous, error)
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
