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

// An ngrokConn is one session with ngrok and its one endpoint. The SDK restores a
// broken link by itself, for ever and under the same URL; this type tells what it
// is doing, and puts an end to it where going on is of no use.
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
	refused int  // those of them because the URL is taken
}

// The SDK restores a link in these steps, the first at once; it reports none of them.
var sdkBackoff = Backoff{First: 500 * time.Millisecond, Max: 30 * time.Second}

// maxRefused is how often the SDK may be refused the endpoint that it had. Its
// claim to it has gone stale then, and a new session without one does better.
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

// opened makes the connection one that restores itself. It is false if the link broke
// before.
func (c *ngrokConn) opened() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = c.session.Err() == nil
	return c.open
}

func (c *ngrokConn) URL() string              { return c.ln.URL().String() }
func (c *ngrokConn) Listener() net.Listener   { return ngrokListener{c} }
func (c *ngrokConn) Events() <-chan ConnEvent { return c.events }

// Close implements Conn. Disconnect cannot be called while the SDK connects for
// the first time, for it would wait for that; the end of the session's context
// stops the SDK there. The listener is closed last: before, it would ask the service
// for an answer, and Accept would go on until the SDK awakes from its wait.
func (c *ngrokConn) Close() error {
	c.once.Do(func() {
		close(c.done)
		c.end(nil)
		if c.agent != nil {
			_ = c.agent.Disconnect() // its error is that the session is closed
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
		if e.Error != nil { // nil comes after the end, of which Accept tells
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
		c.end(err) // left alone, the SDK would try again for ever
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
		p.Fatal = false // the URL was given for that time only: Open gets another one
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

// problem puts an error of the SDK's into words.
func (c *ngrokConn) problem(err error) *Problem {
	text := c.token.redact(err.Error())
	code, refused := serviceCode(err)
	if !refused {
		return linkProblem(err, text, c.addr)
	}
	return ngrokProblem(code, text, c.source)
}

// diagnose looks for the reason of a failure for which the SDK gave none: which of
// its goroutines meets a broken TLS handshake first decides whether it tells.
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

// serviceCode returns ngrok's code for err, if it has one, and whether it was the
// service that said no. The SDK has a type of error for each way that it can come.
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

// An ngrokListener is the endpoint's listener with errors that can be shown.
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

// A lifeline dials for the SDK, and can cut what it dialled: an attempt that was
// under way when the session was closed would otherwise go on and come to life.
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
