package server

// The connections of a listener: how many there are at once, which one is closed to make
// room for another, and how one is closed so that its client gets the answer.

import (
	"container/list"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// What is read of a request that was refused before its end, so that its sender gets the
// answer: a connection that is closed with unread bytes is reset, and many clients then
// drop what they have received.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 256 << 10
)

// A connLimiter is a listener with a limited number of connections. When all places are
// taken, it closes the oldest connection on which no request with the right secret has
// come, so that strangers cannot keep the Hub out. They cannot be told from it by their
// addresses: through a tunnel all requests come from the same one.
type connLimiter struct {
	net.Listener
	max    int
	tunnel bool          // everything that comes is from the internet
	local  string        // address of the listener as in a URL
	rate   *rate.Limiter // of requests from the internet without the right secret

	mu      sync.Mutex
	conns   list.List // of *clientConn, the oldest first
	closing bool

	freed chan struct{} // one slot: a connection was closed
	done  chan struct{} // closed with the listener
	once  sync.Once
}

func newConnLimiter(ln net.Listener, most int, tunnel bool, strangers *rate.Limiter) *connLimiter {
	return &connLimiter{
		Listener: ln, max: most, tunnel: tunnel, local: localURL(ln.Addr()), rate: strangers,
		freed: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// Accept implements net.Listener. It waits for a place only while requests with the right
// secret are in progress on all connections.
func (l *connLimiter) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &clientConn{Conn: inner, limiter: l}
	for !l.add(c) {
		select {
		case <-l.freed:
		case <-l.done:
			_ = inner.Close()
			return nil, net.ErrClosed
		}
	}
	return c, nil
}

// Close implements net.Listener.
func (l *connLimiter) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

// add gives a connection a place, if there is one or one can be made.
func (l *connLimiter) add(c *clientConn) bool {
	l.mu.Lock()
	var victim *clientConn
	if l.conns.Len() >= l.max {
		victim = l.oldest(func(o *clientConn) bool { return !o.verified.Load() })
		if victim == nil {
			victim = l.oldest(func(o *clientConn) bool { return http.ConnState(o.state.Load()) == http.StateIdle })
		}
		if victim == nil {
			l.mu.Unlock()
			return false
		}
		l.remove(victim)
	}
	c.place = l.conns.PushBack(c)
	l.mu.Unlock()
	victim.drop()
	return true
}

// oldest returns the oldest connection of a kind, or nil. The lock is held.
func (l *connLimiter) oldest(is func(*clientConn) bool) *clientConn {
	for e := l.conns.Front(); e != nil; e = e.Next() {
		if c := e.Value.(*clientConn); is(c) {
			return c
		}
	}
	return nil
}

// remove takes a connection's place away; nil has none. The lock is held.
func (l *connLimiter) remove(c *clientConn) {
	if c == nil || c.place == nil {
		return
	}
	l.conns.Remove(c.place)
	c.place = nil
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// closeUnused begins the end: connections without a request in progress are closed at
// once, and the others without regard to their clients when they are told to.
func (l *connLimiter) closeUnused() {
	l.mu.Lock()
	var unused []*clientConn
	for e := l.conns.Front(); e != nil; e = e.Next() {
		if c := e.Value.(*clientConn); http.ConnState(c.state.Load()) != http.StateActive {
			unused = append(unused, c)
		}
	}
	for _, c := range unused {
		l.remove(c)
	}
	l.mu.Unlock()
	for _, c := range unused {
		c.drop()
	}
}

// stopLingering has connections closed at once from now on.
func (l *connLimiter) stopLingering() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closing = true
}

// A clientConn is a connection that was accepted.
type clientConn struct {
	net.Conn
	limiter  *connLimiter
	state    atomic.Int32 // the http.ConnState
	verified atomic.Bool  // a request with the right secret has come
	internet atomic.Bool  // the request in progress comes from the internet
	closed   atomic.Bool

	place *list.Element // nil: it has none any more. limiter.mu
}

// Close implements net.Conn. In the middle of a request it first has the client read what
// was written: it ends the sending, and reads on for a moment.
func (c *clientConn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	if http.ConnState(c.state.Load()) == http.StateActive && !c.limiter.isClosing() {
		c.linger()
	}
	c.limiter.mu.Lock()
	c.limiter.remove(c)
	c.limiter.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite ends the sending, if the connection can do that.
func (c *clientConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

func (l *connLimiter) isClosing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing
}

func (c *clientConn) linger() {
	_ = c.CloseWrite()
	if c.Conn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
	}
}

// drop closes a connection whose place was given away. Nil has nothing to close.
func (c *clientConn) drop() {
	if c != nil {
		_ = c.Conn.Close() // not c.Close: nothing more is owed to its client
	}
}

type connKey struct{}

// withConn and connState are the hooks of an http.Server whose listener is a connLimiter.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

func connState(c net.Conn, state http.ConnState) {
	if c, ok := c.(*clientConn); ok {
		c.state.Store(int32(state))
	}
}

// connOf returns the connection of a request, or nil where the server is used as a plain
// http.Handler.
func connOf(ctx context.Context) *clientConn {
	c, _ := ctx.Value(connKey{}).(*clientConn)
	return c
}

// fromInternet reports whether a request came in by a tunnel, one of hfhook's own or
// another program's.
func fromInternet(ctx context.Context) bool {
	c := connOf(ctx)
	return c != nil && c.internet.Load()
}

// mayAsk reports whether a request without the right secret is within the rate.
func mayAsk(ctx context.Context) bool {
	c := connOf(ctx)
	return c == nil || !c.internet.Load() || c.limiter.rate.Allow()
}

// markVerified notes that a request with the right secret has come.
func markVerified(ctx context.Context) {
	if c := connOf(ctx); c != nil {
		c.verified.Store(true)
	}
}
