package server

// One connection of a listener: how it leaves when its place is wanted for another one, and
// how it is closed so that its client gets the answer.

import (
	"container/list"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// What is read of a request that was refused before its end, so that its sender gets the
// answer: a connection that is closed with unread bytes is reset, and many clients then
// drop what they have received.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 256 << 10
)

// How long a connection that has to leave is still read. What its client has sent is there
// already, so that the times matter only to a client that is slow, or on a busy machine.
const (
	lastRead   = 50 * time.Millisecond  // each read of it
	fewestRead = 250 * time.Millisecond // that each client has from its connection on
	mostRead   = time.Second            // all reads of it; then nothing more is read
	leaveTime  = 5 * time.Second        // then it is closed, whatever is being done with it
)

// A clientConn is a connection that was accepted.
type clientConn struct {
	net.Conn
	limiter  *connLimiter
	accepted time.Time
	state    atomic.Int32 // the http.ConnState
	internet atomic.Bool  // the request in progress comes from the internet
	closed   atomic.Bool
	writing  atomic.Bool // a Write is in progress

	// Of limiter.mu.
	slot     *list.Element // nil: it has none any more
	verified bool          // a request with the right secret has come
	counted  bool          // it is one of those that are leaving

	mu      sync.Mutex  // over what follows, and the deadlines
	leaving atomic.Bool // set with mu held
	left    time.Time   // since when it is leaving
	tried   bool        // it was read since then
	hard    *time.Timer // closes it after leaveTime
}

// leave has a connection end whose place was given away, unless a request with the right
// secret is found in what its client has sent.
func (c *clientConn) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.limiter.isLeaving(c) {
		return // the request has come just now
	}
	c.left, c.tried = time.Now(), false
	c.leaving.Store(true)
	if c.writing.Load() {
		_ = c.Conn.SetWriteDeadline(c.left.Add(lingerTime))
	}
	if c.Conn.SetReadDeadline(c.left) != nil { // wakes who waits in Read
		_ = c.Conn.Close()
	}
	c.hard = time.AfterFunc(leaveTime, func() {
		if c.leaving.Load() {
			_ = c.Conn.Close()
		}
	})
}

// stay takes leave back.
func (c *clientConn) stay() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.leaving.Load() {
		return // leave is yet to come, and will do nothing
	}
	c.leaving.Store(false)
	c.hard.Stop()
	_ = c.Conn.SetReadDeadline(time.Now().Add(readTimeout))
}

// Read implements net.Conn. On a connection that is leaving it gives what has come, and
// waits for more only for a moment.
func (c *clientConn) Read(b []byte) (int, error) {
	if !c.leaving.Load() {
		n, err := c.Conn.Read(b)
		if n > 0 || err == nil || !errors.Is(err, os.ErrDeadlineExceeded) || !c.leaving.Load() {
			return n, err
		}
	}
	if !c.readOn() {
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(b)
}

// readOn sets the deadline of one more read, and reports whether there is to be one.
func (c *clientConn) readOn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.leaving.Load() { // it stays
		return true
	}
	now := time.Now()
	if c.tried && now.Sub(c.left) > mostRead {
		return false
	}
	c.tried = true
	until := now.Add(lastRead)
	if earliest := c.accepted.Add(fewestRead); earliest.After(until) {
		until = earliest
	}
	return c.Conn.SetReadDeadline(until) == nil
}

// Write implements net.Conn.
func (c *clientConn) Write(b []byte) (int, error) {
	c.writing.Store(true)
	defer c.writing.Store(false)
	if c.leaving.Load() {
		_ = c.Conn.SetWriteDeadline(time.Now().Add(lingerTime))
	}
	return c.Conn.Write(b)
}

// SetReadDeadline implements net.Conn. That of a connection that is leaving can only come
// earlier.
func (c *clientConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving.Load() && (t.IsZero() || t.After(time.Now())) {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline implements net.Conn.
func (c *clientConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.Conn.SetWriteDeadline(t))
}

// Close implements net.Conn. In the middle of a request it first has the client read what
// was written: it ends the sending, and reads on for a moment.
func (c *clientConn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	if http.ConnState(c.state.Load()) == http.StateActive && !c.leaving.Load() && !c.limiter.isClosing() {
		c.linger()
	}
	err := c.Conn.Close()
	c.mu.Lock()
	if c.hard != nil {
		c.hard.Stop()
	}
	c.mu.Unlock()
	c.limiter.gone(c)
	return err
}

// CloseWrite ends the sending, if the connection can do that.
func (c *clientConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

func (c *clientConn) linger() {
	_ = c.CloseWrite()
	if c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
	}
}
