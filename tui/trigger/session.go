package trigger

import (
	"context"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {
	screen.FixtureStore

	List(ctx context.Context, q store.Query) (store.Page, error)

	Event(ctx context.Context, id event.ID) (*event.Event, error)

	// Play makes synthetic events of bodies, one after another with the time between
	// them that they have, less with speed.
	Play(ctx context.Context, steps []sample.Step, speed float64, played func(dev.Played)) error

	// TriggerAs makes a synthetic event, which is verified, stored and forwarded like
	// a real one. name is one of package sample's, for example "discussion.comment/create".
	TriggerAs(ctx context.Context, name string, opts sample.Options) (*event.Event, error)
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
