package server

// One connection of a listener: how it ends when its slot is needed for another one, and how it
// is closed so that its client gets the answer.

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

// Limits for reading the rest of a request that was rejected early, so that its sender gets the
// answer: closing a connection with unread bytes resets it, and many clients then drop what
// they have received.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 256 << 10
)

// How long a connection that must leave is still read. The client's data has usually arrived
// already, so the times matter only for slow clients and on a busy machine.
const (
	lastRead   = 50 * time.Millisecond  // each read of it
	fewestRead = 250 * time.Millisecond // minimum for each client, from its connection on
	mostRead   = time.Second            // for all reads of it
	leaveTime  = 5 * time.Second        // then it is closed, whatever it is used for
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

	// Guarded by limiter.mu.
	slot     *list.Element // nil: it has no slot any more
	verified bool          // a request with the right secret has arrived
	counted  bool          // it is counted as leaving

	mu      sync.Mutex  // guards what follows, and the deadlines
	leaving atomic.Bool // set with mu held
	left    time.Time   // since when it is leaving
	tried   bool        // it was read since then
	hard    *time.Timer // closes it after leaveTime
}

// leave ends a connection whose slot was given away, unless its client has sent a request with
// the right secret.
func (c *clientConn) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.limiter.isLeaving(c) {
		return // the request has just arrived
	}
	c.left, c.tried = time.Now(), false
	c.leaving.Store(true)
	if c.writing.Load() {
		_ = c.Conn.SetWriteDeadline(c.left.Add(lingerTime))
	}
	if c.Conn.SetReadDeadline(c.left) != nil { // wakes a Read
		_ = c.Conn.Close()
	}
	c.hard = time.AfterFunc(leaveTime, func() {
		if c.leaving.Load() {
			_ = c.Conn.Close()
		}
	})
}

// stay undoes leave.
func (c *clientConn) stay() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.leaving.Load() {
		return // leave comes later, and does nothing
	}
	c.leaving.Store(false)
	c.hard.Stop()
	_ = c.Conn.SetReadDeadline(time.Now().Add(readTimeout))
}

// Read implements net.Conn. On a leaving connection it returns what has arrived, and waits for
// more only briefly.
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

// readOn sets the deadline of one more read, and reports whether there is another one.
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

// SetReadDeadline implements net.Conn. On a leaving connection it can only shorten the
// deadline.
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

// Close implements net.Conn. In the middle of a request it first lets the client read the
// answer: it closes the write side, and reads on for a moment.
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

// CloseWrite closes the write side, if the connection supports that.
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
