// Package tunnel gives a server on this machine a public URL, and tells the truth
// about it: a tunnel is up only when a request has come round through the URL.
//
// A [Provider] knows one service. [Supervise] keeps a provider's connection open:
// it probes the public URL, retries with growing waits, notices that the machine
// slept, and reports every change as a [State].
package tunnel

import (
	"context"
	"net"
	"time"
)

// A Provider opens connections to one tunnel service.
type Provider interface {
	// Name is the word for --tunnel, as in "ngrok".
	Name() string

	// Open returns a connection that accepts requests. It blocks until then, or
	// until it fails, with a *Problem where the cause is known, or until ctx ends.
	// The connection outlives ctx: Close ends it. want is the public URL of an
	// earlier connection, for a service that can give it again, or empty.
	Open(ctx context.Context, want string) (Conn, error)
}

// A Conn is an open tunnel.
type Conn interface {
	// URL is the public address, with no slash at its end.
	URL() string

	// Listener gives the requests that come through the tunnel, or is nil where
	// they reach the server's local listener.
	Listener() net.Listener

	// Events reports losses and recoveries that the service's client handles by
	// itself. It is closed after the last one, when the connection has ended.
	Events() <-chan Event

	// Close ends the tunnel once the requests under way are answered, or with ctx.
	// The listener has to be served until Close returns.
	Close(ctx context.Context) error
}

// An Event is a change within an open connection. At most one of the fields is set;
// none is set when the connection came back.
type Event struct {
	Latency time.Duration // to the service and back
	Lost    error         // the link broke, and the client is connecting again
	Ended   error         // the connection is over, with a *Problem where the cause is known
}

// A Phase is how far the tunnel is.
type Phase string

// The phases of a tunnel.
const (
	Off        Phase = "off"        // none was asked for
	Connecting Phase = "connecting" // to the service
	Checking   Phase = "checking"   // a probe is on its way through the public URL
	Up         Phase = "up"         // the probe came round
	Waiting    Phase = "waiting"    // for the next attempt, at State.Retry
	Down       Phase = "down"       // for good: only the user can mend it
)

// A State is the whole of what there is to say about a tunnel at one moment.
type State struct {
	Provider string // name of the provider
	Phase    Phase
	URL      string        // public address, kept while the tunnel is lost; empty until known
	Since    time.Time     // of the phase; while the tunnel is lost, when it was lost
	Retry    time.Time     // next attempt, in the phase Waiting
	Attempt  int           // attempts since the tunnel was last up
	Latency  time.Duration // of the last probe, or to the service; 0 where not known
	Problem  *Problem      // why the tunnel is not up
}

// A Problem is a failure in words that help. Its texts come from outside in part:
// they hold no credential, and may hold anything else.
type Problem struct {
	Code    string // as in ERR_NGROK_108; empty where the service gave none
	Message string // what happened, in one line
	Cause   string // why, in one line; may be empty
	Fix     string // what to do, in one line; may be empty
	Fatal   bool   // trying again is of no use until the user has done something
	Err     error  // may be nil
}

func (p *Problem) Error() string {
	if p.Code == "" {
		return p.Message
	}
	return p.Code + ": " + p.Message
}

func (p *Problem) Unwrap() error { return p.Err }
