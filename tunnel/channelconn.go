package tunnel

import (
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// A channelConn is a channel of an SSH connection as a net.Conn. A channel has no deadlines,
// without which net/http would let a stranger hold it for ever.
type channelConn struct {
	ssh.Channel
	from net.Addr

	chunks chan []byte // data that was read; closed at the end
	rest   []byte      // of the last chunk; only for Read
	failed error       // why it ended; read after chunks is closed
	done   chan struct{}
	once   sync.Once

	mu       sync.Mutex
	changed  chan struct{} // closed when the deadline for reads is set
	deadline time.Time     // of reads
	writes   *time.Timer
}

func newChannelConn(channel ssh.Channel, from net.Addr) *channelConn {
	c := &channelConn{Channel: channel, from: from, chunks: make(chan []byte), done: make(chan struct{}), changed: make(chan struct{})}
	go c.pump()
	return c
}

// pump reads ahead by one chunk, since a Read of a channel cannot be cancelled.
func (c *channelConn) pump() {
	defer close(c.chunks)
	for {
		chunk := make([]byte, 16<<10)
		n, err := c.Channel.Read(chunk)
		if n > 0 {
			select {
			case c.chunks <- chunk[:n]:
			case <-c.done:
				c.failed = net.ErrClosed
				return
			}
		}
		if err != nil {
			c.failed = err
			return
		}
	}
}

func (c *channelConn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(c.rest) == 0 {
		c.mu.Lock()
		changed, deadline := c.changed, c.deadline
		c.mu.Unlock()
		var late <-chan time.Time
		if !deadline.IsZero() {
			left := time.Until(deadline)
			if left <= 0 {
				return 0, os.ErrDeadlineExceeded
			}
			timer := time.NewTimer(left)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case chunk, more := <-c.chunks:
			if !more {
				return 0, c.failed
			}
			c.rest = chunk
		case <-c.done:
			return 0, net.ErrClosed
		case <-late:
			return 0, os.ErrDeadlineExceeded
		case <-changed:
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Close implements net.Conn.
func (c *channelConn) Close() error {
	c.once.Do(func() {
		close(c.done)
		_ = c.SetWriteDeadline(time.Time{})
	})
	return c.Channel.Close()
}

func (c *channelConn) LocalAddr() net.Addr  { return sshAddr("ssh") }
func (c *channelConn) RemoteAddr() net.Addr { return c.from }

// SetDeadline implements net.Conn.
func (c *channelConn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

// SetReadDeadline implements net.Conn.
func (c *channelConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	close(c.changed)
	c.changed = make(chan struct{})
	return nil
}

// SetWriteDeadline implements net.Conn, except that the channel is closed at the deadline,
// since a Write of it cannot be cancelled.
func (c *channelConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writes != nil {
		c.writes.Stop()
		c.writes = nil
	}
	if !t.IsZero() {
		c.writes = time.AfterFunc(time.Until(t), func() { _ = c.Channel.Close() })
	}
	return nil
}
