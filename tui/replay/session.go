package replay

import (
	"context"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {
	Event(ctx context.Context, id event.ID) (*event.Event, error)

	List(ctx context.Context, q store.Query) (store.Page, error)

	// ReplayMany sends many events again. A target that fails is not an error.
	ReplayMany(ctx context.Context, b dev.Batch) (dev.Tally, error)

	// Preview is what ReplayMany would send, the secret masked. It sends nothing.
	Preview(ctx context.Context, b dev.Batch) ([]dev.Sent, error)
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
