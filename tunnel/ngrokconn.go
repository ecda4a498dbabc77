package tunnel

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"golang.ngrok.com/ngrok/v2"

	"hfhook/internal/neterr"
)

// An ngrokConn is one session with ngrok and its one endpoint. The SDK restores a broken link
// by itself, for ever and under the same URL; this type reports what it does, and ends it if
// continuing makes no sense.
type ngrokConn struct {
	token  Authtoken
	source string // of the token
	addr   string // of the service
	chosen bool   // ngrok chooses the URL

	session context.Context // the SDK binds the whole session to it
	end     context.CancelCauseFunc
	line    *lifeline
	agent   ngrok.Agent
	ln      ngrok.EndpointListener
	events  chan ConnEvent
	done    chan struct{} // closed by Close
	once    sync.Once

	mu      sync.Mutex
	open    bool // Open has returned it
	lost    int  // failures since the link was up
	refused int  // of those, because the URL is taken
}

// The SDK restores a link in these steps, the first at once; it reports none of them.
var sdkBackoff = Backoff{First: 500 * time.Millisecond, Max: 30 * time.Second}

// maxRefused is how often the service may refuse the SDK the endpoint that it had. Its claim is
// stale then, and a new session without one works better.
const maxRefused = 3

func newNgrokConn(ctx context.Context, s NgrokSettings) *ngrokConn {
	c := &ngrokConn{
		token:  s.Authtoken,
		source: s.Source,
		addr:   cmp.Or(s.ConnectURL, "connect.ngrok-agent.com:443"),
		line:   &lifeline{},
		events: make(chan ConnEvent),
		done:   make(chan struct{}),
	}
	if _, _, err := net.SplitHostPort(c.addr); err != nil {
		c.addr = net.JoinHostPort(c.addr, "443")
	}
	c.session, c.end = context.WithCancelCause(context.WithoutCancel(ctx))
	return c
}

// opened marks the connection as one that restores itself. It returns false if the link is
// already broken.
func (c *ngrokConn) opened() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = c.session.Err() == nil
	return c.open
}

func (c *ngrokConn) URL() string              { return c.ln.URL().String() }
func (c *ngrokConn) Listener() net.Listener   { return ngrokListener{c} }
func (c *ngrokConn) Events() <-chan ConnEvent { return c.events }

// Close implements Conn. Disconnect cannot be called while the SDK connects for the first time,
// because it would wait for that; the end of the session's context stops the SDK there. The
// listener is closed last: earlier, it would ask the service for an answer, and Accept would
// continue until the SDK ends its wait.
func (c *ngrokConn) Close() error {
	c.once.Do(func() {
		close(c.done)
		c.end(nil)
		if c.agent != nil {
			_ = c.agent.Disconnect() // it fails if the session is closed
		}
		c.line.cut()
		if c.ln != nil {
			_ = c.ln.Close()
		}
	})
	return nil
}

// handle takes the SDK's events. It may be called with the agent's lock held, so it
// must not call the agent.
func (c *ngrokConn) handle(e ngrok.Event) {
	switch e := e.(type) {
	case *ngrok.EventAgentConnectSucceeded:
		c.mu.Lock()
		open := c.open
		c.lost, c.refused = 0, 0
		c.mu.Unlock()
		if open {
			c.report(ConnEvent{})
		}
	case *ngrok.EventAgentDisconnected:
		if e.Error != nil { // nil follows the end, which Accept reports
			c.disconnected(e.Error)
		}
	case *ngrok.EventAgentHeartbeatReceived:
		c.report(ConnEvent{Latency: max(e.Latency, 1)})
	}
}

func (c *ngrokConn) disconnected(err error) {
	c.mu.Lock()
	if !c.open {
		c.mu.Unlock()
		c.end(err) // the SDK would retry for ever
		return
	}
	p, wait := c.problem(err), time.Duration(0)
	if c.lost == 0 {
		p = &Problem{Message: "the connection to ngrok was lost: " + oneLine(neterr.Words(errors.New(c.token.redact(err.Error()))))}
	} else {
		wait = sdkBackoff.wait(c.lost - 1)
	}
	c.lost++
	if p.Code == codeTaken {
		c.refused++
	}
	e := ConnEvent{Lost: p, Retry: wait}
	if c.chosen && slices.Contains(domainCodes, codeNumber(p.Code)) {
		p.Fatal = false // the URL was assigned for that time only: Open gets a new one
		e = ConnEvent{Ended: p}
	}
	if p.Fatal || c.refused == maxRefused {
		e = ConnEvent{Ended: p}
	}
	c.mu.Unlock()
	c.report(e)
}

func (c *ngrokConn) report(e ConnEvent) {
	select {
	case c.events <- e:
	case <-c.done:
	}
}

// problem turns an error of the SDK into a Problem.
func (c *ngrokConn) problem(err error) *Problem {
	text := c.token.redact(err.Error())
	code, refused := serviceCode(err)
	if !refused {
		return linkProblem(err, text, c.addr)
	}
	return ngrokProblem(code, text, c.source)
}

// diagnose looks for the reason of a failure if the SDK gave none: whether it reports a failed
// TLS handshake depends on which of its goroutines meets it first.
func (c *ngrokConn) diagnose(ctx context.Context, p *Problem) *Problem {
	d, ok := c.agent.(ngrok.Diagnoser)
	if !ok {
		return p
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := d.Diagnose(ctx, ""); err != nil {
		if found := c.problem(err); found.Err != nil {
			return found
		}
	}
	return p
}

// serviceCode returns ngrok's code in err, if it has one, and whether the service itself
// refused. The SDK has several error types for that.
func serviceCode(err error) (code string, refused bool) {
	var public ngrok.Error
	var internal interface{ ErrorCode() string }
	switch {
	case errors.As(err, &public):
		code, refused = public.Code(), true
	case errors.As(err, &internal):
		code, refused = internal.ErrorCode(), true
	}
	if code == "" {
		code = ngrokCode.FindString(err.Error())
	}
	return code, refused || code != ""
}

// An ngrokListener is the endpoint's listener, with errors that can be shown.
type ngrokListener struct{ c *ngrokConn }

func (l ngrokListener) Accept() (net.Conn, error) {
	conn, err := l.c.ln.Accept()
	if err == nil {
		return conn, nil
	}
	select {
	case <-l.c.done:
		return nil, net.ErrClosed
	default:
	}
	if _, said := serviceCode(err); !said {
		return nil, &Problem{Message: "the session with ngrok ended"}
	}
	p := l.c.problem(err)
	if p.Cause == "" {
		p.Cause = "The endpoint was stopped in ngrok's dashboard, or by ngrok."
		p.Fatal = true
	}
	return nil, p
}

func (l ngrokListener) Close() error   { return l.c.ln.Close() }
func (l ngrokListener) Addr() net.Addr { return l.c.ln.Addr() }

// A lifeline dials for the SDK, and can close what it dialled: otherwise an attempt that was
// under way when the session was closed would continue.
type lifeline struct {
	net.Dialer

	mu   sync.Mutex
	conn net.Conn // the newest: the SDK has one at a time
	dead bool
}

func (l *lifeline) Dial(network, address string) (net.Conn, error) {
	return l.DialContext(context.Background(), network, address)
}

func (l *lifeline) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := l.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	if l.conn != nil {
		_ = l.conn.Close()
	}
	l.conn = conn
	return conn, nil
}

func (l *lifeline) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = true
	if l.conn != nil {
		_ = l.conn.Close()
	}
}
