//go:build unix

package dev_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/payload/sample"
)

// TestPrintedDuring: a handler that prints while it answers has its lines beside the attempt,
// and those of two requests at once are told apart from those of one.
func TestPrintedDuring(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	var s *dev.Session
	var both sync.WaitGroup // two requests have come
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := "about attempt " + r.Header.Get("X-Hfhook-Attempt")
		if r.Header.Get("X-Hfhook-Replay") != "" {
			both.Done()
			both.Wait()
		}
		f, err := os.OpenFile(pipe, os.O_RDWR, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if _, err := fmt.Fprintln(f, line); err != nil {
			t.Error(err)
		}
		await(t, s, line, func() bool { return printed(s, line) })
		w.WriteHeader(500)
	}))
	defer ts.Close()
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Handler: shell(t, handler.OnCrash, "mkfifo "+pipe+"; echo up; exec cat <>"+pipe), HandlerTarget: "app",
		Targets: []delivery.Target{target(t, ts.URL+",name=app")},
	})
	defer end()
	await(t, s, "its first line", func() bool { return printed(s, "up") })
	e, err := s.TriggerAs(t.Context(), "repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var first event.Delivery
	await(t, s, "the answer", func() bool {
		sent, err := s.Deliveries(t.Context(), e.ID)
		if err == nil && len(sent) == 1 {
			first = sent[0]
		}
		return first.State == event.Done
	})
	if p := s.PrintedDuring(&first); p.Mixed || len(p.Lines) != 1 || p.Lines[0].Text != "about attempt 1" {
		t.Errorf("of the first attempt: %+v", p)
	}
	other := first
	if other.Target = "other"; len(s.PrintedDuring(&other).Lines) != 0 {
		t.Error("an attempt at another target has lines of the handler")
	}

	both.Add(2)
	var replays sync.WaitGroup
	for range 2 {
		replays.Go(func() {
			sent, err := s.Replay(t.Context(), e.ID, dev.ReplayAs{})
			if err != nil || len(sent) != 1 {
				t.Errorf("%d replays: %v", len(sent), err)
				return
			}
			if p := s.PrintedDuring(&sent[0]); !p.Mixed || len(p.Lines) == 0 {
				t.Errorf("of one of two at once: %+v", p)
			}
		})
	}
	replays.Wait()
}

func printed(s *dev.Session, text string) bool {
	lines, _, _ := s.HandlerOutput(0, 100)
	for _, l := range lines {
		if l.Text == text {
			return true
		}
	}
	return false
}
