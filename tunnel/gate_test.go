package tunnel

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
)

// A connection that comes when nobody takes it any more is closed, and keeps nobody
// waiting.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := newPlayedConn()
		g := newGate(inner.Listener())
		go g.run()

		client, server := net.Pipe()
		inner.conns <- server
		if got, err := g.Accept(); got != server || err != nil {
			t.Errorf("Accept: %v, %v", got, err)
		}
		_ = client.Close()

		client, server = net.Pipe()
		inner.conns <- server // waits in the gate
		_ = g.Close()
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("one that waited: %v", err)
		}
		client, server = net.Pipe()
		inner.conns <- server
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("one that came late: %v", err)
		}
		inner.fail <- errors.New("over")
		<-g.ended
		if _, err := g.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept after Close: %v", err)
		}
	})
}

// That the connection is over counts for more than what the server makes of it.
func TestServerEnded(t *testing.T) {
	over := &Problem{Message: "over"}
	g := newGate(playedListener{newPlayedConn()})
	h := &hold{gate: g, ended: g.ended, serve: errors.New("accept: over")}
	if p := h.serverEnded().problem; p == nil || !p.Fatal {
		t.Errorf("the server stopped: %+v", p)
	}
	g.err = over
	close(g.ended)
	if p := h.serverEnded().problem; p != over {
		t.Errorf("the connection is over: %+v", p)
	}
}
