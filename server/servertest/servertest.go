// Package servertest sends webhooks to a handler in a test, as the Hub would: with the
// secret, the headers and a payload of the Hub's look. The handler may be a
// [hfhook/server.Server] or any other http.Handler.
//
//	t.Setenv("WEBHOOK_SECRET", "a secret for this test")
//	answer := servertest.Send(t, handler, servertest.Delivery{
//		Path: "say_hello", Kind: "discussion.comment/create", Options: sample.Options{Content: "@bot hello"},
//	})
//	if answer.Code != 200 {
//		t.Error(answer.Body)
//	}
//
// What the server logs about the delivery is in the log of the test, unless the server has a
// logger of its own.
package servertest

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"hfhook/internal/capture"
	"hfhook/payload"
	"hfhook/payload/sample"
)

// A Delivery is one request of the Hub's. The zero value is a comment, sent to
// /webhooks with the secret of the environment.
type Delivery struct {
	Path string // as server.Handle takes it: a name or a path under /webhooks

	Kind    string                   // of the payload: see sample.Templates; empty: discussion.comment/create
	Options sample.Options           // what the payload is about
	Edit    func(p *payload.Payload) // changes the payload before it is sent; nil: nothing
	Body    []byte                   // sent in place of a payload of Kind

	Secret string      // empty: that of the variable WEBHOOK_SECRET, or none
	ID     string      // Webhook-Id, the same when the Hub sends a delivery again; empty: a new one
	Header http.Header // besides, or in place of, those that are sent anyway; one without values is not sent
}

// Send has the handler deal with a delivery, and returns its answer. The test ends
// if there is no such kind of payload.
func Send(t testing.TB, h http.Handler, d Delivery) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, d.Request(t))
	return w
}

// Request returns the request that Send sends.
func (d Delivery) Request(t testing.TB) *http.Request {
	t.Helper()
	body := d.Body
	if body == nil {
		var edits []func(*payload.Payload)
		if d.Edit != nil {
			edits = append(edits, d.Edit)
		}
		var err error
		if body, err = sample.New(cmp.Or(d.Kind, "discussion.comment/create"), d.Options, edits...); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.TrimRight("/webhooks/"+strings.Trim(d.Path, "/"), "/")
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r = r.WithContext(capture.WithLogger(r.Context(), slog.New(slog.NewTextHandler(newTestLog(t), nil))))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Webhook-Id", cmp.Or(d.ID, rand.Text()))
	if secret := cmp.Or(d.Secret, os.Getenv("WEBHOOK_SECRET")); secret != "" {
		r.Header.Set("X-Webhook-Secret", secret)
	}
	for name, values := range d.Header {
		if len(values) == 0 {
			r.Header.Del(name)
			continue
		}
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	return r
}

// A testLog writes lines to the log of a test while it runs, and to stderr after its end,
// for what a handler does in the background.
type testLog struct {
	mu    sync.Mutex
	t     testing.TB
	ended bool
}

func newTestLog(t testing.TB) *testLog {
	l := &testLog{t: t}
	t.Cleanup(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.ended = true
	})
	return l
}

func (l *testLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return os.Stderr.Write(line)
	}
	l.t.Log(string(bytes.TrimSuffix(line, []byte("\n"))))
	return len(line), nil
}
