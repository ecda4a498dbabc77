package dev_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
)

// TestAckHandler: what the sender is told, and what is recorded of it.
func TestAckHandler(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/webhooks/hangs":
			<-hang
		case "/webhooks/breaks":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("half"))
		case "/webhooks/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/webhooks/large":
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write(make([]byte, delivery.MaxResponseBody+1))
		case "/webhooks/moved":
			http.Redirect(w, r, "https://example.com", http.StatusFound)
		}
	}))
	t.Cleanup(handler.Close)
	t.Cleanup(func() { close(hang) })
	first, slow := target(t, handler.URL+",name=first,concurrency=8,when=-path:/webhooks/slow"), target(t, handler.URL+",name=slow,when=path:/webhooks/slow")
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{first, slow}, AckHandler: true, AckWithin: waitLimit})
	s.PauseTargets("slow", true)
	check := func(path string, status, recorded int, by, reason string) {
		t.Helper()
		got, id := send(t, strings.TrimSuffix(s.State().LocalURL, "/")+path, append(body(t), strings.Repeat(" ", len(path))...), "Webhook-Id", path)
		if got != status {
			t.Errorf("%s: answered %d; want %d", path, got, status)
		}
		if id == "" { // an answer of the handler's
			page, err := s.List(t.Context(), store.Query{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			id = page.Rows[0].ID
		}
		var answer event.Answer
		await(t, s, "what was answered", func() bool {
			e, err := events.Event(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			answer = e.Answer
			return !answer.At.IsZero()
		})
		if answer.Status != recorded || answer.Target != by || !strings.Contains(answer.Reason, reason) || reason == "" && answer.Reason != "" || answer.Took <= 0 {
			t.Errorf("%s: recorded %+v; want %d, %q, %q", path, answer, recorded, by, reason)
		}
	}
	check("/good", 200, 200, "first", "")
	check("/empty", 204, 204, "first", "")
	check("/breaks", 502, 502, "first", "")
	check("/large", 418, 418, "first", "")
	check("/moved", 302, 302, "first", "")
	check("/slow", 200, 200, "", "slow is paused")
	s, events, _ = begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{first}, AckHandler: true, AckWithin: 50 * time.Millisecond})
	check("/hangs", 200, 200, "", "first did not answer within 50ms")
}
