package port

import (
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestServices finds what this process listens on, and sends nothing there.
func TestServices(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", ""} {
		ln := listen(t, net.JoinHostPort(host, "0"))
		_, number, err := net.SplitHostPort(ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		found := func(except ...string) string {
			for _, s := range Services(except...) {
				if s.Port == number {
					return s.String()
				}
			}
			return ""
		}
		if got, want := found(), number+" (port.test)"; got != want {
			t.Errorf("on %q: found %q, want %q", host, got, want)
		}
		if got := found("1", number); got != "" {
			t.Errorf("on %q, excepted: found %q", host, got)
		}
		if err := ln.(*net.TCPListener).SetDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if conn, err := ln.Accept(); err == nil {
			t.Errorf("on %q: somebody connected: %v", host, conn.RemoteAddr())
		}
	}
	ln := listen(t, "127.0.0.2:0")
	_, number, _ := net.SplitHostPort(ln.Addr().String())
	if got := Services(); len(got) > 1 && got[0].Port == number {
		t.Errorf("a port that is not common comes first: %v", got)
	}
}

func TestHeldBy(t *testing.T) {
	ln := listen(t, "127.0.0.1:0")
	id, ok := Listener(ln.Addr().String())
	if !ok {
		t.Fatal("nothing listens")
	}
	if !HeldBy(id, syscall.Getpgrp()) {
		t.Errorf("the socket %s is not held by the own group %d, process %s", id, syscall.Getpgrp(), strconv.Itoa(os.Getpid()))
	}
	if HeldBy(id, 1<<30) || HeldBy("", syscall.Getpgrp()) {
		t.Error("it is held by a group that does not exist")
	}
}

// TestFree holds that a port has to be free at each address.
func TestFreeAtEach(t *testing.T) {
	ln := listen(t, "127.0.0.1:0")
	_, number, _ := net.SplitHostPort(ln.Addr().String())
	if Free("[::1]:"+number, "127.0.0.1:"+number) {
		t.Error("free, though something listens at one address")
	}
	_ = ln.Close()
	if !Free("[::1]:"+number, "127.0.0.1:"+number) {
		t.Error("not free, though nothing listens")
	}
}
