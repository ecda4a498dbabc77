package dev_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// fill records events with a body of 20 KB, and pins the oldest.
func fill(t *testing.T, path string, n int) (pinned event.ID) {
	t.Helper()
	events, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	for range n {
		e := &event.Event{Capture: event.Capture{Body: bytes.Repeat([]byte("x"), 20_000)}}
		if err := events.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		if pinned == "" {
			pinned = e.ID
		}
	}
	if err := events.Pin(t.Context(), pinned, "first"); err != nil {
		t.Fatal(err)
	}
	return pinned
}

// What is old goes while the session runs, except for what is pinned.
func TestKeep(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	pinned := fill(t, path, 10)
	s, events, _ := begin(t, path, dev.Options{KeepSince: func() time.Time { return time.Now().Add(time.Hour) }})
	await(t, s, "the end of the old events", func() bool { return s.State().Store.Events == 1 })
	if _, err := events.Event(t.Context(), pinned); err != nil {
		t.Errorf("what is pinned: %v", err)
	}
}

// The oldest go until the store is no larger than it may be.
func TestMaxStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	pinned := fill(t, path, 600)
	const most = 8 << 20
	s, events, _ := begin(t, path, dev.Options{MaxStore: most})
	await(t, s, "a smaller store", func() bool { return s.State().Store.Used <= most })
	stats, err := events.Stats(t.Context())
	if err != nil || stats.Events < 100 || stats.Events > 500 {
		t.Errorf("%d events are left, %v", stats.Events, err)
	}
	if _, err := events.Event(t.Context(), pinned); err != nil {
		t.Errorf("what is pinned: %v", err)
	}
	page, err := events.List(t.Context(), store.Query{Limit: 1})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID == pinned {
		t.Errorf("the newest is %v, %v", page.Rows, err)
	}
}
