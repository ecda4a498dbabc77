package storetest

import (
	"crypto/sha256"
	"sync"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// An event that a file tells of is recorded once, however often the file is read.
func testAppendOnce(t *testing.T, f *fixture) {
	s := f.open()
	at := time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC)
	made := func(change func(*event.Event)) *event.Event {
		e := f.event()
		e.Origin, e.Received, e.DeliveryID = event.FromImport, at, ""
		if change != nil {
			change(e)
		}
		e.SHA256 = sha256.Sum256(e.Body)
		return e
	}
	live := made(func(e *event.Event) { e.Origin = event.FromHub })
	f.appendEvent(s, live)
	imported := made(func(e *event.Event) { e.Received = at.Add(time.Hour) })
	f.appendEvent(s, imported)
	second := made(func(e *event.Event) { e.Received = at.Add(2 * time.Hour) })
	f.appendEvent(s, second)

	later := func(e *event.Event) { e.Received = at.Add(24 * time.Hour) }
	for _, tt := range []struct {
		name   string
		change func(*event.Event)
		match  store.Match
		want   event.ID // empty: it is a new one
	}{
		{"the same", nil, store.Match{}, live.ID},
		{"of another time", later, store.Match{}, ""},
		{"of any time", later, store.Match{AnyTime: true}, imported.ID},
		{"of any time, the first being taken", later, store.Match{AnyTime: true, Taken: map[event.ID]bool{imported.ID: true}}, second.ID},
		{"taken", nil, store.Match{Taken: map[event.ID]bool{live.ID: true}}, ""},
		{"another body", func(e *event.Event) { e.Body = append([]byte(" "), e.Body...) }, store.Match{AnyTime: true}, ""},
		{"another path", func(e *event.Event) { e.Path = "/webhooks/other" }, store.Match{AnyTime: true}, ""},
		{"another delivery", func(e *event.Event) { e.DeliveryID = "a" }, store.Match{AnyTime: true}, ""},
	} {
		e := made(tt.change)
		before := must(s.Stats(t.Context()))(t).Events
		there := must(s.AppendOnce(t.Context(), e, tt.match))(t)
		added := must(s.Stats(t.Context()))(t).Events - before
		switch {
		case there != (tt.want != "") || there != (added == 0):
			t.Errorf("%s: there is %v, and %d were recorded", tt.name, there, added)
		case there && e.ID != tt.want:
			t.Errorf("%s: it is %s, want %s", tt.name, e.ID, tt.want)
		case e.SHA256 != sha256.Sum256(e.Body):
			t.Errorf("%s: the sum is not set", tt.name)
		}
		if got := must(s.Event(t.Context(), e.ID))(t); got.Duplicate != e.Duplicate {
			t.Errorf("%s: a duplicate of %q, recorded as one of %q", tt.name, e.Duplicate, got.Duplicate)
		}
		if ds := must(s.Deliveries(t.Context(), e.ID))(t); len(ds) > 0 {
			t.Errorf("%s: %d deliveries", tt.name, len(ds))
		}
	}

	// Two that read the same file at the same time record it once.
	other := f.open()
	before := must(s.Stats(t.Context()))(t).Events
	var wg sync.WaitGroup
	for i := range 20 {
		for _, s := range []store.Store{s, other} {
			wg.Go(func() {
				e := made(func(e *event.Event) { e.DeliveryID = string(rune('A' + i)) })
				if _, err := s.AppendOnce(t.Context(), e, store.Match{}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if added := must(s.Stats(t.Context()))(t).Events - before; added != 20 {
		t.Errorf("%d events were recorded, want 20", added)
	}
}
