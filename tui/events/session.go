package events

import (
	"context"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/tui/detail"
	"hfhook/tui/edit"
	"hfhook/tui/exporting"
	"hfhook/tui/rejected"
	"hfhook/tui/replay"
	"hfhook/tui/screen"
	"hfhook/tui/targets"
	"hfhook/tui/trigger"
	"hfhook/tui/webhooks"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {
	detail.Session
	edit.Session
	exporting.Session
	rejected.Session
	replay.Session
	targets.Session
	trigger.Session
	webhooks.Session

	// State is the state of now. Nobody changes it.
	State() *dev.State

	List(ctx context.Context, q store.Query) (store.Page, error)

	Event(ctx context.Context, id event.ID) (*event.Event, error)

	Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// Replay sends an event to every target again and returns the attempts, which
	// are recorded. A target that fails is not an error.
	Replay(ctx context.Context, id event.ID, as dev.ReplayAs) ([]event.Delivery, error)

	// ReplayTo sends an event to one target again, by the name that a delivery has.
	ReplayTo(ctx context.Context, id event.ID, target string, as dev.ReplayAs) (event.Delivery, error)

	// Pin gives an event a name, or takes it away where name is empty; Note does so with
	// a text. See store.Store for their errors.
	Pin(ctx context.Context, id event.ID, name string) error

	Note(ctx context.Context, id event.ID, text string) error

	// Delete deletes events for good.
	Delete(ctx context.Context, ids ...event.ID) (int, error)

	// Known returns texts that events have had: see store.Store.
	Known(ctx context.Context, kind store.KnownKind, limit int) ([]string, error)

	// SendTo has a target get its events on another path from now on, and returns how it is
	// written then. LearnPaths asks its handler for its paths, for the State.
	SendTo(target, path string) (written string, err error)

	LearnPaths(ctx context.Context, target string)

	// GiveHandler makes a text the secret that a target gets from now on.
	GiveHandler(target, text string) (event.Print, error)

	// UseURL goes on with a public URL of the user's own, in place of the tunnel, and
	// returns it as the tunnel's state has it.
	UseURL(url string) (string, error)

	// RetryTunnel tries to open the tunnel now, DropTunnel goes on without one.
	RetryTunnel()

	DropTunnel()

	// SecretText is the secret itself, for the clipboard and never for the
	// screen; empty where nothing is verified.
	SecretText() string
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
