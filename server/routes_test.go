package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
)

// plain is a server with a secret, and nothing else.
func plain(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.New(server.Options{Secrets: []server.Secret{server.MustParseSecret(canary)}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func says(text string) server.Handler {
	return func(context.Context, *event.Event) (any, error) { return text, nil }
}

func sendSample(t *testing.T, h http.Handler, path, kind string) string {
	t.Helper()
	body, err := sample.New(kind, sample.Options{})
	if kind == "repo.jobs" {
		if body, err = sample.New("repo/update", sample.Options{}); err == nil {
			body = []byte(strings.Replace(string(body), `"scope":"repo"`, `"scope":"repo.jobs"`, 1))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return sendBody(h, path, string(body))
}

func sendBody(h http.Handler, path, body string) string {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("X-Webhook-Secret", canary)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return http.StatusText(w.Code) + " " + w.Body.String()
}

// TestRoutes adds one handler after another to a server, and sends it the same events.
func TestRoutes(t *testing.T) {
	t.Parallel()
	s := plain(t)
	const (
		missing = `Not Found {"detail":"Not Found"}`
		null    = "OK null"
	)
	send := func(step string, want ...string) {
		t.Helper()
		got := []string{
			sendSample(t, s, "/webhooks", "repo/update"),
			sendSample(t, s, "/webhooks/else/where", "repo.config.dois/update"),
			sendSample(t, s, "/webhooks", "repo.jobs"),
			sendSample(t, s, "/webhooks", "discussion/create"),
			sendSample(t, s, "/webhooks/own/", "repo/update"),
			sendBody(s, "/webhooks/raw", "[]"),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", step, diff)
		}
	}
	add := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	send("nothing", missing, missing, missing, missing, missing, missing)
	add(s.Handle("own", says("own")))
	add(s.HandleRaw("raw", says("raw")))
	send("two paths", missing, missing, missing, missing, `OK "own"`, `OK "raw"`)
	if diff := cmp.Diff([]string{"/webhooks/own", "/webhooks/raw"}, s.Paths()); diff != "" {
		t.Error(diff)
	}
	add(s.On(payload.KindRepoUpdate, says("repo")))
	send("a kind", `OK "repo"`, `OK "repo"`, `OK "repo"`, null, `OK "own"`, `OK "raw"`)
	if diff := cmp.Diff([]string{"/webhooks/own", "/webhooks/raw", "/webhooks"}, s.Paths()); diff != "" {
		t.Error(diff)
	}
	add(s.On(payload.KindConfigUpdate, says("config")))
	send("a narrower kind", `OK "repo"`, `OK "config"`, `OK "repo"`, null, `OK "own"`, `OK "raw"`)
	add(s.HandleAny(says("any")))
	send("any", `OK "repo"`, `OK "config"`, `OK "repo"`, `OK "any"`, `OK "own"`, `OK "raw"`)
	s.Use(func(next server.Handler) server.Handler {
		return func(ctx context.Context, e *event.Event) (any, error) {
			v, err := next(ctx, e)
			return "(" + v.(string) + ")", err
		}
	})
	send("around", `OK "(repo)"`, `OK "(config)"`, `OK "(repo)"`, `OK "(any)"`, `OK "(own)"`, `OK "(raw)"`)

	for name, err := range map[string]error{
		"a pair that the Hub does not have": s.On("repo.content/create", says("")),
		"no kind":                           s.On("", says("")),
		"a scope alone":                     s.On("repo", says("")),
		"a kind twice":                      s.On(payload.KindRepoUpdate, says("")),
		"no handler":                        s.On(payload.KindRepoMove, nil),
		"any twice":                         s.HandleAny(says("")),
		"any without a handler":             s.HandleAny(nil),
		"a path twice":                      s.HandleRaw("own", says("")),
	} {
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// A recorder asks for every path, until there is a handler.
func TestRecorderAlone(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec})
	if got := sendSample(t, s, "/webhooks/any/path", "repo/update"); got != `OK {"id":"01JD4X7M9C8Q2R5T7V9W000000","status":"stored"}` {
		t.Error(got)
	}
	handle(t, s, "x", says("x"))
	if got := sendSample(t, s, "/webhooks/any/path", "repo/update"); !strings.HasPrefix(got, "Not Found") {
		t.Error(got)
	}
}

// A handler without a payload gets what passed the secret check, and nothing else.
func TestRawBodies(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec, MaxBody: 5000})
	var got []*event.Event
	err := s.HandleRaw("raw", func(_ context.Context, e *event.Event) (any, error) {
		got = append(got, e)
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	bodies := []string{"", "\xff\x00", "hello", `{"event":`, `{"event":{"action":"create","scope":"repo"}}`, string(pushBody(t))}
	for _, body := range bodies {
		if answer := sendBody(s, "/webhooks/raw", body); answer != "OK null" {
			t.Errorf("%q: %s", body, answer)
		}
	}
	if len(got) != len(bodies) || len(rec.events) != len(bodies) {
		t.Fatalf("%d events for the handler and %d recorded", len(got), len(rec.events))
	}
	for i, e := range got {
		if string(e.Body) != bodies[i] || (e.Payload != nil) != (i >= 3) || (len(e.Warnings) > 0) != (i < 5) {
			t.Errorf("%q: body %q, payload %v, warnings %v", bodies[i], e.Body, e.Payload, e.Warnings)
		}
	}
	r := httptest.NewRequest("POST", "/webhooks/raw", strings.NewReader("x"))
	r.Header.Set("X-Webhook-Secret", "wrong")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if large := sendBody(s, "/webhooks/raw", strings.Repeat("x", 5001)); w.Code != 403 || !strings.HasPrefix(large, "Request Entity Too Large") || len(got) != len(bodies) {
		t.Errorf("a wrong secret: %d; too large: %s", w.Code, large)
	}
}

// What a handler says of its answer holds.
func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		answer            any
		status            int
		contentType, body string
	}{
		{server.Answer{Value: 1}, 200, "application/json", "1"},
		{server.Answer{Header: http.Header{"content-type": {"application/problem+json"}}, Value: 1}, 200, "application/problem+json", "1"},
		{&server.Answer{Status: 201, Header: http.Header{"Content-Type": {"text/csv"}}, Body: []byte("a,b")}, 201, "text/csv", "a,b"},
		{server.Answer{Body: []byte("<html>")}, 200, "text/html; charset=utf-8", "<html>"},
		{server.Answer{Body: []byte{}, Value: 1}, 200, "", ""},
		{server.Answer{Status: 204, Body: []byte("dropped")}, 204, "", ""},
		{server.Answer{Status: 99}, 500, "application/json", `{"detail":"Internal Server Error"}`},
		{func() {}, 500, "application/json", `{"detail":"Internal Server Error"}`},
	}
	for _, tt := range tests {
		s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
		handle(t, s, "x", func(context.Context, *event.Event) (any, error) { return tt.answer, nil })
		web := httptest.NewServer(s)
		req, err := http.NewRequest("POST", web.URL+"/webhooks/x", strings.NewReader(string(pushBody(t))))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Webhook-Secret", canary)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, 1000)
		n, _ := resp.Body.Read(body)
		resp.Body.Close()
		web.Close()
		if got := resp.Header.Get("Content-Type"); resp.StatusCode != tt.status || got != tt.contentType || string(body[:n]) != tt.body {
			t.Errorf("%+v: %d %q %q", tt.answer, resp.StatusCode, got, body[:n])
		}
		if !slices.Equal(resp.Header["X-Content-Type-Options"], []string{"nosniff"}) {
			t.Errorf("%+v: the header is %v", tt.answer, resp.Header)
		}
	}
}
