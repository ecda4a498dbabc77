// Package tunnel gives a server on this machine a public URL, and verifies it: a tunnel is up
// only after a test request has arrived through the URL.
//
// A [Provider] supports one service. A [Tunnel] keeps a provider's connection open: it probes
// the public URL, retries with growing waits, detects that the machine slept, and reports every
// change as a [State].
//
//	settings := func() (tunnel.NgrokSettings, error) { return tunnel.FindNgrok(os.Getenv) }
//	t := tunnel.New(&tunnel.Ngrok{Settings: settings}, tunnel.Options{
//		Serve:  func(ctx context.Context, ln net.Listener) error { return http.Serve(ln, handler) },
//		Report: func(s tunnel.State) { fmt.Println(s.Phase, s.URL) },
//	})
//	mux.Handle("/webhooks/.probe", t.ProbeHandler())
//	err := t.Run(ctx)
package tunnel

import (
	"context"
	"net"
	"time"
)

// A Provider opens connections to one tunnel service. A Tunnel calls Open again
// only after it has closed the connection that Open returned before.
type Provider interface {
	// Name returns the word for --tunnel, for example "ngrok".
	Name() string

	// Open returns a connection that accepts requests. It blocks until then, until the first
	// attempt fails, with a *Problem if the cause is known, or until ctx ends. The connection
	// outlives ctx: Close ends it. want is the public URL of an earlier connection, for a
	// service that can assign it again, or empty.
	Open(ctx context.Context, want string) (Conn, error)
}

// A Conn is an open tunnel.
type Conn interface {
	// URL returns the public address, without a trailing slash.
	URL() string

	// Listener returns the listener for requests through the tunnel, or nil if they reach the
	// server's local listener. Its Accept fails when the connection has ended, with a *Problem
	// if the cause is known. Its Close asks the service for no more requests and does not
	// affect those under way. Accept is called continuously until the Conn's Close has
	// returned.
	Listener() net.Listener

	// Events returns the losses and recoveries that the service's client handles itself, or nil
	// if there are none. It is not read after the connection is given up, so a sender must stop
	// at Close. It need not be closed.
	Events() <-chan ConnEvent

	// Close ends the connection at once, and with it Accept and the requests under
	// way.
	Close() error
}

// A ConnEvent is a change within an open connection. One of Latency, Lost and Ended
// is set; none is set when the connection came back.
type ConnEvent struct {
	Latency time.Duration // to the service and back
	Lost    error         // the link broke, or could not be restored yet: the client goes on trying
	Retry   time.Duration // with Lost: time until the client's next attempt; 0: it is under way
	Ended   error         // the connection has ended, with a *Problem if the cause is known
}

// A Phase is the state of progress of a tunnel.
type Phase string

// The phases of a tunnel.
const (
	Off        Phase = "off"        // no tunnel is wanted
	Connecting Phase = "connecting" // to the service
	Checking   Phase = "checking"   // a probe through the public URL is under way
	Up         Phase = "up"         // the probe succeeded
	Waiting    Phase = "waiting"    // for the next attempt, at State.Retry
	Down       Phase = "down"       // until the user fixes it
)

// A State is everything known about a tunnel at one moment.
type State struct {
	Provider string // name of the provider
	Phase    Phase
	URL      string        // public address, kept while the tunnel is lost; empty until known
	Since    time.Time     // start of the phase; if the tunnel was lost, when it was lost
	Lost     time.Time     // when a tunnel that was up was lost; zero: it is up, or never was
	Retry    time.Time     // next attempt, in phase Waiting; next probe, in Checking after a failed one
	Attempt  int           // attempts since the tunnel was last up
	Latency  time.Duration // of the last probe, or to the service; 0: not known
	Problem  *Problem      // why the tunnel is not up
}

// NotSetUp reports whether the only problem is that the user has not set up a tunnel yet.
func (s State) NotSetUp() bool { return s.Phase == Down && s.Problem != nil && s.Problem.Unset }
