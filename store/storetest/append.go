package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
)

// kept compares what a store keeps of events and deliveries. The payload and its
// warnings are read from the body; nothing says whether an empty body or header was
// nil. Bodies are compared as a whole: byte by byte, as cmp does it, ten million take
// minutes.
var kept = cmp.Options{
	cmpopts.IgnoreFields(event.Event{}, "Payload", "Warnings"),
	cmp.Comparer(bytes.Equal),
	cmp.Comparer(slices.Equal[[]event.Field]),
}

// fields makes a header of names and values by turns.
func fields(pairs ...string) (header []event.Field) {
	for pair := range slices.Chunk(pairs, 2) {
		header = append(header, event.Field{Name: pair[0], Value: pair[1]})
	}
	return header
}

func testEmpty(t *testing.T, f *fixture) {
	s := f.open()
	page, err := s.List(t.Context(), store.Query{})
	if err != nil || len(page.Rows) != 0 || page.Older || page.Newer {
		t.Errorf("List = %+v, %v", page, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Events != 0 || stats.Failed != 0 || stats.Waiting != 0 || !stats.Newest.IsZero() {
		t.Errorf("Stats = %+v, %v", stats, err)
	}
	const nobody event.ID = "01JD4X7M9C8Q2R5T7V9WABCDEF"
	if _, err := s.Event(t.Context(), nobody); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Event: %v; want ErrNotFound", err)
	}
	if _, err := s.Event(t.Context(), "no id"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Event of no id: %v; want ErrNotFound", err)
	}
	if ds, err := s.Deliveries(t.Context(), nobody); err != nil || len(ds) != 0 {
		t.Errorf("Deliveries = %v, %v; want none", ds, err)
	}
	if ds, err := s.Waiting(t.Context(), "target", "", 10); err != nil || len(ds) != 0 {
		t.Errorf("Waiting = %v, %v; want none", ds, err)
	}
}

func testRoundTrip(t *testing.T, f *fixture) {
	variants := []struct {
		name   string
		change func(e *event.Event)
	}{
		{"as the Hub sends it", func(*event.Event) {}},
		{"nothing", func(e *event.Event) { *e = event.Event{} }},
		{"empty body", func(e *event.Event) { e.Body = []byte{} }},
		{"line ends", func(e *event.Event) { e.Body = []byte("\r\n\n\r{\"a\":1}\r\n") }},
		{"NUL", func(e *event.Event) { e.Body = []byte("\x00a\x00") }},
		{"no UTF-8", func(e *event.Event) { e.Body = []byte("\xff\xfe\xc3\x28") }},
		{"equal keys", func(e *event.Event) { e.Body = []byte(`{"a":1,"a":2, "a" : 1e400}`) }},
		{"byte-order mark", func(e *event.Event) { e.Body = []byte("\ufeff" + body) }},
		{"one page", func(e *event.Event) { e.Body = large(4096) }},
		{"10 MiB", func(e *event.Event) { e.Body = large(10 << 20) }},
		{"headers", func(e *event.Event) {
			e.Header = fields("A", "", "A", "2", "A", "1", "a", " spaces ", "Quote", `"\"`, "Escape", `\n\r\\:`,
				"Lines", "1\r\n2\n3\r4", "Colon: name", ": value: ", "", "no name", "\\", "\\", "Nul", "\x00",
				"Latin-1", "caf\xe9", "\xff", "\xfe\xff", "UTF-8", "\u202eé\u200b", "Long", string(large(100_000)))
		}},
		{"hostile texts", func(e *event.Event) {
			e.Path = "/webhooks/\xff\x00'; DROP TABLE events; --"
			e.Query, e.Method, e.Proto, e.Peer, e.DeliveryID = "\x00\xff", "\xc3", "\r\n", "\x1b]52;c;\a", "\x00\xff\u202e"
			e.Origin = "\xff"
		}},
		{"times", func(e *event.Event) { e.Received = time.Unix(0, 1) }},
		{"before 1970", func(e *event.Event) { e.Received = time.Unix(-1, 1) }},
		{"secret", func(e *event.Event) { e.Matched, e.HoldsSecret = 2, true }},
		{"edited", func(e *event.Event) { e.Origin, e.Parent = event.FromEdit, "01JD4X7M9C8Q2R5T7V9WABCDEF" }},
	}

	s := f.open()
	var want []*event.Event
	for _, v := range variants {
		e := f.event()
		v.change(e)
		e.SHA256 = sha256.Sum256(e.Body)
		before := *e
		f.appendEvent(s, e)
		if diff := cmp.Diff(&before, e, kept, cmpopts.IgnoreFields(event.Event{}, "ID", "SameBody", "SameBodyAt")); diff != "" {
			t.Errorf("%s: Append changed the event:\n%s", v.name, diff)
		}
		if _, err := event.ParseID(string(e.ID)); err != nil {
			t.Errorf("%s: ID %q: %v", v.name, e.ID, err)
		}
		want = append(want, e)
	}
	// Once by this handle and once by another one, which has nothing in memory.
	for _, s := range []store.Store{s, f.open()} {
		for i, e := range want {
			got, err := s.Event(t.Context(), e.ID)
			if err != nil {
				t.Errorf("%s: %v", variants[i].name, err)
				continue
			}
			if diff := cmp.Diff(e, got, kept); diff != "" {
				t.Errorf("%s (-want +got):\n%.2000s", variants[i].name, diff)
			}
			wantPayload, wantWarnings := payload.ParseLenient(e.Body)
			if (got.Payload == nil) != (wantPayload == nil) {
				t.Errorf("%s: payload %v; want that of the body", variants[i].name, got.Payload)
			}
			wantWarnings = e.AllWarnings(wantWarnings)
			if diff := cmp.Diff(wantWarnings, got.Warnings, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: warnings (-want +got):\n%s", variants[i].name, diff)
			}
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// An event that was made by hand may lack what the server fills in.
func testByHand(t *testing.T, f *fixture) {
	s := f.open()
	e := &event.Event{Capture: event.Capture{Body: []byte("x")}}
	f.appendEvent(s, e)
	if want := sha256.Sum256(e.Body); e.SHA256 != want {
		t.Errorf("SHA256 = %x; want %x", e.SHA256, want)
	}
	if _, err := s.Event(t.Context(), e.ID); err != nil {
		t.Error(err)
	}
	e = &event.Event{Capture: event.Capture{Parent: "no id"}}
	if err := s.Append(t.Context(), e, store.AppendOptions{}); err == nil || e.ID != "" {
		t.Errorf("with a parent that is not an id: id %q, %v; want an error", e.ID, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// IDs grow in the order of recording, over goroutines and handles.
func testIDs(t *testing.T, f *fixture) {
	const handles, writers, each = 2, 8, 20
	var (
		mu     sync.Mutex
		newest event.ID // of all that were recorded
		seen   = make(map[event.ID]bool)
	)
	var wg sync.WaitGroup
	for range handles {
		s := f.open()
		for range writers {
			wg.Go(func() {
				for range each {
					e := f.event()
					mu.Lock()
					before := newest
					mu.Unlock()
					if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if e.ID <= before {
						t.Errorf("%s was recorded after %s", e.ID, before)
					}
					if seen[e.ID] {
						t.Errorf("%s was given out twice", e.ID)
					}
					seen[e.ID] = true
					newest = max(newest, e.ID)
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	s := f.open()
	page := must(s.List(t.Context(), store.Query{Limit: 2 * handles * writers * each}))(t)
	if len(page.Rows) != handles*writers*each {
		t.Errorf("%d rows; want %d", len(page.Rows), handles*writers*each)
	}
	if !slices.IsSortedFunc(page.Rows, func(a, b event.Row) int { return -cmpID(a.ID, b.ID) }) {
		t.Error("the rows are not in the order of the IDs")
	}
	for _, row := range page.Rows {
		if !seen[row.ID] {
			t.Errorf("%s was never given out", row.ID)
		}
	}
}

func cmpID(a, b event.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func testCancelled(t *testing.T, f *fixture) {
	s := f.open()
	id := f.append(s).ID
	why := errors.New("the reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)

	calls := map[string]func() error{
		"Append":        func() error { return s.Append(ctx, f.event(), store.AppendOptions{}) },
		"PutDelivery":   func() error { return s.PutDelivery(ctx, &event.Delivery{Event: id}) },
		"PutDeliveries": func() error { return s.PutDeliveries(ctx, []*event.Delivery{{Event: id}, {Event: id}})[1] },
		"Events":        func() error { _, err := s.Events(ctx, []event.ID{id}); return err },
		"Accept":        func() error { return s.Accept(ctx, id, 1, time.Now()) },
		"Event":         func() error { _, err := s.Event(ctx, id); return err },
		"Deliveries":    func() error { _, err := s.Deliveries(ctx, id); return err },
		"Waiting":       func() error { _, err := s.Waiting(ctx, "t", "", 1); return err },
		"List":          func() error { _, err := s.List(ctx, store.Query{}); return err },
		"Resolve":       func() error { _, err := s.Resolve(ctx, "@last"); return err },
		"Stats":         func() error { _, err := s.Stats(ctx); return err },
		"Check":         func() error { return s.Check(ctx) },
		"Own":           func() error { _, err := s.Own(ctx, "t"); return err },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, why) {
			t.Errorf("%s: %v; want the cause of the context", name, err)
		}
	}
	if stats := must(s.Stats(t.Context()))(t); stats.Events != 1 {
		t.Errorf("%d events; want the one that was recorded before", stats.Events)
	}
	// Nothing is left behind that keeps others out.
	f.append(s)
	release := must(s.Own(t.Context(), "t"))(t)
	release()
}

func testClosed(t *testing.T, f *fixture) {
	s := f.open()
	id := f.append(s).ID
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"Append":        func() error { return s.Append(t.Context(), f.event(), store.AppendOptions{}) },
		"PutDelivery":   func() error { return s.PutDelivery(t.Context(), &event.Delivery{Event: id}) },
		"PutDeliveries": func() error { return s.PutDeliveries(t.Context(), []*event.Delivery{{Event: id}, {Event: id}})[1] },
		"Events":        func() error { _, err := s.Events(t.Context(), []event.ID{id}); return err },
		"Accept":        func() error { return s.Accept(t.Context(), id, 1, time.Now()) },
		"Event":         func() error { _, err := s.Event(t.Context(), id); return err },
		"Deliveries":    func() error { _, err := s.Deliveries(t.Context(), id); return err },
		"Waiting":       func() error { _, err := s.Waiting(t.Context(), "t", "", 1); return err },
		"List":          func() error { _, err := s.List(t.Context(), store.Query{}); return err },
		"Resolve":       func() error { _, err := s.Resolve(t.Context(), "@last"); return err },
		"Stats":         func() error { _, err := s.Stats(t.Context()); return err },
		"Check":         func() error { return s.Check(t.Context()) },
		"Own":           func() error { _, err := s.Own(t.Context(), "t"); return err },
	}
	for name, call := range calls {
		if err := call(); err == nil {
			t.Errorf("%s on a closed store succeeded", name)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

// Close waits for what is being written, and what was recorded is there afterwards.
func testReopened(t *testing.T, f *fixture) {
	s := f.open()
	results := make(chan *event.Event, 64)
	var wg sync.WaitGroup
	for range cap(results) {
		e := f.event()
		wg.Go(func() {
			if s.Append(t.Context(), e, store.AppendOptions{}) == nil {
				results <- e
			}
		})
	}
	f.appendEvent(s, f.event())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	close(results)
	s = f.open()
	for e := range results {
		if _, err := s.Event(t.Context(), e.ID); err != nil {
			t.Errorf("was recorded: %v", err)
		}
	}
	stats := must(s.Stats(t.Context()))(t)
	page := must(s.List(t.Context(), store.Query{Limit: 100}))(t)
	if int64(len(page.Rows)) != stats.Events {
		t.Errorf("%d rows; want %d", len(page.Rows), stats.Events)
	}
	if e := f.append(s); e.ID <= page.Rows[0].ID {
		t.Errorf("%s after %s", e.ID, page.Rows[0].ID)
	}
}
