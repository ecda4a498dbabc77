package webhooks

import (
	"context"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/lease"
	"hfhook/store"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {

	// State is the state of now. Nobody changes it.
	State() *dev.State

	List(ctx context.Context, q store.Query) (store.Page, error)

	// HubReload reads the webhooks on the Hub again; State has them then.
	HubReload(ctx context.Context) error

	// HubPlan returns what a request about a webhook would change on the Hub, HubApply
	// makes the change and says what was done.
	HubPlan(ctx context.Context, w lease.Request) (*lease.Change, error)

	HubApply(ctx context.Context, c *lease.Change) (done string, err error)

	// SelfTest goes the way of an event from the public URL to the server, and returns
	// how long it took.
	SelfTest(ctx context.Context) (time.Duration, error)
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
