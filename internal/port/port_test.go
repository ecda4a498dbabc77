package port

import (
	"net"
	"runtime"
	"testing"
)

func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this machine has no %s: %v", address, err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

func TestListener(t *testing.T) {
	for _, test := range []struct {
		listen, ask string // hosts
		there       bool
	}{
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "localhost", true},
		{"0.0.0.0", "127.0.0.1", true},
		{"", "127.0.0.1", true},
		{"::1", "::1", true},
		{"::1", "localhost", true},
		{"127.0.0.1", "127.0.0.2", false},
		{"127.0.0.1", "::1", false},
	} {
		t.Run(test.listen+" "+test.ask, func(t *testing.T) {
			ln := listen(t, net.JoinHostPort(test.listen, "0"))
			_, number, err := net.SplitHostPort(ln.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			address := net.JoinHostPort(test.ask, number)
			id, ok := Listener(address)
			if ok != test.there || ok == (id == "") {
				t.Fatalf("%q, %v", id, ok)
			}
			if ok && Free(address) {
				t.Error("it is free")
			}
			if ln.Close(); !ok {
				return
			}
			if id, ok := Listener(address); ok || id != "" {
				t.Errorf("closed, it is %q", id)
			}
			if !Free(address) {
				t.Error("closed, it is not free")
			}
			if runtime.GOOS != "linux" {
				return
			}
			again := listen(t, ln.Addr().String())
			if other, ok := Listener(address); !ok || other == id {
				t.Errorf("another listener is %q, as the first", other)
			}
			_ = again.Close()
		})
	}
}

func TestNoAddress(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000"} {
		if id, ok := Listener(address); ok || id != "" {
			t.Errorf("%q: %q", address, id)
		}
	}
}

// TestTried is how it is found out where the system has no list.
func TestTried(t *testing.T) {
	ln := listen(t, "127.0.0.1:0")
	if _, ok := tried(ln.Addr().String()); !ok {
		t.Error("it is not there")
	}
	_ = ln.Close()
	if _, ok := tried(ln.Addr().String()); ok {
		t.Error("it is there")
	}
}

func BenchmarkListener(b *testing.B) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	for b.Loop() {
		Listener(ln.Addr().String())
	}
}
