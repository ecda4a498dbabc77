package server_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/server"
)

// patience is how long a test waits for what comes at once: less than the server waits for
// a body, and far more than it takes.
const patience = 30 * time.Second

// listeners are the two ways in.
func listeners(s *server.Server) map[string]func(context.Context, net.Listener) error {
	return map[string]func(context.Context, net.Listener) error{"local": s.ServeLocal, "tunnel": s.ServeTunnel}
}

func dial(t testing.TB, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// answerOf reads one answer whole, and returns its status and body.
func answerOf(conn io.Reader) (int, string, error) {
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

// A refusal that the head decides does not wait for the body, and its sender gets it: one
// that has stopped sending, one that sends on and reads meanwhile, and one that reads only
// when it cannot send any more.
func TestRefusedBeforeTheBody(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, MaxBody: 11 << 20})
	heads := map[int]string{
		400: "POST /webhooks HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: %d\r\n\r\n",
		401: "POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
		403: "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: wrong\r\nContent-Length: %d\r\n\r\n",
		404: "POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
		405: "PUT /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
		413: "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: " + canary + "\r\nX-Announced: %d\r\nContent-Length: 99999999\r\n\r\n",
	}
	var senders sync.WaitGroup
	for name, serve := range listeners(s) {
		url := start(t, serve)
		for status, head := range heads {
			for _, size := range []int{64 << 10, 10 << 20} {
				for how, send := range map[string]func(conn net.Conn, body []byte){
					"nothing more": func(net.Conn, []byte) {},
					"half":         func(conn net.Conn, body []byte) { _, _ = conn.Write(body[:len(body)/2]) },
					"all beside":   func(conn net.Conn, body []byte) { senders.Go(func() { _, _ = conn.Write(body) }) },
					"all before":   func(conn net.Conn, body []byte) { _, _ = conn.Write(body) },
				} {
					conn := dial(t, url)
					senders.Go(func() {
						_, _ = fmt.Fprintf(conn, head, size)
						send(conn, make([]byte, size))
						if got, _, err := answerOf(conn); got != status || err != nil {
							t.Errorf("%s, %d bytes, %s, %d: answered %d, %v", name, size, how, status, got, err)
						}
					})
				}
			}
		}
	}
	senders.Wait()
}

// More strangers than are looked at for a moment are told from the Hub by their heads, and
// no other request waits for them.
func TestHubHead(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec})
	url := start(t, s.ServeLocal)
	for header, want := range map[string]bool{"Webhook-Id: 1": true, "User-Agent: HuggingFace-Webhooks/1.0": true, "User-Agent: curl/8": false} {
		conn := dial(t, url)
		fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\n%s\r\nContent-Length: 99999\r\n\r\n", header)
		if status, _, err := answerOf(conn); status != 401 || err != nil {
			t.Errorf("%s: answered %d, %v", header, status, err)
		}
		if _, rejected := rec.taken(); rejected[len(rejected)-1].LooksLikeHub != want {
			t.Errorf("%s: %+v", header, rejected[len(rejected)-1])
		}
	}
}

// When all places are taken, the oldest stranger makes room, and nobody who has the secret.
func TestOldestUnknownSenderIsDropped(t *testing.T) {
	t.Parallel()
	const places = 3
	rec := &recorder{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec, MaxConns: places})
	url := start(t, s.ServeLocal)
	hub := dial(t, url)
	post := func(conn net.Conn) {
		t.Helper()
		body := pushBody(t)
		fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n%s", canary, len(body), body)
		if status, text, err := answerOf(conn); status != 200 || err != nil {
			t.Fatalf("the Hub got %d %s, %v", status, text, err)
		}
	}
	post(hub)
	var strangers []net.Conn
	for i := range 4 * places {
		conn := dial(t, url)
		fmt.Fprint(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Half") // a head that never ends
		strangers = append(strangers, conn)
		if i >= places-1 {
			if !isClosed(strangers[i-places+1]) {
				t.Fatalf("the oldest of %d strangers keeps its place", i+1)
			}
		}
	}
	post(hub)
	post(dial(t, url)) // beside one that was there before
	if events, _ := rec.taken(); len(events) != 3 {
		t.Errorf("recorded %d events", len(events))
	}
}

// isClosed waits until the server closes a connection, with or without an answer before that,
// and reports whether it has in time.
func isClosed(conn net.Conn) bool {
	_, err := io.Copy(io.Discard, conn)
	late, ok := err.(net.Error)
	return !ok || !late.Timeout()
}

// The rate of strangers is theirs alone. They have the Hub's address, and even share its
// connection.
func TestRateIsForStrangers(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{
		Secrets:  []server.Secret{secret(t, canary)},
		Recorder: withURLs(&recorder{}, func() []string { return []string{"https://hooks.example/base", "http://127.0.0.1:1"} }),
	})
	const most = 5
	s.LimitStrangers(most)
	for name, tt := range map[string]struct {
		serve   func(context.Context, net.Listener) error
		header  string
		limited bool
	}{
		"tunnel":             {s.ServeTunnel, "Host: x", true},
		"own tunnel by host": {s.ServeLocal, "Host: hooks.example", true},
		"own tunnel by port": {s.ServeLocal, "Host: HOOKS.example:443", true},
		"own tunnel by line": {s.ServeLocal, "Host: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1", true},
		"this machine":       {s.ServeLocal, "Host: 127.0.0.1", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, start(t, tt.serve))
			r := bufio.NewReader(conn)
			ask := func(header string) int {
				body := pushBody(t)
				fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\n%s%s\r\nContent-Length: %d\r\n\r\n%s", tt.header, header, len(body), body)
				resp, err := http.ReadResponse(r, nil)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				if resp.Close {
					conn = dial(t, "http://"+conn.RemoteAddr().String())
					r.Reset(conn)
				}
				return resp.StatusCode
			}
			for i := range 2 * most {
				want := 401
				if tt.limited && i >= most {
					want = 429
				}
				if got := ask(""); got != want {
					t.Fatalf("stranger %d got %d, want %d", i+1, got, want)
				}
			}
			for range 2 * most {
				if got := ask("\r\nX-Webhook-Secret: " + canary); got != 200 {
					t.Fatalf("the Hub got %d", got)
				}
			}
		})
	}
}

// What another program's tunnel brings to the local listener is from the internet.
func TestForwarded(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	var url string
	s := newServer(t, server.Options{Recorder: withURLs(rec, func() []string { return []string{"https://hooks.example", url} })})
	url = start(t, s.ServeLocal)
	for _, tt := range []struct {
		host, header string
		internet     bool
	}{
		{"", "", false},
		{"localhost", "", false},
		{"hooks.example", "", true},
		{"hooks.example:8443", "", true},
		{"", "Cf-Ray", true},
		{"", "Forwarded", true},
		{"", "Via", true},
		{"", "X-Custom", false},
	} {
		ask := func(method, path string, body io.Reader) int {
			req, err := http.NewRequestWithContext(t.Context(), method, url+path, body)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tt.host
			if tt.header != "" {
				req.Header.Set(tt.header, "x")
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			return resp.StatusCode
		}
		want := map[bool]int{true: 404, false: 200}[tt.internet]
		if got := ask("GET", "/healthz", nil); got != want {
			t.Errorf("%q %q: /healthz is %d, want %d", tt.host, tt.header, got, want)
		}
		if got := ask("POST", "/webhooks", bytes.NewReader(pushBody(t))); got != 200 {
			t.Errorf("%q %q: an event is answered %d", tt.host, tt.header, got)
		}
		if events, _ := rec.taken(); events[len(events)-1].Tunnel != tt.internet {
			t.Errorf("%q %q: the event came by a tunnel: %v", tt.host, tt.header, !tt.internet)
		}
	}
}

// A page in a browser cannot post: by its own name for this machine, where no secret is
// asked for, or by what the browser says.
func TestWebPageCannotPost(t *testing.T) {
	t.Parallel()
	urls := func() []string { return []string{"https://hooks.example", "http://127.0.0.1:4665"} }
	for _, tt := range []struct {
		host, header string
		open         bool
		status       int
		reason       event.Reason
	}{
		{"127.0.0.1:4665", "", true, 200, ""},
		{"localhost", "", true, 200, ""},
		{"[::1]:4665", "", true, 200, ""},
		{"hooks.example", "", true, 200, ""},
		{"attacker.example:4665", "", true, 403, event.WrongHost},
		{"attacker.example:4665", "", false, 200, ""}, // it has the secret
		{"127.0.0.1:4665", "Origin", true, 403, event.FromBrowser},
		{"127.0.0.1:4665", "Origin", false, 403, event.FromBrowser},
		{"hooks.example", "Sec-Fetch-Site", true, 403, event.FromBrowser},
		{"127.0.0.1:4665", "Sec-Fetch-Mode", true, 200, ""}, // Node sends it
		{"attacker.example:4665", "X-Forwarded-For", true, 403, event.WrongHost},
	} {
		rec := &recorder{}
		opts := server.Options{Recorder: withURLs(rec, urls)}
		if !tt.open {
			opts.Secrets = []server.Secret{secret(t, canary)}
		}
		r := httptest.NewRequest("POST", "/webhooks", bytes.NewReader(pushBody(t)))
		r.Host = tt.host
		r.Header.Set("X-Webhook-Secret", canary)
		if tt.header != "" {
			r.Header.Set(tt.header, "x")
		}
		w := httptest.NewRecorder()
		newServer(t, opts).ServeHTTP(w, r)
		_, rejected := rec.taken()
		if w.Code != tt.status || (tt.reason != "") != (len(rejected) == 1) || tt.reason != "" && rejected[0].Reason != tt.reason {
			t.Errorf("%+v: %d, %+v", tt, w.Code, rejected)
		}
	}
}

// A request in chunks that has a Content-Length, too, is the last one on its connection:
// what a proxy takes for its rest would be the next one otherwise.
func TestTwoLengthsEndTheConnection(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Recorder: rec})
	for name, serve := range listeners(s) {
		conn := dial(t, start(t, serve))
		body := pushBody(t)
		fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", len(body), body)
		answers, err := io.ReadAll(conn)
		if err != nil || strings.Count(string(answers), "HTTP/1.1 ") != 1 || !strings.HasPrefix(string(answers), "HTTP/1.1 200") {
			t.Errorf("%s: answered %q, %v", name, answers, err)
		}
	}
	if events, rejected := rec.taken(); len(events) != 2 || len(rejected) != 0 {
		t.Errorf("recorded %d events and %+v", len(events), rejected)
	}
}

// A large body for which there is no memory in time is refused with 503, and its sender
// gets that also if it writes all of the body before it reads. None is reset.
func TestFullServerAnswersEverySender(t *testing.T) {
	t.Parallel()
	const senders, size = 12, 10 << 20
	rec := &slowRecorder{release: make(chan struct{})}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec})
	s.WaitForRoom(50 * time.Millisecond)
	url := start(t, s.ServeLocal)
	body := append(bytes.Repeat([]byte(" "), size-len(pushBody(t))), pushBody(t)...)
	answered := make(chan int, senders)
	var all sync.WaitGroup
	for range senders {
		conn := dial(t, url)
		all.Go(func() {
			_, err := fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: a\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n", canary, size)
			if err == nil {
				_, err = conn.Write(body)
			}
			if err != nil {
				t.Errorf("a sender could not write its body: %v", err)
			}
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Errorf("a sender got no answer: %v", err)
				return
			}
			resp.Body.Close()
			if resp.StatusCode == 503 && resp.Header.Get("Retry-After") == "" {
				t.Error("503 without Retry-After")
			}
			answered <- resp.StatusCode
		})
	}
	got := map[int]int{<-answered: 1} // nothing is recorded until one was refused
	close(rec.release)
	all.Wait()
	close(answered)
	for status := range answered {
		got[status]++
	}
	if got[200] == 0 || got[503] == 0 || got[200]+got[503] != senders {
		t.Errorf("answers by status: %v", got)
	}
}

// slowRecorder records nothing before it is released.
type slowRecorder struct {
	recorder
	release chan struct{}
}

func (r *slowRecorder) Record(ctx context.Context, e *event.Event) error {
	<-r.release
	return r.recorder.Record(ctx, e)
}
