package dev_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// fullStore takes no attempt.
type fullStore struct{ store.Store }

func (fullStore) PutDelivery(context.Context, *event.Delivery) error { return store.ErrFull }

func (fullStore) PutDeliveries(_ context.Context, ds []*event.Delivery) []error {
	return slices.Repeat([]error{store.ErrFull}, len(ds))
}

// TestReplayOnAFullDisk sees that an event is sent though the attempt cannot be kept.
func TestReplayOnAFullDisk(t *testing.T) {
	t.Parallel()
	got := make(chan string, 2)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("X-Hfhook-Attempt")
	}))
	t.Cleanup(handler.Close)
	events, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = events.Close() })
	e := &event.Event{Capture: event.Capture{Method: http.MethodPost, Path: "/webhooks", Body: []byte("{}")}}
	if err := events.Append(t.Context(), e, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := dev.Start(ctx, dev.Options{Store: fullStore{events}, Listener: listen(t), Targets: []delivery.Target{target(t, handler.URL+",name=app")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = s.Wait() })
	sent, err := s.Replay(t.Context(), e.ID, dev.ReplayAs{})
	if !errors.Is(err, dev.ErrUnrecorded) || len(sent) != 1 || sent[0].Status != http.StatusOK {
		t.Fatalf("%+v, %v", sent, err)
	}
	if n := <-got; n != "1" {
		t.Errorf("it is attempt %s", n)
	}
	if one, err := s.ReplayTo(t.Context(), e.ID, "app", dev.ReplayAs{}); !errors.Is(err, dev.ErrUnrecorded) || one.Status != http.StatusOK {
		t.Errorf("to one: %+v, %v", one, err)
	}
}

// TestReplayManyOnAFullDisk sees that all of many events are sent, and counted, though no
// attempt can be kept.
func TestReplayManyOnAFullDisk(t *testing.T) {
	t.Parallel()
	handler := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(handler.Close)
	events, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = events.Close() })
	var b dev.Batch
	for range 3 {
		e := &event.Event{Capture: event.Capture{Method: http.MethodPost, Path: "/webhooks", Body: []byte("{}")}}
		if err := events.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		b.Events = append(b.Events, e.ID)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := dev.Start(ctx, dev.Options{Store: fullStore{events}, Listener: listen(t), Targets: []delivery.Target{target(t, handler.URL)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = s.Wait() })
	var sent []dev.Sent
	b.OnResult = func(r dev.Sent) { sent = append(sent, r) }
	tally, err := s.ReplayMany(t.Context(), b)
	if !errors.Is(err, dev.ErrUnrecorded) || !errors.Is(err, store.ErrFull) || tally.Sent != 3 || tally.Answered != 3 {
		t.Fatalf("%+v, %v", tally, err)
	}
	for _, r := range sent {
		if r.Delivery.N != 1 || r.Delivery.Status != http.StatusOK {
			t.Errorf("told of %+v", r.Delivery)
		}
	}
	if len(sent) != 3 {
		t.Errorf("told of %d", len(sent))
	}
}

// spentStore takes nothing.
type spentStore struct{ store.Store }

func (spentStore) PutSpan(context.Context, *store.Span) error {
	return &store.Fault{Doing: "record since when events can be received", Err: fmt.Errorf("%w: disk I/O error (13)", store.ErrFull), Todo: "free some space on the disk of /x/events.db"}
}

// TestFullDiskMessage looks at what the State says of a disk that is full.
func TestFullDiskMessage(t *testing.T) {
	t.Parallel()
	events, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = events.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	s, err := dev.Start(ctx, dev.Options{Store: spentStore{events}, Listener: listen(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = s.Wait() })
	changes := s.Watch(t.Context())
	for s.State().Store.Err == "" {
		<-changes
	}
	if got, want := s.State().Store.Err, "the disk is full: free some space on the disk of /x/events.db"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}
