package delivery

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"hfhook/event"
)

// recordedBytes is a target that answers 200, and what it was sent.
func recordedBytes(t *testing.T, secured bool) (Target, <-chan string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secured {
		certified := httptest.NewUnstartedServer(nil)
		certified.StartTLS()
		t.Cleanup(certified.Close)
		ln = tls.NewListener(ln, &tls.Config{Certificates: certified.TLS.Certificates})
	}
	t.Cleanup(func() { _ = ln.Close() })
	got := make(chan string, 10)
	go func() { // ends with the listener
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			got <- readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			_ = conn.Close()
		}
	}()
	scheme := "http"
	if secured {
		scheme = "https"
	}
	target := mustTarget(t, scheme+"://"+ln.Addr().String())
	target.Insecure = secured
	return target, got
}

// readRequest reads the bytes of one request with a Content-Length.
func readRequest(conn net.Conn) string {
	var all bytes.Buffer
	part := make([]byte, 1<<10)
	for {
		n, err := conn.Read(part)
		all.Write(part[:n])
		head, body, whole := strings.Cut(all.String(), "\r\n\r\n")
		if whole {
			_, length, _ := strings.Cut(strings.ToLower(head), "content-length: ")
			length, _, _ = strings.Cut(length, "\r\n")
			want, _ := strconv.Atoi(length)
			whole = len(body) >= want
		}
		if whole || err != nil {
			return all.String()
		}
	}
}

func TestExact(t *testing.T) {
	t.Parallel()
	body := `{"a": "` + strings.Repeat("ü", 40<<10) + "\"}\n"
	e := event.Event{
		ID: "01JD4X7M9C8Q2R5T7V9WABCDEF",
		Capture: event.Capture{Method: "POST", Path: "/webhooks/a%20b", Query: "x=1", Body: []byte(body),
			Header: []event.Field{
				{Name: "host", Value: "abc.ngrok-free.app"}, {Name: "X-Second", Value: "2"}, {Name: "content-length", Value: "7"}, {Name: "accept", Value: "*/*"},
				{Name: "X-Forwarded-For", Value: "192.0.2.1"}, {Name: "Connection", Value: "X-Hop"}, {Name: "X-Hop", Value: "1"}, {Name: "webhook-id", Value: "w-1"},
				{Name: "X-Hfhook-Event-Id", Value: "forged"}, {Name: "Authorization", Value: "Bearer x"}, {Name: "X-Second", Value: "1"}, {Name: "A-First", Value: "0"},
			},
		},
	}
	for name, test := range map[string]struct {
		change  func(*event.Event, *Target)
		options Options
		secured bool
		want    string // HOST, LENGTH and BODY stand for these
	}{
		"as it came": {options: Options{Secret: theSecret},
			want: "POST /webhooks/a%20b?x=1 HTTP/1.1\r\nHost: HOST\r\nX-Second: 2\r\ncontent-length: LENGTH\r\naccept: */*\r\nwebhook-id: w-1\r\nAuthorization: Bearer x\r\nX-Second: 1\r\nA-First: 0\r\nX-Webhook-Secret: " + canary + "\r\n\r\nBODY"},
		"by TLS": {secured: true,
			want: "POST /webhooks/a%20b?x=1 HTTP/1.1\r\nHost: HOST\r\nX-Second: 2\r\ncontent-length: LENGTH\r\naccept: */*\r\nwebhook-id: w-1\r\nAuthorization: Bearer x\r\nX-Second: 1\r\nA-First: 0\r\n\r\nBODY"},
		"with headers of the target": {
			change: func(e *event.Event, t *Target) {
				e.Header, t.Header = e.Header[:2], []event.Field{{Name: "X-Mode", Value: "test"}}
			},
			want: "POST /webhooks/a%20b?x=1 HTTP/1.1\r\nHost: HOST\r\nX-Second: 2\r\nContent-Length: LENGTH\r\n\r\nBODY"},
		"without headers and body": {
			change: func(e *event.Event, _ *Target) { e.Header, e.Body = nil, nil },
			want:   "POST /webhooks/a%20b?x=1 HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n"},
		"without the secret": {options: Options{Secret: theSecret},
			change: func(e *event.Event, t *Target) { e.Header, t.ReplayAs.Secret = nil, SecretNever },
			want:   "POST /webhooks/a%20b?x=1 HTTP/1.1\r\nHost: HOST\r\nContent-Length: LENGTH\r\n\r\nBODY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, got := recordedBytes(t, test.secured)
			e, target := e, target
			target.ReplayAs.Exact = true
			if test.change != nil {
				test.change(&e, &target)
			}
			log := newMemLog()
			out := New(log, test.options)
			recorded := log.append(e)
			seen := out.Preview(recorded, target, nil)
			d, err := out.Send(t.Context(), recorded, target, event.Replay)
			if err != nil || !d.OK() || string(d.ResponseBody) != "ok" {
				t.Fatalf("%d %s %q, %v", d.Status, d.Err, d.ResponseBody, err)
			}
			want := strings.NewReplacer("HOST", target.URL.Host, "LENGTH", strconv.Itoa(len(e.Body)), "BODY", string(e.Body)).Replace(test.want)
			if sent := <-got; sent != want {
				t.Errorf("sent were %.600q, want %.600q", sent, want)
			}
			if strings.Join(headerLines(seen.RequestHeader), "\n") != strings.Join(headerLines(d.RequestHeader), "\n") || strings.Contains(strings.Join(headerLines(d.RequestHeader), "\n"), canary) {
				t.Errorf("the preview has %v, the record %v", seen.RequestHeader, d.RequestHeader)
			}
			// The first byte may be there by the time that the request counts as written.
			if d.Phases.Connect <= 0 || d.Phases.FirstByte < 0 {
				t.Errorf("the phases are %+v", d.Phases)
			}
		})
	}
}

// TestExactElsewhere: what lets a person in stays on this machine, and a proxy, which would
// change the head, does not work.
func TestExactElsewhere(t *testing.T) {
	t.Parallel()
	e := &event.Event{Capture: event.Capture{Method: "POST", Path: "/", Header: []event.Field{{Name: "Authorization", Value: "a"}, {Name: "cookie", Value: "b"}, {Name: "X-A", Value: "c"}}}}
	far := mustTarget(t, "https://example.com")
	if got := strings.Join(headerLines(exactHeader(e, far, "")), "\n"); got != "Host: example.com\nX-A: c\nContent-Length: 0" {
		t.Errorf("to another host goes %q", got)
	}
	proxy := func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy.lan:3128") }
	far.ReplayAs.Exact = true
	d, err := New(newMemLog(), Options{Proxy: proxy}).Send(t.Context(), e, far, event.Replay)
	if err != nil || d.Err != "an exact replay does not go through the proxy proxy.lan:3128: name example.com in NO_PROXY" {
		t.Errorf("%q, %v", d.Err, err)
	}
}
