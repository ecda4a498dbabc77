package delivery

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/internal/waittest"
)

// pair returns both ends of a connection.
func pair(t *testing.T) (here, there net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if here, err = net.Dial("tcp", ln.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { here.Close() })
	if there, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { there.Close() })
	return here, there
}

func onlyWithPeek(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a socket cannot be looked into here")
	}
}

// awaitStale waits until what the other side did has come through.
func awaitStale(t *testing.T, conn net.Conn) {
	t.Helper()
	waittest.Until(t, "that the connection is stale", func() bool { return stale(conn) })
}

func TestStale(t *testing.T) {
	t.Parallel()
	onlyWithPeek(t)
	for name, act := range map[string]func(there net.Conn){
		"closed": func(there net.Conn) { there.Close() },
		"reset":  func(there net.Conn) { _ = there.(*net.TCPConn).SetLinger(0); there.Close() },
		"speaks": func(there net.Conn) { _, _ = io.WriteString(there, "HTTP/1.1 408 Request Timeout\r\n\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here, there := pair(t)
			if stale(here) {
				t.Fatal("a new connection is stale")
			}
			act(there)
			awaitStale(t, here)

			c := &kept{Conn: here}
			c.unused.Store(true)
			if n, err := c.Write([]byte("POST")); n != 0 || err != errStale || !c.isUnused() {
				t.Errorf("wrote %d bytes to it, %v", n, err)
			}
		})
	}
}

// TestClosedBefore has a handler close the kept connection after it was chosen for
// the second event and before anything is written to it: once noticed by net/http,
// once only by the look into the socket. The event goes out on another connection.
func TestClosedBefore(t *testing.T) {
	t.Parallel()
	onlyWithPeek(t)
	for name, noticed := range map[string]bool{"noticed": true, "not noticed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var conns []*watched
			sides := make(chan net.Conn, 2)
			target := raw(t, func(conn net.Conn, _ *http.Request) {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				sides <- conn
				_, _ = bufio.NewReader(conn).ReadByte() // until the test closes it
			})
			out := New(newMemLog(), Options{})
			t.Cleanup(out.sender.transport.CloseIdleConnections)
			out.sender.transport.IdleConnTimeout = 0
			out.sender.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				if err != nil {
					return nil, err
				}
				c := &watched{TCPConn: conn.(*net.TCPConn), closed: make(chan struct{}), hide: !noticed}
				mu.Lock()
				defer mu.Unlock()
				conns = append(conns, c)
				return &kept{Conn: c}, nil
			}
			e := hubEvent("{}")
			first := event.Delivery{Kind: event.Live, N: 1, State: event.Done}
			if out.sender.attempt(t.Context(), &e, target, &first, func() {}); first.Status != 200 {
				t.Fatalf("%+v", first)
			}
			side := <-sides
			second := event.Delivery{Kind: event.Live, N: 2, State: event.Done}
			out.sender.attempt(t.Context(), &e, target, &second, func() {
				side.Close()
				if noticed {
					<-conns[0].closed
				} else {
					awaitStale(t, conns[0])
				}
			})
			hosts := 0
			for _, f := range second.RequestHeader {
				if f.Name == "Host" {
					hosts++
				}
			}
			if !second.OK() || len(conns) != 2 || hosts != 1 {
				t.Errorf("%d connections, %+v", len(conns), second)
			}
		})
	}
}

// watched is a connection that tells when it is closed on this side, and, with
// hide, keeps the other side's end from its reader until then.
type watched struct {
	*net.TCPConn
	once   sync.Once
	closed chan struct{}
	hide   bool
}

func (c *watched) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	if err != nil && c.hide {
		<-c.closed
	}
	return n, err
}

func (c *watched) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.TCPConn.Close()
}
