package tunnel

import (
	"net"
	"sync"
)

// A gate is the listener that the server gets for a connection. It always accepts from the
// connection's own listener, whatever the server does: a service's client can hang while
// closing if a request waits to be accepted.
type gate struct {
	inner  net.Listener
	conns  chan net.Conn
	closed chan struct{} // closed: the server or the tunnel accepts no more requests
	once   sync.Once
	ended  chan struct{} // closed: the connection has ended, with err
	err    error         // read after ended
}

func newGate(inner net.Listener) *gate {
	return &gate{
		inner:  inner,
		conns:  make(chan net.Conn),
		closed: make(chan struct{}),
		ended:  make(chan struct{}),
	}
}

// run accepts until the inner listener fails.
func (g *gate) run() {
	defer close(g.ended)
	for {
		c, err := g.inner.Accept()
		if err != nil {
			g.err = err
			return
		}
		select {
		case g.conns <- c:
		case <-g.closed:
			_ = c.Close()
		}
	}
}

func (g *gate) Accept() (net.Conn, error) {
	select {
	case <-g.closed: // first, so that nothing is accepted after Close
		return nil, net.ErrClosed
	default:
	}
	select {
	case c := <-g.conns:
		return c, nil
	case <-g.closed:
		return nil, net.ErrClosed
	case <-g.ended:
		return nil, g.err
	}
}

// Close only closes the gate: it never waits for the service.
func (g *gate) Close() error {
	g.once.Do(func() { close(g.closed) })
	return nil
}

func (g *gate) Addr() net.Addr { return g.inner.Addr() }
