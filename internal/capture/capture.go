// Package capture is what hfhook dev needs of a server.Server beyond what the library
// offers, so that the library need not export it.
//
// A server.Recorder that is a [Session] is given the [Server], and says by an [Extension]
// how it is to behave.
package capture

import (
	"context"
	"log/slog"
	"net"
	"net/http"

	"hfhook/event"
)

// ProbePath is where a tunnel finds out whether the public URL reaches this process. It is
// no webhook.
const ProbePath = "/webhooks/.probe"

// MaxConns is how many connections a listener has at once. The more there are, the longer one
// that has just come may take to send the secret before strangers push it out; each takes some
// 10 KiB.
const MaxConns = 1024

// HandlerTarget is the name under which a recorder hears of a handler's answers, in the
// place of a target that an event is handed to.
const HandlerTarget = "handler"

// A Session is a recorder that extends its server. Extend is called once, by server.New.
type Session interface {
	Extend(Server) Extension
}

// A Server is the inside of a server.Server.
type Server interface {
	// ServeLocal serves a listener of this machine until ctx ends, then answers the requests
	// in progress within the grace. If there are URLs, a request may have come in by a tunnel
	// that another program runs: it is then treated as one of ServeTunnel's.
	ServeLocal(ctx context.Context, ln net.Listener) error

	// ServeTunnel serves the listener of a tunnel, which strangers reach: with a limit on the
	// rate of requests without the right secret. It returns once ln is closed, or ctx ends,
	// and the requests in progress are answered.
	ServeTunnel(ctx context.Context, ln net.Listener) error

	// Print tells a secret from others without giving it away: its key is made for each
	// server.
	Print(secret string) event.Print

	// Fixed is the secret that was sent, if a request has shown how the present one differs
	// from it: the present one less the mistake that Evidence.Fix names.
	Fixed(mistake string) (secret string, err error)
}

// An Extension is how a Session changes its server.
type Extension struct {
	Probe http.Handler    // answers ProbePath; nil: as the library does
	URLs  func() []string // addresses of the server, the public one first, with no slash at the end; nil: as Serve knows them
	Known []Known         // told apart from other wrong secrets
}

// A Known is a secret that is not accepted, and that a request may bring all the same.
type Known struct {
	Secret interface {
		Matches(sent string) bool
		Reveal() string
	}
	Name  string // as Evidence.Fix has it: unlike that of any other
	Hint  string // what it is, for example "hfhook created it in an earlier run"
	Cause string // how it comes that it is sent, as a sentence
}

// Stored is what the sender of an event is told that was recorded, and that no handler
// answers.
type Stored struct {
	ID     event.ID `json:"id,omitempty"` // empty if the recorder gives none
	Status string   `json:"status"`       // "stored"
}

// A Sending is what becomes of an answer. It is in the context of a handler.
type Sending struct{ Sent func(event.Arrival) }

// SendingKey is the key of a *Sending in a context.
type SendingKey struct{}

// OnSent has f called once the answer of the handler with this context was written, or
// could not be. An empty Arrival means that it is not known.
func OnSent(ctx context.Context, f func(event.Arrival)) {
	if s, ok := ctx.Value(SendingKey{}).(*Sending); ok {
		s.Sent = f
	}
}

type loggerKey struct{}

// WithLogger returns a context in which a server without a logger of its own logs to l.
func WithLogger(ctx context.Context, l *slog.Logger) context.Context {
	return context.WithValue(ctx, loggerKey{}, l)
}

// Logger returns the logger of WithLogger, or nil.
func Logger(ctx context.Context) *slog.Logger {
	l, _ := ctx.Value(loggerKey{}).(*slog.Logger)
	return l
}
