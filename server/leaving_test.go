package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"hfhook/server"
)

// serveLater returns a listener that is not served before the function is called.
func serveLater(t *testing.T, serve func(context.Context, net.Listener) error) (url string, begin func()) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	began := false
	t.Cleanup(func() {
		cancel()
		_ = ln.Close()
		if began {
			if err := <-served; err != nil {
				t.Errorf("serve: %v", err)
			}
		}
	})
	return "http://" + ln.Addr().String(), func() {
		began = true
		go func() { served <- serve(ctx, ln) }()
	}
}

// A request with the right secret that was sent before a crowd of strangers came is answered,
// although the crowd takes all places before the request is read.
func TestSentBeforeTheCrowd(t *testing.T) {
	t.Parallel()
	const crowd = 100
	for _, size := range []int{0, 20_000} { // of the head, which is read in parts
		s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, MaxConns: 4})
		url, begin := serveLater(t, s.ServeLocal)
		hub := dial(t, url)
		body := pushBody(t)
		fmt.Fprintf(hub, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Long: %s\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n%s", strings.Repeat("x", size), canary, len(body), body)
		for range crowd {
			_, _ = io.WriteString(dial(t, url), "POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n{")
		}
		begin()
		if status, text, err := answerOf(hub); status != 200 || err != nil {
			t.Errorf("a head of %d bytes: answered %d %s, %v", size, status, text, err)
		}
	}
}

// A head with the right secret keeps its connection, however long the body takes; and so does
// one on which an earlier request was the Hub's, while there are others to close.
func TestWithTheSecretItStays(t *testing.T) {
	t.Parallel()
	const places = 4
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, MaxConns: places})
	url := start(t, s.ServeLocal)
	body := pushBody(t)
	request := fmt.Sprintf("POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n", canary, len(body))
	kept, slow := dial(t, url), dial(t, url)
	answered := func(conn net.Conn, part string) {
		t.Helper()
		fmt.Fprint(conn, part)
		if status, text, err := answerOf(conn); status != 200 || err != nil {
			t.Fatalf("answered %d %s, %v", status, text, err)
		}
	}
	answered(kept, request+string(body))
	// The body is begun, and the server is known to wait for the rest once it says that it
	// wants it.
	fmt.Fprint(slow, strings.Replace(request, "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1))
	if head := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n")); true {
		if _, err := io.ReadFull(slow, head); err != nil || !strings.HasPrefix(string(head), "HTTP/1.1 100") {
			t.Fatalf("%q, %v", head, err)
		}
	}
	var strangers []net.Conn
	for range 4 * places {
		conn := dial(t, url)
		_, _ = io.WriteString(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Half")
		strangers = append(strangers, conn)
	}
	for _, conn := range strangers[:2*places] {
		if !isClosed(conn) {
			t.Fatalf("a stranger keeps its place")
		}
	}
	answered(slow, string(body))
	answered(kept, request+string(body))
}

// A place that a connection with the secret has once it is idle can be had, but only if no
// stranger's can.
func TestIdleIsTheLastToGo(t *testing.T) {
	t.Parallel()
	const places = 3
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, MaxConns: places})
	url := start(t, s.ServeLocal)
	body := pushBody(t)
	post := func(conn net.Conn) (int, error) {
		fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n%s", canary, len(body), body)
		status, _, err := answerOf(conn)
		return status, err
	}
	var kept []net.Conn
	for range places {
		conn := dial(t, url)
		if status, err := post(conn); status != http.StatusOK || err != nil {
			t.Fatalf("answered %d, %v", status, err)
		}
		kept = append(kept, conn)
	}
	if status, err := post(dial(t, url)); status != http.StatusOK || err != nil {
		t.Fatalf("beside %d idle ones: answered %d, %v", places, status, err)
	}
	closed := 0
	for _, conn := range kept {
		if status, err := post(conn); status != http.StatusOK || err != nil {
			closed++
		}
	}
	if closed > 1 {
		t.Errorf("%d of %d idle connections were closed for one", closed, places)
	}
}

// A client that never reads its answer does not keep a place that is wanted.
func TestLeavesInTheMiddleOfAnAnswer(t *testing.T) {
	t.Parallel()
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 64 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	})
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, MaxConns: 1, Page: page})
	url := start(t, s.ServeLocal)
	deaf := dial(t, url)
	fmt.Fprint(deaf, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	if _, err := io.ReadFull(deaf, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	body := pushBody(t)
	for range 3 { // the second one waits until the deaf one has left
		conn := dial(t, url)
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n%s", canary, len(body), body)
		if status, text, err := answerOf(conn); status != 200 || err != nil {
			t.Fatalf("answered %d %s, %v", status, text, err)
		}
	}
}
