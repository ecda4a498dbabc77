package dev_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/server"
)

func TestReplayMany(t *testing.T) {
	t.Parallel()
	var fails atomic.Bool
	got := make(chan event.ID, 100)
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- event.ID(r.Header.Get("X-Hfhook-Event-Id"))
		if fails.Load() {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(handler.Close)
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, handler.URL+",name=app")}})
	var ids []event.ID
	for range 3 {
		e, err := s.Trigger(t.Context(), "repo/create")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
		<-got
	}

	answered := 0
	tally, err := s.ReplayMany(t.Context(), dev.Batch{Events: ids, Target: "app", OnResult: func(r dev.Sent) {
		if r.Delivery.OK() {
			answered++
		}
	}})
	if err != nil || tally != (dev.Tally{Planned: 3, Sent: 3, Answered: 3}) || answered != 3 {
		t.Errorf("got %+v, %v, and heard of %d", tally, err, answered)
	}
	if diff := cmp.Diff(ids, []event.ID{<-got, <-got, <-got}); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}

	fails.Store(true)
	if tally, err := s.ReplayMany(t.Context(), dev.Batch{Events: ids, StopOnFail: true}); err != nil || tally.Sent != 1 || tally.Answered != 0 {
		t.Errorf("stopping at the first failure: %+v, %v", tally, err)
	}
	if _, err := s.ReplayMany(t.Context(), dev.Batch{Events: ids, Target: "other"}); !errors.Is(err, dev.ErrNoTarget) {
		t.Errorf("to no target: %v", err)
	}
	ended, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if _, err := s.ReplayMany(ended, dev.Batch{Events: ids}); !errors.Is(err, enough) {
		t.Errorf("without time: %v", err)
	}
}

// TestReplayManyDeleted deletes an event while it is sent, and one that comes after it.
func TestReplayManyDeleted(t *testing.T) {
	t.Parallel()
	reached, goOn := make(chan event.ID, 10), make(chan bool)
	var waits atomic.Bool
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		reached <- event.ID(r.Header.Get("X-Hfhook-Event-Id"))
		if waits.Load() {
			<-goOn
		}
	}))
	t.Cleanup(handler.Close)
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, handler.URL)}})
	var ids []event.ID
	for range 4 {
		e, err := s.Trigger(t.Context(), "repo/create")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
		<-reached
	}
	waits.Store(true)
	var mu sync.Mutex
	var gone []event.ID
	done := make(chan error, 1)
	var tally dev.Tally
	go func() {
		var err error
		tally, err = s.ReplayMany(t.Context(), dev.Batch{Events: ids, OnGone: func(id event.ID) {
			mu.Lock()
			defer mu.Unlock()
			gone = append(gone, id)
		}})
		done <- err
	}()
	<-reached
	if n, err := s.Delete(t.Context(), ids[0], ids[3]); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	waits.Store(false)
	close(goOn)
	if err := <-done; err != nil || tally.Sent != 2 || tally.Answered != 2 {
		t.Errorf("got %+v, %v", tally, err)
	}
	if diff := cmp.Diff([]event.ID{ids[0], ids[3]}, gone, cmpopts.SortSlices(func(a, b event.ID) bool { return a < b })); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
}

// TestReplayAs sees what a target gets of replays that look otherwise, and that a preview
// says the same and sends nothing.
func TestReplayAs(t *testing.T) {
	t.Parallel()
	got := make(chan http.Header, 10)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header }))
	t.Cleanup(handler.Close)
	secret, err := server.ParseSecret("a secret of the test")
	if err != nil {
		t.Fatal(err)
	}
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Secrets: []server.Secret{secret}})
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                    string
		as                      dev.ReplayAs
		secret                  string
		hasReplayHeader, sameID bool
	}{
		{"as usual", dev.ReplayAs{}, "a secret of the test", true, true},
		{"unmarked", dev.ReplayAs{Unmarked: true}, "a secret of the test", false, true},
		{"with a new id", dev.ReplayAs{NewEventID: true}, "a secret of the test", true, false},
		{"as new", dev.ReplayAs{New: true}, "a secret of the test", true, false},
		{"without the secret", dev.ReplayAs{Secret: dev.SecretNever}, "", true, true},
	} {
		b := dev.Batch{Events: []event.ID{e.ID}, Other: handler.URL, ReplayAs: c.as}
		planned, err := s.Preview(t.Context(), b)
		if err != nil || len(planned) != 1 || len(got) > 0 {
			t.Fatalf("%s: a preview of %d, %v, and %d were sent", c.name, len(planned), err, len(got))
		}
		if tally, err := s.ReplayMany(t.Context(), b); err != nil || tally.Answered != 1 {
			t.Fatalf("%s: %+v, %v", c.name, tally, err)
		}
		sent, shown := <-got, http.Header{}
		for _, f := range planned[0].Delivery.RequestHeader {
			shown.Add(f.Name, f.Value)
		}
		if id := sent.Get("Webhook-Id"); len(id) != 24 || (id != e.DeliveryID) != c.as.New || (shown.Get("Webhook-Id") == "(new)") != c.as.New {
			t.Errorf("%s: the Webhook-Id is %q, in the preview %q", c.name, id, shown.Get("Webhook-Id"))
		}
		id := sent.Get("X-Hfhook-Event-Id")
		if _, err := event.ParseID(id); err != nil || (id == string(e.ID)) != c.sameID {
			t.Errorf("%s: the id is %q", c.name, id)
		}
		if has := sent.Get("X-Hfhook-Replay") != ""; has != c.hasReplayHeader || has != (shown.Get("X-Hfhook-Replay") != "") {
			t.Errorf("%s: marked is %v, in the preview %q", c.name, has, shown.Get("X-Hfhook-Replay"))
		}
		masked := map[bool]string{true: "[secret]"}[c.secret != ""]
		if sent.Get("X-Webhook-Secret") != c.secret || shown.Get("X-Webhook-Secret") != masked {
			t.Errorf("%s: the secret is %q, in the preview %q", c.name, sent.Get("X-Webhook-Secret"), shown.Get("X-Webhook-Secret"))
		}
	}
	if _, err := s.Preview(t.Context(), dev.Batch{Events: []event.ID{e.ID}}); !errors.Is(err, dev.ErrNoTarget) {
		t.Errorf("a preview to no target: %v", err)
	}
	if _, err := s.ReplayMany(t.Context(), dev.Batch{Events: []event.ID{e.ID}, Other: "nowhere"}); err == nil {
		t.Error("an address that is none is taken")
	}
}

// What is changed of the requests is sent by edited copies, which are events of their own.
func TestReplayManyEdited(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 4)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r }))
	t.Cleanup(handler.Close)
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, handler.URL+",name=app")}})
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	<-got
	b := dev.Batch{Events: []event.ID{e.ID}, Edit: event.Edit{Method: "PUT", Path: "/other", Header: []event.Field{{Name: "X-Mode", Value: "test"}}}}
	var sent []dev.Sent
	b.OnResult = func(r dev.Sent) { sent = append(sent, r) }
	if _, err := s.ReplayMany(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if r := <-got; r.Method != "PUT" || r.URL.Path != "/other" || r.Header.Get("X-Mode") != "test" {
		t.Errorf("the target got %s %s %v", r.Method, r.URL, r.Header)
	}
	if len(sent) != 1 || sent[0].For != e.ID || sent[0].Event.Parent != e.ID || sent[0].Delivery.Event == e.ID {
		t.Errorf("what was sent is %+v", sent)
	}
}
