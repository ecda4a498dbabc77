package tunnel

import (
	"errors"
	"io"
	"net"
	"testing"
)

// What the SDK dialled dies with the session, and it can dial no more.
func TestLifeline(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var l lifeline
	conn, err := l.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	peer, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	l.cut()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after the cut: %v", err)
	}
	if _, err := peer.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the other side: %v", err)
	}
	if late, err := l.Dial("tcp", ln.Addr().String()); late != nil || !errors.Is(err, net.ErrClosed) {
		t.Errorf("dial after the cut: %v, %v", late, err)
	}
}
