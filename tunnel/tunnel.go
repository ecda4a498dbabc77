// Package tunnel gives a server on this machine a public URL, and tells the truth
// about it: a tunnel is up only when a request has come round through the URL.
//
// A [Provider] knows one service. A [Tunnel] keeps a provider's connection open: it
// probes the public URL, retries with growing waits, notices that the machine
// slept, and reports every change as a [State].
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
	// Name is the word for --tunnel, for example "ngrok".
	Name() string

	// Open returns a connection that accepts requests. It blocks until then, or
	// until the first attempt failed, with a *Problem where the cause is known, or
	// until ctx ends. The connection outlives ctx: Close ends it. want is the
	// public URL of an earlier connection, for a service that can give it again,
	// or empty.
	Open(ctx context.Context, want string) (Conn, error)
}

// A Conn is an open tunnel.
type Conn interface {
	// URL is the public address, with no slash at its end.
	URL() string

	// Listener gives the requests that come through the tunnel, or is nil where
	// they reach the server's local listener. Its Accept fails when the connection
	// has ended, with a *Problem where the cause is known. Its Close asks the
	// service for no more requests and leaves those under way alone. It is
	// accepted from without a pause until the Conn's Close has returned.
	Listener() net.Listener

	// Events reports losses and recoveries that the service's client handles by
	// itself, or is nil where there are none. It is not read any more once the
	// connection is given up, so a sender has to give way to Close. It need not be
	// closed.
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
	Retry   time.Duration // with Lost: until the client's next attempt; 0 where it is under way
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
	Down       Phase = "down"       // for good: only the user can fix it
)

// A State is the whole of what there is to say about a tunnel at one moment.
type State struct {
	Provider string // name of the provider
	Phase    Phase
	URL      string        // public address, kept while the tunnel is lost; empty until known
	Since    time.Time     // of the phase; while the tunnel is lost, when it was lost
	Lost     time.Time     // when a tunnel that was up was lost; zero while it is up, and if it never was
	Retry    time.Time     // next attempt, in the phase Waiting; next probe, in Checking after one that failed
	Attempt  int           // attempts since the tunnel was last up
	Latency  time.Duration // of the last probe, or to the service; 0 where not known
	Problem  *Problem      // why the tunnel is not up
}

// NotSetUp reports whether nothing is wrong with the tunnel but that the user has not set
// it up yet.
func (s State) NotSetUp() bool { return s.Phase == Down && s.Problem != nil && s.Problem.Unset }
