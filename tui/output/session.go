package output

import (
	"hfhook/internal/dev"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {

	// HandlerOutput returns up to n lines of what the handler beside has printed, that come
	// before the newest up ones, and how many lines are kept, and how many there ever were.
	HandlerOutput(up, n int) (lines []dev.HandlerLine, kept int, ever int64)

	// RestartHandler starts that handler again.
	RestartHandler()
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
