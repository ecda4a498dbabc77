package server

// The connections of a listener: their number, and which one must leave to make room for
// another.

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A connLimiter is a listener with a limited number of connections. When all slots are taken,
// the oldest connection without a request with the right secret must leave, so that strangers
// cannot keep the Hub out. Addresses do not distinguish them: through a tunnel all requests
// come from the same one.
//
// A leaving connection is not closed at once: it may have unread data, since many connections
// can arrive in the time that reading one takes. It is read once more, and stays if that is a
// request with the right secret. Meanwhile it counts as leaving.
type connLimiter struct {
	net.Listener
	max    int
	tunnel bool          // all requests come from the internet
	local  string        // address of the listener as in a URL
	rate   *rate.Limiter // of requests from the internet without the right secret

	mu      sync.Mutex
	conns   list.List // of *clientConn, the oldest first
	leaving int       // connections that have lost their slot, and are not closed yet
	closing bool

	freed chan struct{} // one slot: there may be room for another connection
	done  chan struct{} // closed with the listener
	once  sync.Once
}

func newConnLimiter(ln net.Listener, most int, tunnel bool, strangers *rate.Limiter) *connLimiter {
	return &connLimiter{
		Listener: ln, max: most, tunnel: tunnel, local: localURL(ln.Addr()), rate: strangers,
		freed: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// Accept implements net.Listener. It waits for a free slot while requests with the right secret
// are in progress on all connections, and briefly while many are leaving.
func (l *connLimiter) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &clientConn{Conn: inner, limiter: l, accepted: time.Now()}
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

// mostLeaving is the maximum of leaving connections.
func (l *connLimiter) mostLeaving() int { return max(1, l.max/4) }

// add gives a connection a slot, if there is one or one can be freed.
func (l *connLimiter) add(c *clientConn) bool {
	victim, ok := l.slot(c)
	if victim != nil {
		victim.leave()
	}
	return ok
}

// slot does the work of add, and returns the connection that must leave, or nil.
func (l *connLimiter) slot(c *clientConn) (victim *clientConn, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns.Len() >= l.max {
		if l.leaving >= l.mostLeaving() {
			return nil, false
		}
		victim = l.oldest(func(o *clientConn) bool { return !o.verified })
		if victim == nil {
			victim = l.oldest(func(o *clientConn) bool { return http.ConnState(o.state.Load()) == http.StateIdle })
		}
		if victim == nil {
			return nil, false
		}
		l.remove(victim)
		l.leaving++
		victim.counted = true
	}
	c.slot = l.conns.PushBack(c)
	return victim, true
}

// verify notes that a request with the right secret has arrived on a connection. If it was
// leaving, it stays, even if that exceeds the limit for a while.
func (l *connLimiter) verify(c *clientConn) {
	l.mu.Lock()
	c.verified = true
	stays := c.counted
	if stays {
		l.leaving--
		c.counted = false
		c.slot = l.conns.PushBack(c)
	}
	l.mu.Unlock()
	if stays {
		c.stay()
		l.signal()
	}
}

// isLeaving reports whether a connection has lost its slot, and is not closed yet.
func (l *connLimiter) isLeaving(c *clientConn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return c.counted
}

// gone notes that a connection was closed.
func (l *connLimiter) gone(c *clientConn) {
	l.mu.Lock()
	l.remove(c)
	if c.counted {
		l.leaving--
		c.counted = false
	}
	l.mu.Unlock()
	l.signal()
}

// signal makes Accept look again for a free slot.
func (l *connLimiter) signal() {
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// oldest returns the oldest connection of a kind, or nil. Callers hold the lock.
func (l *connLimiter) oldest(is func(*clientConn) bool) *clientConn {
	for e := l.conns.Front(); e != nil; e = e.Next() {
		if c := e.Value.(*clientConn); is(c) {
			return c
		}
	}
	return nil
}

// remove frees a connection's slot, if it has one. Callers hold the lock.
func (l *connLimiter) remove(c *clientConn) {
	if c.slot != nil {
		l.conns.Remove(c.slot)
		c.slot = nil
	}
}

// closeUnused begins the end: connections without a request in progress are closed at once, the
// others when they become idle.
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
		_ = c.Conn.Close() // not c.Close: nothing more is owed to its client
	}
}

// stopLingering makes connections close at once from now on.
func (l *connLimiter) stopLingering() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closing = true
}

func (l *connLimiter) isClosing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing
}

type connKey struct{}

// withConn and connState are the hooks of an http.Server whose listener is a connLimiter.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

func connState(c net.Conn, state http.ConnState) {
	if c, ok := c.(*clientConn); ok {
		c.state.Store(int32(state))
		if state == http.StateIdle {
			c.limiter.signal() // it may leave from now on
		}
	}
}

// connOf returns the connection of a request, or nil if the server is used as a plain
// http.Handler.
func connOf(ctx context.Context) *clientConn {
	c, _ := ctx.Value(connKey{}).(*clientConn)
	return c
}

// fromInternet reports whether a request came through a tunnel, hfhook's own or another
// program's.
func fromInternet(ctx context.Context) bool {
	c := connOf(ctx)
	return c != nil && c.internet.Load()
}

// mayAsk reports whether a request without the right secret is within the rate limit.
func mayAsk(ctx context.Context) bool {
	c := connOf(ctx)
	return c == nil || !c.internet.Load() || c.limiter.rate.Allow()
}

// markVerified notes that a request with the right secret has come.
func markVerified(ctx context.Context) {
	if c := connOf(ctx); c != nil {
		c.limiter.verify(c)
	}
}
