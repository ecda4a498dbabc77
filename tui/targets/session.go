package targets

import (
	"context"

	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {

	// PutTarget adds a target or changes one, and RemoveTarget takes one away; the error
	// says what to write instead. PauseTargets and DeliverHeld are about all targets where
	// name is empty. DropHeld returns how many events it has given up. TargetWords are the
	// targets that there are, as a command line of hfhook dev has them.
	PutTarget(dev.TargetForm) error

	RemoveTarget(name string)

	PauseTargets(name string, paused bool)

	TargetWords() []string

	DeliverHeld(name string)

	DropHeld(ctx context.Context, name string) (int, error)

	// ClearLeftOver gives up what a target has left that no running hfhook has.
	ClearLeftOver(ctx context.Context, target string) (store.Cleared, error)

	// LookAround returns what listens on this machine and is not a target. It takes a moment.
	LookAround() []dev.Service
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
