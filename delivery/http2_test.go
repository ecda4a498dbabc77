package delivery

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"hfhook/event"
)

// TestHTTP2Alone sends to handlers that refuse HTTP/1.1, each in the way of a server that
// does so.
func TestHTTP2Alone(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	serve := func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(w, "%s %s %s %s %v", r.Proto, r.Host, r.URL.Path, body, r.Header.Get(secretHeader) == canary)
	}
	clear := func(t *testing.T) Target {
		protocols := new(http.Protocols)
		protocols.SetUnencryptedHTTP2(true)
		server := httptest.NewUnstartedServer(http.HandlerFunc(serve))
		server.Config.Protocols = protocols
		server.Start()
		t.Cleanup(server.Close)
		return mustTarget(t, server.URL)
	}
	secured := func(t *testing.T) Target {
		server := httptest.NewUnstartedServer(http.HandlerFunc(serve))
		server.EnableHTTP2 = true
		server.StartTLS()
		t.Cleanup(server.Close)
		return mustTarget(t, server.URL+",insecure")
	}
	for name, target := range map[string]Target{
		// They say so by what HTTP/2 begins with, as Node does, or end the connection, as Go does.
		"frame":  before(t, clear(t), "\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
		"ended":  clear(t),
		"Node's": beforeTLS(t, secured(t)),
	} {
		t.Run(name, func(t *testing.T) {
			log := newMemLog()
			out := New(log, Options{Secret: theSecret})
			t.Cleanup(func() { out.sender.transport2.CloseIdleConnections(); out.sender.insecure2.CloseIdleConnections() })
			for range 2 {
				was := asked.Load()
				d, err := out.Send(t.Context(), log.append(hubEvent(`{"a":1}`)), target, event.Replay)
				if err != nil {
					t.Fatal(err)
				}
				if want := "HTTP/2.0 " + target.URL.Host + ` /webhooks/say_hello {"a":1} true`; string(d.ResponseBody) != want {
					t.Errorf("the answer is %d %q %s, want %q", d.Status, d.ResponseBody, d.Err, want)
				}
				if n := asked.Load() - was; n != 1 {
					t.Errorf("asked %d times", n)
				}
				if got := value(d.RequestHeader, secretHeader); got == "" || strings.Contains(fmt.Sprint(d), canary) {
					t.Errorf("the secret is recorded as %q: %v", got, d)
				}
				if value(d.RequestHeader, "Host") != target.URL.Host || value(d.RequestHeader, "Webhook-Id") != "w-1" || value(d.RequestHeader, ":path") != "" {
					t.Errorf("recorded headers: %v", d.RequestHeader)
				}
			}
		})
	}
}

// before is a server that answers HTTP/1 by a text, and hands everybody else on to target.
func before(t *testing.T, target Target, text string) Target {
	t.Helper()
	return pass(t, target, func(conn net.Conn, first []byte) bool {
		if strings.HasPrefix(string(first), "PRI ") {
			return true
		}
		_, _ = io.WriteString(conn, text)
		return false
	}, nil)
}

// beforeTLS is the same with TLS, and with the words of Node.
func beforeTLS(t *testing.T, target Target) Target {
	t.Helper()
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	t.Cleanup(cert.Close)
	config := &tls.Config{Certificates: cert.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
	front := pass(t, target, func(conn net.Conn, _ []byte) bool {
		if conn.(*tls.Conn).ConnectionState().NegotiatedProtocol == "h2" {
			return true
		}
		_, _ = io.WriteString(conn, "HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nMissing ALPN Protocol, expected `h2` to be available.\n")
		return false
	}, config)
	front.URL.Scheme = "https"
	return mustTarget(t, front.URL.String()+",insecure")
}

// pass serves connections: ours looks at the first bytes and reports whether the rest is
// target's.
func pass(t *testing.T, target Target, ours func(net.Conn, []byte) bool, secured *tls.Config) Target {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secured != nil {
		ln = tls.NewListener(ln, secured)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				r := bufio.NewReader(conn)
				first, err := r.Peek(4)
				if err != nil || !ours(conn, first) {
					return
				}
				var back net.Conn
				if secured != nil {
					back, err = tls.Dial("tcp", target.URL.Host, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
				} else {
					back, err = net.Dial("tcp", target.URL.Host)
				}
				if err != nil {
					return
				}
				defer back.Close()
				go func() { _, _ = io.Copy(back, r) }()
				_, _ = io.Copy(conn, back)
			}()
		}
	}()
	return mustTarget(t, "http://"+ln.Addr().String())
}

// TestHTTP1Again sends to a handler that speaks HTTP/1.1 where one spoke HTTP/2 alone.
func TestHTTP1Again(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	log := newMemLog()
	out := New(log, Options{})
	t.Cleanup(out.sender.transport.CloseIdleConnections)
	out.sender.versions.set(target, http2)
	d, err := out.Send(t.Context(), log.append(hubEvent("{}")), target, event.Replay)
	if err != nil || string(d.ResponseBody) != "HTTP/1.1" {
		t.Errorf("%+v, %v", d, err)
	}
	if is := out.sender.versions.of(target); is != http1 {
		t.Errorf("the version is %v", is)
	}
}

// TestHTTP1AgainWithoutAnswer has a server that resets the connection which HTTP/2 begins on.
func TestHTTP1AgainWithoutAnswer(t *testing.T) {
	t.Parallel()
	behind := handler(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	target := pass(t, behind, func(conn net.Conn, first []byte) bool {
		if string(first) != "PRI " {
			return true
		}
		_ = conn.(*net.TCPConn).SetLinger(0)
		return false
	}, nil)
	log := newMemLog()
	out := New(log, Options{})
	t.Cleanup(out.sender.transport.CloseIdleConnections)
	out.sender.versions.set(target, http2)
	if d, err := out.Send(t.Context(), log.append(hubEvent("{}")), target, event.Replay); err != nil || string(d.ResponseBody) != "HTTP/1.1" {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestCrashIsNoHTTP2 has a handler end the connection without an answer: it gets the event
// once.
func TestCrashIsNoHTTP2(t *testing.T) {
	t.Parallel()
	var posts atomic.Int32
	target := raw(t, func(conn net.Conn, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			posts.Add(1)
		case http.MethodOptions:
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	})
	if d := send(t, Options{}, target, hubEvent("{}")); d.Err != "the connection was closed before the answer" || posts.Load() != 1 {
		t.Errorf("%d posts: %+v", posts.Load(), d)
	}
}
