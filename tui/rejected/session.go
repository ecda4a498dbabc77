package rejected

import (
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/screen"
)

// A Session is what these screens ask of the running hfhook. Its methods may be called by
// several goroutines at once.
type Session interface {

	// State is the state of now. Nobody changes it.
	State() *dev.State

	// ForgetRejected drops one of State.Rejected, ForgetAllRejected all of them.
	ForgetRejected(no event.Rejected)

	ForgetAllRejected()

	// TakeSecret makes a text the secret that is wanted, for as long as the session runs,
	// FixSecret does so with the present one, less what Evidence.Fix names. The print is
	// as in Evidence, and the error says nothing of what is in the text.
	TakeSecret(text string) (event.Print, error)

	FixSecret(fix string) (event.Print, error)

	// SecretText is the secret itself, for the clipboard and never for the
	// screen; empty where nothing is verified.
	SecretText() string
}

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}
