package dev_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
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
	tally, err := s.ReplayMany(t.Context(), dev.Batch{Events: ids, Target: "app", OnResult: func(ok bool) {
		if ok {
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
