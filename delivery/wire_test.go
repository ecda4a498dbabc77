package delivery

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"hfhook/event"
)

const canary = `canary-7f3a"<&>9`

// handler serves on loopback until the test ends, and returns the target for it.
func handler(t testing.TB, f http.HandlerFunc) Target {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return mustTarget(t, server.URL)
}

// raw serves connections on loopback: f gets each request and writes whatever it
// likes; then the connection is closed. Where f reads on, until the test ends.
func raw(t testing.TB, f func(conn net.Conn, r *http.Request)) Target {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	group.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			group.Go(func() {
				defer conn.Close()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				if _, err := io.Copy(io.Discard, r.Body); err == nil {
					f(conn, r)
				}
			})
		}
	})
	t.Cleanup(func() {
		ln.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		group.Wait()
	})
	return mustTarget(t, ln.Addr().String())
}

// answers returns a raw server that sends a text to whoever asks.
func answers(t testing.TB, text string) Target {
	t.Helper()
	return raw(t, func(conn net.Conn, _ *http.Request) { _, _ = io.WriteString(conn, text) })
}

// closedPort returns a target at which nothing listens, and its address. Where it
// can it takes another loopback address than the other tests, lest one of them gets
// the port meanwhile.
func closedPort(t testing.TB) (Target, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		ln, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return mustTarget(t, ln.Addr().String()), ln.Addr().String()
}

const interruption = "hfhook stopped before the answer was complete"

func theSecret(string) (string, bool) { return canary, true }

func hubEvent(body string) event.Event {
	return event.Event{Capture: event.Capture{
		Method: "POST", Path: "/webhooks/say_hello", Body: []byte(body),
		Header: []event.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Webhook-Id", Value: "w-1"}},
	}}
}

// send makes one replay and returns what was recorded of it.
func send(t testing.TB, opts Options, target Target, e event.Event) event.Delivery {
	t.Helper()
	log := newMemLog()
	out := New(log, opts)
	t.Cleanup(out.sender.transport.CloseIdleConnections)
	d, err := out.Send(t.Context(), log.append(e), target, event.Replay)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func value(fields []event.Field, name string) string {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}
