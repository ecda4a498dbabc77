package dev_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
)

// post sends a delivery and returns the answer's status and body.
func post(t *testing.T, ctx context.Context, url, deliveryID string, body []byte) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	if deliveryID != "" {
		req.Header.Set("Webhook-Id", deliveryID)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(text)
}

// newest returns the newest event, whole.
func newest(t *testing.T, events store.Store) *event.Event {
	t.Helper()
	page, err := events.List(t.Context(), store.Query{Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("there is no event: %v", err)
	}
	e, err := events.Event(t.Context(), page.Rows[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A delivery that comes again at once is stored, and withheld from the target that has it.
// The target gets it by hand, with the id that it knows the delivery by.
func TestWithheld(t *testing.T) {
	t.Parallel()
	type request struct{ delivery, id, replay string }
	handled := make(chan request, 10)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		handled <- request{r.Header.Get("Webhook-Id"), r.Header.Get("X-Hfhook-Event-Id"), r.Header.Get("X-Hfhook-Replay")}
	}))
	t.Cleanup(handler.Close)
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, handler.URL)}, Journal: true})
	b := body(t)
	_, first := send(t, s.State().LocalURL, b, "Webhook-Id", "one")
	status, second := send(t, s.State().LocalURL, b, "Webhook-Id", "one")
	if status != 200 || first == second {
		t.Errorf("the second time of a delivery: %d as %s", status, second)
	}
	_, third := send(t, s.State().LocalURL, append(b, ' '), "Webhook-Id", "one")
	_, fourth := send(t, s.State().LocalURL, b, "Webhook-Id", "two")
	for _, want := range []request{{delivery: "one", id: string(first)}, {delivery: "one", id: string(first)}, {delivery: "two", id: string(fourth)}} {
		if got := <-handled; got != want {
			t.Errorf("the handler got %+v; want %+v", got, want)
		}
	}
	await(t, s, "the last delivery", func() bool { d := last(t, events, fourth); return d.OK() })
	if d := last(t, events, third); !d.OK() {
		t.Errorf("other bytes with the same id: %+v", d)
	}
	if d := last(t, events, second); d.State != event.Withheld || d.SameAs != first {
		t.Errorf("the second has the delivery %+v", d)
	}
	reported := false
	for _, entry := range s.Journal() {
		if d := entry.Delivery; d != nil && d.State == event.Withheld {
			reported = d.Event == second && entry.Send == "hfhook replay "+string(second)+" --to "+strings.TrimPrefix(handler.URL, "http://127.0.0.1:")
		}
	}
	if !reported {
		t.Error("nobody is told what was withheld, or how to send it")
	}
	if _, err := s.Replay(t.Context(), second, dev.ReplayAs{}); err != nil {
		t.Fatal(err)
	}
	if got := <-handled; got.id != string(first) || got.delivery != "one" || got.replay == "" {
		t.Errorf("by hand the handler got %+v; want the id %s", got, first)
	}
}

// Without a Webhook-Id an equal body is another delivery, and so is one that was answered
// with an error, or that came while there was no target.
func TestHandedOn(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/webhooks/broken" && r.Header.Get("X-Second") == "" && !broken.Swap(true) {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(handler.Close)
	path := filepath.Join(t.TempDir(), "events.db")
	s, _, end := begin(t, path, dev.Options{})
	b := body(t)
	send(t, s.State().LocalURL+"/early", b, "Webhook-Id", "early")
	end()

	second := target(t, handler.URL+",name=second,when=path:/webhooks/broken,header=X-Second: 1")
	s, events, _ := begin(t, path, dev.Options{Targets: []delivery.Target{target(t, handler.URL), second}, AckHandler: true})
	for _, step := range []struct {
		path, id string
		status   int
	}{
		{"/early", "early", 200},
		{"/body", "", 200},
		{"/body", "", 200},
		{"/broken", "broken", 500},
		{"/broken", "broken", 200},
	} {
		if status, answer := post(t, t.Context(), s.State().LocalURL+step.path, step.id, b); status != step.status {
			t.Errorf("%s: answered %d %s; want %d", step.path, status, answer, step.status)
		}
		if all, err := events.Deliveries(t.Context(), newest(t, events).ID); err != nil || len(all) == 0 || all[0].State != event.Done {
			t.Errorf("%s: %+v, %v", step.path, all, err)
		}
	}
	// The second target took the first one, but its sender was told that it failed.
	id := newest(t, events).ID
	await(t, s, "the other target", func() bool { d := last(t, events, id); return d.Target == "second" && d.OK() })
	page, err := events.List(t.Context(), store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if body := page.Rows[2]; body.SameBody != page.Rows[3].ID || !body.SameBodyAt.Equal(page.Rows[3].Received) {
		t.Errorf("the body that came again is marked with %q of %v; want %s", body.SameBody, body.SameBodyAt, page.Rows[3].ID)
	}
}

// Whoever sends a delivery again while the handler is still busy with it gets the answer
// to the first one, also from another process.
func TestRepeatedIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	busy, release := make(chan struct{}, 9), make(chan struct{})
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		busy <- struct{}{}
		<-release
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "queued")
	}))
	t.Cleanup(handler.Close)
	path := filepath.Join(t.TempDir(), "events.db")
	opts := dev.Options{Targets: []delivery.Target{target(t, handler.URL)}, AckHandler: true, AckWithin: waitLimit}
	s, events, _ := begin(t, path, opts)
	other, _, _ := begin(t, path, opts)
	b := body(t)
	var sending sync.WaitGroup
	ask := func(s *dev.Session) {
		sending.Go(func() {
			if status, answer := post(t, t.Context(), s.State().LocalURL, "one", b); status != http.StatusAccepted || answer != "queued" {
				t.Errorf("answered %d %q", status, answer)
			}
		})
	}
	ask(s)
	<-busy
	for i, s := range []*dev.Session{s, other} {
		ask(s)
		await(t, s, "the same delivery again", func() bool { return s.State().Store.Events == int64(2+i) })
	}
	close(release)
	sending.Wait()
	if len(busy) > 0 {
		t.Errorf("the handler was asked %d more times", len(busy))
	}
	if d := last(t, events, newest(t, events).ID); d.State != event.Withheld {
		t.Errorf("the last one is %+v", d)
	}
	// Afterwards, too, for as long as it is the same delivery.
	ask(other)
	sending.Wait()
}

// A sender that hung up before the answer was written did not get it.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	busy, release := make(chan struct{}, 9), make(chan struct{})
	handler := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		busy <- struct{}{}
		<-release
	}))
	t.Cleanup(handler.Close)
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, handler.URL)}, AckHandler: true, AckWithin: waitLimit})
	b := body(t)
	ctx, hangUp := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = post(t, ctx, s.State().LocalURL, "one", b)
	}()
	<-busy
	hangUp()
	<-gone
	id := newest(t, events).ID
	arrival := func(id event.ID) event.Arrival {
		e, err := events.Event(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return e.Answer.Arrival
	}
	await(t, s, "the answer", func() bool { return arrival(id) == event.Lost })
	close(release)
	if status, answer := post(t, t.Context(), s.State().LocalURL, "one", b); status != http.StatusOK {
		t.Errorf("answered %d %q", status, answer)
	}
	again := newest(t, events).ID
	await(t, s, "the answer", func() bool { return arrival(again) == event.Written })
	if d := last(t, events, again); d.State != event.Withheld || d.SameAs != id {
		t.Errorf("the same delivery again is %+v", d)
	}
}
