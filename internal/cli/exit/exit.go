// Package exit has the exit codes of hfhook, and the error that carries one.
package exit

import (
	"errors"
	"fmt"
)

// The exit codes, as docs/json.md lists them.
const (
	CodeFailure     = 1
	CodeUsage       = 2
	CodeConfig      = 3
	CodeNotFound    = 4
	CodeVerify      = 5
	CodeHandler     = 6
	CodeTunnel      = 7
	CodeHub         = 8
	CodeStore       = 9
	CodeHangup      = 129
	CodeInterrupted = 130
	CodeTerminated  = 143
)

// ErrSilent marks an error of which the user has been told all.
var ErrSilent = errors.New("told already")

// An Error has an exit code of its own and says what to do next.
type Error struct {
	Code int
	Err  error
	Try  string // a command, or what else to do; empty: nothing beyond Err's own words
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Usage makes err one of wrong usage.
func Usage(err error) error { return &Error{Code: CodeUsage, Err: err} }

// Usagef is Usage with a text of fmt.Errorf.
func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }
