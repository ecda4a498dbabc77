package delivery

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/event"
	"hfhook/internal/redact"
)

// TestSend looks at both ends of an attempt that goes well.
func TestSend(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"json":   `{"event": {"action":"update"},  "a":1.0}` + "\r\n",
		"binary": "\x00\xff\xfe\r\n\r\n\x1b[31m\x80",
		"empty":  "",
		"large":  strings.Repeat("0123456789", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			type request struct {
				Method, URI, Host, Body string
				Length                  int64
				Header                  http.Header
			}
			var got request
			target := handler(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				got = request{r.Method, r.RequestURI, r.Host, string(body), r.ContentLength, r.Header}
				w.Header()["X-Several"] = []string{"b", "a"}
				w.Header()["Date"] = nil
				w.WriteHeader(http.StatusAccepted)
				_, _ = io.WriteString(w, "thanks")
			})
			log := newMemLog()
			e := hubEvent(body)
			e.Query = "a=1"
			e.Header = append(e.Header, event.Field{Name: "X-Forwarded-For", Value: "192.0.2.1"})
			out := New(log, Options{Secret: theSecret})
			d, err := out.Send(t.Context(), log.append(e, Target{Name: "first", URL: target.URL}), target, event.Replay)
			if err != nil {
				t.Fatal(err)
			}

			id := fmt.Sprintf("%026d", 1)
			length := fmt.Sprint(len(body))
			header := http.Header{
				"Content-Type": {"application/json"}, "Webhook-Id": {"w-1"}, "X-Webhook-Secret": {canary},
				"X-Hfhook-Event-Id": {id}, "X-Hfhook-Attempt": {"2"}, "X-Hfhook-Replay": {"2"}, "Content-Length": {length},
			}
			want := request{"POST", "/webhooks/say_hello?a=1", target.Address(), body, int64(len(body)), header}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the handler got (-want +got):\n%s", diff)
			}

			recorded := event.Delivery{
				Event: event.ID(id), N: 2, Kind: event.Replay, State: event.Done, Target: "first", Attempt: 2, // which has that address
				URL: target.URL.String() + "/webhooks/say_hello?a=1", Status: 202,
				RequestHeader: []event.Field{
					{Name: "Content-Length", Value: length}, {Name: "Content-Type", Value: "application/json"}, {Name: "Host", Value: target.Address()},
					{Name: "Webhook-Id", Value: "w-1"}, {Name: "X-Hfhook-Attempt", Value: "2"}, {Name: "X-Hfhook-Event-Id", Value: id},
					{Name: "X-Hfhook-Replay", Value: "2"}, {Name: "X-Webhook-Secret", Value: "[secret]"},
				},
				ResponseHeader: []event.Field{{Name: "Content-Length", Value: "6"}, {Name: "Content-Type", Value: "text/plain; charset=utf-8"}, {Name: "X-Several", Value: "b"}, {Name: "X-Several", Value: "a"}},
				ResponseBody:   []byte("thanks"), ResponseSize: 6, ResponseSent: event.SumOf([]byte("thanks")), ResponseDecoded: event.SumOf([]byte("thanks")),
			}
			times := cmpopts.IgnoreFields(event.Delivery{}, "Started", "Took", "Phases")
			if diff := cmp.Diff(recorded, d, times); diff != "" {
				t.Errorf("returned (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(d, log.newest(t)); diff != "" {
				t.Errorf("recorded is not what was returned (-returned +recorded):\n%s", diff)
			}
			p := d.Phases
			if p.Connect <= 0 || p.Write <= 0 || p.Body <= 0 || d.Took != p.Connect+p.Write+p.FirstByte+p.Body || d.Started.IsZero() {
				t.Errorf("phases %+v, took %v, started %v", p, d.Took, d.Started)
			}
		})
	}
}

// TestBadAnswers has each way in which a handler fails, and what is recorded.
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	type result struct {
		Status int
		Err    string
		Size   int64
		Body   string
	}
	const head = "HTTP/1.1 200 OK\r\n"
	hang := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	refused, address := closedPort(t)
	encrypted := handler(t, func(http.ResponseWriter, *http.Request) {})
	encrypted.URL.Scheme = "https"
	for name, test := range map[string]struct {
		target  Target
		timeout time.Duration
		want    result
	}{
		"500":        {answers(t, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nsad!"), 0, result{500, "", 4, "sad!"}},
		"no content": {answers(t, "HTTP/1.1 204 No Content\r\n\r\n"), 0, result{204, "", 0, ""}},
		"http 1.0":   {answers(t, "HTTP/1.0 200 OK\r\n\r\nto the end"), 0, result{200, "", 10, "to the end"}},
		"refused":    {refused, 0, result{Err: "connection refused: nothing is listening on " + address}},
		"close":      {answers(t, ""), 0, result{Err: "the connection was closed before the answer"}},
		"half head":  {answers(t, head+"X-A: b"), 0, result{Err: "the connection was closed before the answer"}},
		"no http":    {answers(t, "SSH-2.0-OpenSSH_9\r\n"), 0, result{Err: `malformed HTTP response "SSH-2.0-OpenSSH_9"`}},
		"short":      {answers(t, head+"Content-Length: 1000\r\n\r\n"+strings.Repeat("x", 512)), 0, result{200, "the answer ended early: 512 of 1000 bytes", 512, strings.Repeat("x", 512)}},
		"chunks end": {answers(t, head+"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), 0, result{200, "the answer ended early: 5 bytes", 5, "hello"}},
		"bad chunks": {answers(t, head+"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"), 0, result{200, "the answer cannot be read after 5 bytes: invalid byte in chunk length", 5, "hello"}},
		"reset": {raw(t, func(conn net.Conn, _ *http.Request) {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}), 0, result{Err: "the connection was reset before the answer"}},
		"hang": {raw(t, func(conn net.Conn, _ *http.Request) { hang(conn) }), time.Second, result{Err: "no answer within 1s"}},
		"hang in body": {raw(t, func(conn net.Conn, _ *http.Request) {
			_, _ = io.WriteString(conn, head+"Content-Length: 9\r\n\r\nhello")
			hang(conn)
		}), 3 * time.Second, result{200, "the answer was not complete after 3s: received 5 of 9 bytes", 5, "hello"}},
		"endless head": {raw(t, func(conn net.Conn, _ *http.Request) {
			_, err := io.WriteString(conn, head)
			for err == nil {
				_, err = io.WriteString(conn, "X-Again: "+strings.Repeat("x", 1000)+"\r\n")
			}
		}), 0, result{Err: "server response headers exceeded 262144 bytes; aborted"}},
		"slow head": {raw(t, func(conn net.Conn, _ *http.Request) {
			_, err := io.WriteString(conn, head)
			for err == nil {
				_, err = io.WriteString(conn, "X-Again: x\r\n")
				<-time.After(5 * time.Millisecond) // which takes minutes to its limit
			}
		}), time.Second, result{Err: "no answer within 1s"}},
		"more than said": {answers(t, head+"Content-Length: 5\r\n\r\nhello, and more"), 0, result{200, "", 5, "hello"}},
		"no length":      {answers(t, head+"Content-Length: -5\r\n\r\nhello"), 0, result{Err: `bad Content-Length "-5"`}},
		"two lengths":    {answers(t, head+"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), 0, result{Err: `http: message cannot contain multiple Content-Length headers; got ["5" "6"]`}},
		"no TLS":         {encrypted, 0, result{Err: encrypted.Address() + " does not speak TLS: use http://"}},
		"endless text": {raw(t, func(conn net.Conn, _ *http.Request) {
			_, err := io.WriteString(conn, "HTTP/1.1 ")
			for err == nil {
				_, err = io.WriteString(conn, strings.Repeat("x", 1000))
			}
		}), 0, result{Err: "server response headers exceeded 262144 bytes; aborted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.target.Timeout = test.timeout
			d := send(t, Options{}, test.target, hubEvent("{}"))
			got := result{d.Status, d.Err, d.ResponseSize, string(d.ResponseBody)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if d.State != event.Done || d.ResponseCut || d.OK() != (test.want.Err == "" && test.want.Status < 300) {
				t.Errorf("state %s, cut %v, ok %v", d.State, d.ResponseCut, d.OK())
			}
		})
	}
}

// TestCertificate: one that nobody has signed is refused, and the secret not sent, unless
// the target says otherwise and is on this machine.
func TestCertificate(t *testing.T) {
	t.Parallel()
	var got atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	target := mustTarget(t, server.URL)
	want := "the certificate of " + target.Address() + " is not trusted: x509: certificate signed by unknown authority; insecure or --insecure-target skips this check for local targets"
	d := send(t, Options{Secret: theSecret}, target, hubEvent("{}"))
	if d.Err != want || d.Status != 0 || d.State != event.Done || got.Load() > 0 {
		t.Errorf("%s %d %q; want %q", d.State, d.Status, d.Err, want)
	}
	target.Insecure = true
	if d := send(t, Options{Secret: theSecret}, target, hubEvent("{}")); !d.OK() || got.Load() != 1 {
		t.Errorf("insecure: %d %q", d.Status, d.Err)
	}

	// Bent here from another host, where insecure counts for nothing.
	out := New(newMemLog(), Options{Secret: theSecret, SendSecretTo: []string{"box.lan"}})
	there := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
	}
	out.sender.transport.DialContext, out.sender.insecure.DialContext = there, there
	far := mustTarget(t, "https://box.lan")
	far.Insecure = true
	far.Name = "far"
	d, err := out.Send(t.Context(), &event.Event{}, far, event.Replay)
	if err != nil || !strings.HasPrefix(d.Err, "the certificate of box.lan:443 is not trusted: ") || strings.Contains(d.Err, "insecure") || got.Load() != 1 {
		t.Errorf("another host: %d %q, %v", d.Status, d.Err, err)
	}
}

func TestUnknownHost(t *testing.T) {
	t.Parallel()
	out := New(newMemLog(), Options{})
	out.sender.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true}}
	}
	d, err := out.Send(t.Context(), &event.Event{}, mustTarget(t, "http://nowhere.example"), event.Replay)
	if err != nil || d.Err != "cannot resolve host nowhere.example" || d.State != event.Done {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestLargeAnswers holds the recorded part of an answer to its limit.
func TestLargeAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		size int64 // -1: endless
		want event.Delivery
	}{
		{"at the limit", MaxResponseBody, event.Delivery{Status: 200, ResponseSize: MaxResponseBody}},
		{"over the limit", MaxResponseBody + 1, event.Delivery{Status: 200, ResponseSize: MaxResponseBody + 1, ResponseCut: true}},
		{"10 MB", 10_000_000, event.Delivery{Status: 200, ResponseSize: 10_000_000, ResponseCut: true}},
		{"all that is read", maxRead, event.Delivery{Status: 200, ResponseSize: maxRead, ResponseCut: true}},
		{"endless", -1, event.Delivery{Status: 200, ResponseSize: maxRead, ResponseCut: true, Err: "the answer was longer than 64 MiB"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			block := bytes.Repeat([]byte("x"), 1<<16)
			target := handler(t, func(w http.ResponseWriter, _ *http.Request) {
				for left := test.size; left != 0; {
					n := int64(len(block))
					if left > 0 {
						n = min(n, left)
						left -= n
					}
					if _, err := w.Write(block[:n]); err != nil {
						return
					}
				}
			})
			d := send(t, Options{Secret: theSecret}, target, hubEvent("{}"))
			if want := min(test.want.ResponseSize, MaxResponseBody); int64(len(d.ResponseBody)) != want {
				t.Errorf("%d bytes are kept, want %d", len(d.ResponseBody), want)
			}
			got := event.Delivery{Status: d.Status, ResponseSize: d.ResponseSize, ResponseCut: d.ResponseCut, Err: d.Err}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRedirect shows that nobody gets the request or the secret by a redirect.
func TestRedirect(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	other := handler(t, func(http.ResponseWriter, *http.Request) { followed.Add(1) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		target := handler(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL.String()+"/x", status) })
		d := send(t, Options{Secret: theSecret}, target, hubEvent("{}"))
		if d.Status != status || d.Err != "" || d.OK() || value(d.ResponseHeader, "Location") != other.URL.String()+"/x" {
			t.Errorf("%+v", d)
		}
		if want := "it redirects to " + other.URL.String() + "/x, and hfhook does not follow redirects: use that address as the target"; d.Redirect() != want {
			t.Errorf("%q is said, want %q", d.Redirect(), want)
		}
	}
	if n := followed.Load(); n > 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

// TestSecretTo shows which targets get the secret. All of them are this machine in
// truth: the connection is bent there.
func TestSecretTo(t *testing.T) {
	t.Parallel()
	got := make(chan []string, 1)
	real := handler(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header["X-Webhook-Secret"] })
	for _, test := range []struct {
		target string
		allow  []string
		want   bool
	}{
		{"127.0.0.1:80", nil, true},
		{"localhost:80", nil, true},
		{"[::1]:80", nil, true},
		{"http://example.com", nil, false},
		{"http://example.com", []string{"other.example", "Example.COM"}, true},
		{"http://sub.example.com", []string{"example.com"}, false},
		{"http://localhost.example.com", nil, false},
		{"10.0.0.1:80", nil, false},
		{"10.0.0.1:80", []string{"10.0.0.1"}, true},
	} {
		out := New(newMemLog(), Options{Secret: theSecret, SendSecretTo: test.allow})
		out.sender.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", real.Address())
		}
		d, err := out.Send(t.Context(), &event.Event{}, mustTarget(t, test.target), event.Replay)
		out.sender.transport.CloseIdleConnections()
		if err != nil || d.Status != 200 {
			t.Fatalf("%+v, %v", d, err)
		}
		var want []string
		mark := ""
		if test.want {
			want, mark = []string{canary}, redact.Mark
		}
		if diff := cmp.Diff(want, <-got); diff != "" || value(d.RequestHeader, "X-Webhook-Secret") != mark {
			t.Errorf("%s, allowed %v: recorded %q (-want +got):\n%s", test.target, test.allow, value(d.RequestHeader, "X-Webhook-Secret"), diff)
		}
	}
}

func TestNoSecret(t *testing.T) {
	t.Parallel()
	target := handler(t, func(_ http.ResponseWriter, r *http.Request) {
		if s, ok := r.Header["X-Webhook-Secret"]; ok {
			t.Errorf("the handler got the secret %q", s)
		}
	})
	for _, secret := range []func(string) (string, bool){nil, func(string) (string, bool) { return canary, false }} {
		if d := send(t, Options{Secret: secret}, target, hubEvent("{}")); !d.OK() {
			t.Errorf("%+v", d)
		}
	}
}

// TestCanary has handlers give the secret back in every way that they can, and
// looks for it in all that is kept.
func TestCanary(t *testing.T) {
	t.Parallel()
	quoted, _ := json.Marshal(canary)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(w, canary)
	_ = w.Close()
	for name, target := range map[string]Target{
		"header": handler(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Echo", "it is "+r.Header.Get("X-Webhook-Secret"))
			w.Header().Add("X-Echo", url.QueryEscape(canary))
		}),
		"body": handler(t, func(w http.ResponseWriter, r *http.Request) {
			_ = json.NewEncoder(w).Encode(r.Header)
			_, _ = fmt.Fprintf(w, "%s %s %q", r.Header.Get("X-Webhook-Secret"), quoted, canary)
		}),
		"at the cut": handler(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", MaxResponseBody-3)+r.Header.Get("X-Webhook-Secret"))
		}),
		"gzip": handler(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zipped.Bytes())
		}),
		"no http":     answers(t, canary+"\r\n"),
		"header name": answers(t, "HTTP/1.1 200 OK\r\n"+canary+": x\r\n\r\n"),
		"short":       answers(t, "HTTP/1.1 500 "+canary+"\r\nContent-Length: 100\r\n\r\n"+canary),
		"location":    answers(t, "HTTP/1.1 302 Found\r\nLocation: http://example.com/?"+url.QueryEscape(canary)+"\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			log := newMemLog()
			out := New(log, Options{Secret: theSecret, Logger: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			d, err := out.Send(t.Context(), log.append(hubEvent("{}")), target, event.Replay)
			if err != nil {
				t.Fatal(err)
			}
			if d.Status == 0 && d.Err == "" {
				t.Error("nothing came back")
			}
			kept := fmt.Sprintf("%+v %s %s %s", log.all(), d.ResponseBody, logged.String(), d.Err)
			for _, form := range []string{canary, url.QueryEscape(canary), string(quoted), fmt.Sprintf("%q", canary), "canary-7f3a", "xcan"} {
				if strings.Contains(kept, form) {
					t.Errorf("%s is in %.2000s", form, kept)
				}
			}
		})
	}
}

// TestKeptConnection sends events one after another while the handler closes the
// connection behind each answer, as one that is restarted does. None of them may
// fail, and none may come twice.
func TestKeptConnection(t *testing.T) {
	t.Parallel()
	const events = 300
	closed := make(chan struct{}, 1)
	var got atomic.Int32
	target := raw(t, func(conn net.Conn, _ *http.Request) {
		got.Add(1)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		conn.Close()
		closed <- struct{}{}
	})
	log := newMemLog()
	out := New(log, Options{})
	e := log.append(hubEvent("{}"))
	for range events {
		d, err := out.Send(t.Context(), e, target, event.Replay)
		if err != nil {
			t.Fatal(err)
		}
		hosts := slices.DeleteFunc(d.RequestHeader, func(f event.Field) bool { return f.Name != "Host" })
		if !d.OK() || len(hosts) != 1 {
			t.Fatalf("%+v", d)
		}
		<-closed
	}
	if n := got.Load(); n != events {
		t.Errorf("the handler got %d of %d events", n, events)
	}
}

// TestReuse shows that connections are kept, and that the phases tell which attempt
// made one. net/http gives a connection up where the machine is too slow, so that a
// few more than one are no failure.
func TestReuse(t *testing.T) {
	t.Parallel()
	var conns atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	log := newMemLog()
	out := New(log, Options{})
	out.sender.transport.IdleConnTimeout = 0
	t.Cleanup(out.sender.transport.CloseIdleConnections)
	e := log.append(hubEvent("{}"))
	const attempts = 50
	connected := int32(0)
	for range attempts {
		d, err := out.Send(t.Context(), e, mustTarget(t, server.URL), event.Replay)
		if err != nil {
			t.Fatal(err)
		}
		if d.Phases.Connect > 0 {
			connected++
		}
	}
	if n := conns.Load(); n != connected || n > attempts/2 {
		t.Errorf("%d connections for %d attempts, of which %d say that they made one", n, attempts, connected)
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	proxied := make(chan string, 1)
	proxy := handler(t, func(_ http.ResponseWriter, r *http.Request) { proxied <- r.RequestURI })
	local := handler(t, func(http.ResponseWriter, *http.Request) {})
	opts := Options{Proxy: http.ProxyURL(proxy.URL)}
	if d := send(t, opts, local, hubEvent("{}")); !d.OK() || len(proxied) > 0 {
		t.Errorf("a local target was sent to by a proxy: %+v", d)
	}
	if d := send(t, opts, mustTarget(t, "http://example.com"), hubEvent("{}")); !d.OK() || <-proxied != "http://example.com/webhooks/say_hello" {
		t.Errorf("a distant target was not sent to by the proxy: %+v", d)
	}
	down, away := closedPort(t)
	if d := send(t, Options{Proxy: http.ProxyURL(down.URL)}, mustTarget(t, "http://example.com"), hubEvent("{}")); d.Err != "example.com is reached through the proxy "+away+" (HTTP_PROXY), which is not listening; NO_PROXY=example.com bypasses it" {
		t.Errorf("%+v", d)
	}
}

// TestProxyAnswers has a proxy answer in the handler's place. It is named, and its password
// is not.
func TestProxyAnswers(t *testing.T) {
	t.Parallel()
	proxy := handler(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	proxy.URL.User = url.UserPassword("user", canary)
	log := newMemLog()
	changed := make(chan struct{}, 1)
	target := mustTarget(t, "http://handler.internal:8000")
	out := New(log, Options{Targets: []Target{target}, Proxy: http.ProxyURL(proxy.URL), OnChange: func() { poke(changed) }})
	running(t, out)
	log.append(hubEvent("{}"), target)
	out.Wake()
	health(t, out, changed, "a hint", func(s TargetState) bool {
		return s.Hint == "the answer came through the proxy "+proxy.URL.Host+" (HTTP_PROXY) and may be the proxy's own; NO_PROXY=handler.internal bypasses it"
	})
	if got, want := out.Bypass(target), "NO_PROXY=handler.internal, which bypasses the proxy "+proxy.URL.Host+" (HTTP_PROXY)"; got != want {
		t.Errorf("to try: %q, want %q", got, want)
	}
	d := send(t, Options{Proxy: http.ProxyURL(proxy.URL)}, mustTarget(t, "https://handler.internal"), hubEvent("{}"))
	if want := "handler.internal is reached through the proxy " + proxy.URL.Host + " (HTTPS_PROXY), which answered 502 Bad Gateway; NO_PROXY=handler.internal bypasses it"; d.Err != want {
		t.Errorf("refused to connect: %q, want %q", d.Err, want)
	}
}

// TestUnsendable has events that HTTP has no way to carry: an import may hold them.
func TestUnsendable(t *testing.T) {
	t.Parallel()
	target := handler(t, func(http.ResponseWriter, *http.Request) { t.Error("the handler got it") })
	bad := hubEvent("{}")
	bad.Header = []event.Field{{Name: "X-Split", Value: "a\r\nX-Webhook-Secret: b"}}
	method := hubEvent("{}")
	method.Method = "POST / HTTP/1.1\r\n"
	name := hubEvent("{}")
	name.Header = []event.Field{{Name: "X Y", Value: "a"}}
	for _, e := range []event.Event{bad, method, name} {
		if d := send(t, Options{}, target, e); d.Err == "" || d.OK() || d.State != event.Done {
			t.Errorf("%+v", d)
		}
	}
}

func TestSendPanics(t *testing.T) {
	t.Parallel()
	target := handler(t, func(http.ResponseWriter, *http.Request) {})
	var logged bytes.Buffer
	d := send(t, Options{
		Secret: func(string) (string, bool) { panic("no secret today") },
		Logger: slog.New(slog.NewTextHandler(&logged, nil)),
	}, target, hubEvent("{}"))
	if d.Err != "internal error: the log has the details" || d.State != event.Done || !strings.Contains(logged.String(), "no secret today") {
		t.Errorf("%+v, logged %s", d, logged.String())
	}
}

func TestSendLogFails(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	var got atomic.Int32
	target := handler(t, func(http.ResponseWriter, *http.Request) { got.Add(1) })
	for call, want := range map[string]int32{"put sending": 0, "put done": 1} {
		got.Store(0)
		log := newMemLog()
		log.fail = func(c string) error {
			if c == call {
				return full
			}
			return nil
		}
		_, err := New(log, Options{}).Send(t.Context(), log.append(hubEvent("{}")), target, event.Replay)
		if !errors.Is(err, full) || got.Load() != want {
			t.Errorf("%s: %v, %d requests", call, err, got.Load())
		}
	}
}

// TestSendInterrupted ends the context while the handler has the event.
func TestSendInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	target := raw(t, func(conn net.Conn, _ *http.Request) {
		cancel()
		_, _ = io.Copy(io.Discard, conn)
	})
	log := newMemLog()
	d, err := New(log, Options{}).Send(ctx, log.append(hubEvent("{}")), target, event.Replay)
	if err != nil || d.Err != interruption || d.State != event.Interrupted {
		t.Errorf("%+v, %v", d, err)
	}
	if diff := cmp.Diff(d, log.newest(t)); diff != "" {
		t.Errorf("recorded (-returned +recorded):\n%s", diff)
	}
}
