package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"hfhook/event"
	"hfhook/store"
)

// all returns the IDs of all events, newest first, from as many pages as it takes.
func all(t *testing.T, s store.Store) (ids []event.ID) {
	t.Helper()
	for q := (store.Query{Limit: 500}); ; {
		page := must(s.List(t.Context(), q))(t)
		ids = append(ids, idsOf(page)...)
		if q.Before = page.Next; page.Next == "" {
			return ids
		}
	}
}

// appendAtOnce records n events by many callers, who share the time of the disk, and
// returns their IDs, oldest first.
func (f *fixture) appendAtOnce(s store.Store, n int, makeOne func(i int) *event.Event, targets ...string) []event.ID {
	f.t.Helper()
	ids := make([]event.ID, n)
	var callers errgroup.Group
	callers.SetLimit(64)
	for i := range ids {
		callers.Go(func() error {
			made := makeOne(i)
			err := s.Append(f.t.Context(), made, forward(targets...))
			ids[i] = made.ID
			return err
		})
	}
	if err := callers.Wait(); err != nil {
		f.t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

func testDelete(t *testing.T, f *fixture) {
	s := f.open()
	ids := f.appendMany(s, 3)
	waits, failed, other := f.append(s, "one", "two"), f.append(s, "one"), f.append(s, "one")
	f.put(s, &event.Delivery{Event: failed.ID, N: 1, Kind: event.Live, State: event.Done, Target: "one", Status: 500})
	edited := f.event()
	edited.Parent = ids[0]
	f.appendEvent(s, edited)
	if err := s.Pin(t.Context(), failed.ID, "bad"); err != nil {
		t.Fatal(err)
	}

	n, err := s.Delete(t.Context(), ids[0], waits.ID, failed.ID, ids[0], "01JD4X7M9C8Q2R5T7V9WABCDEF", "no id")
	if n != 3 || err != nil {
		t.Errorf("Delete = %d, %v; want 3", n, err)
	}
	for _, s := range []store.Store{s, f.open()} {
		if diff := cmp.Diff([]event.ID{edited.ID, other.ID, ids[2], ids[1]}, all(t, s)); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
		for _, id := range []event.ID{ids[0], waits.ID, failed.ID} {
			if e, err := s.Event(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Event(%s) = %+v, %v; want ErrNotFound", id, e, err)
			}
			if ds := must(s.Deliveries(t.Context(), id))(t); len(ds) > 0 {
				t.Errorf("Deliveries(%s) = %+v; want none", id, ds)
			}
			d := event.Delivery{Event: id, State: event.Done}
			if err := s.PutDelivery(t.Context(), &d); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("PutDelivery of %s: %v; want ErrNotFound", id, err)
			}
		}
		if rows := must(s.Waiting(t.Context(), "one", "", 10))(t); len(rows) != 1 || rows[0].Event != other.ID {
			t.Errorf("waiting for one: %+v; want that of %s alone", rows, other.ID)
		}
		if got := must(s.Stats(t.Context()))(t); got.Events != 4 || got.Failed != 0 || got.Waiting != 1 {
			t.Errorf("%d events, %d failed, %d waiting; want 4, 0, 1", got.Events, got.Failed, got.Waiting)
		}
		if id, err := s.Resolve(t.Context(), "bad"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the pin of one that is gone: %q, %v; want ErrNotFound", id, err)
		}
		if e := must(s.Event(t.Context(), edited.ID))(t); e.Parent != ids[0] {
			t.Errorf("the edited copy's parent is %q; want %q", e.Parent, ids[0])
		}
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	// The name is free, and the newest ID is not given out again.
	if err := s.Pin(t.Context(), other.ID, "bad"); err != nil {
		t.Error(err)
	}
	if n, err := s.Delete(t.Context(), all(t, s)...); n != 4 || err != nil {
		t.Errorf("Delete of all = %d, %v; want 4", n, err)
	}
	if n, err := s.Delete(t.Context()); n != 0 || err != nil {
		t.Errorf("Delete of nothing = %d, %v; want 0", n, err)
	}
	if e := f.append(s); e.ID <= edited.ID {
		t.Errorf("%s is recorded after %s was deleted", e.ID, edited.ID)
	}
}

// Events that were the same delivery as one that is gone refer to the earliest left.
func testDeleteDuplicates(t *testing.T, f *fixture) {
	s := f.open()
	same := func() *event.Event {
		e := f.event()
		e.DeliveryID = "the same"
		f.appendEvent(s, e)
		return e
	}
	const many = 600 // more than a backend may change at once
	ids := f.appendAtOnce(s, many, func(int) *event.Event {
		e := f.event()
		e.DeliveryID = "the same"
		return e
	})
	other := f.append(s)
	want := func(what string, original event.ID) {
		t.Helper()
		for q := (store.Query{Limit: 500}); ; {
			page := must(s.List(t.Context(), q))(t)
			for _, row := range page.Rows {
				want := original
				if row.ID == original || row.ID == other.ID {
					want = ""
				}
				if row.Duplicate != want {
					t.Fatalf("%s: %s is a duplicate of %q; want %q", what, row.ID, row.Duplicate, want)
				}
			}
			if q.Before = page.Next; page.Next == "" {
				return
			}
		}
	}
	remove := func(ids ...event.ID) {
		t.Helper()
		if n, err := s.Delete(t.Context(), ids...); n != len(ids) || err != nil {
			t.Fatalf("Delete = %d, %v; want %d", n, err, len(ids))
		}
	}
	want("all", ids[0])
	remove(ids[5])
	want("less one of the others", ids[0])
	remove(ids[0])
	want("less the first", ids[1])
	remove(ids[1], ids[2], ids[7])
	want("less the next two", ids[3])
	if e := same(); e.Duplicate != ids[3] {
		t.Errorf("the next one is a duplicate of %q; want %q", e.Duplicate, ids[3])
	}
	remove(slices.DeleteFunc(all(t, s), func(id event.ID) bool { return id == ids[many-1] || id == other.ID })...)
	want("all but one", ids[many-1])
	remove(ids[many-1])
	if e := same(); e.Duplicate != "" {
		t.Errorf("the only one is a duplicate of %q", e.Duplicate)
	}
}

func testPrune(t *testing.T, f *fixture) {
	s := f.open()
	add := func(i int) *event.Event {
		e := f.event()
		e.Received = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC) // of no account
		if i%2 == 0 {
			e.DeliveryID = "the same"
		}
		return e
	}
	const many = 600 // more than a backend may delete at once
	old := f.appendAtOnce(s, many, add, "one")
	// The line between old and new goes before a millisecond.
	fresh := []event.ID{f.append(s).ID}
	for !fresh[0].Time().After(old[many-1].Time()) {
		old = append(old, fresh[0])
		fresh[0] = f.append(s).ID
	}
	fresh = append(fresh, f.appendAtOnce(s, 20, add, "one")...)
	cut, end := fresh[0].Time(), fresh[20].Time().Add(time.Millisecond)
	pinned := []event.ID{fresh[20], old[many/2], old[0]}
	for i, name := range []string{"newest", "middle", "oldest"} {
		if err := s.Pin(t.Context(), pinned[i], name); err != nil {
			t.Fatal(err)
		}
	}
	prune := func(what string, before time.Time, dry bool, want int) {
		t.Helper()
		if n, err := s.Prune(t.Context(), before, dry); n != want || err != nil {
			t.Errorf("%s: %d, %v; want %d", what, n, err, want)
		}
	}
	prune("before the first", old[0].Time(), false, 0)
	prune("since ever", time.Time{}, false, 0)
	prune("all, dry", end, true, len(old)+len(fresh)-3)
	prune("the old, dry", cut, true, len(old)-2)
	if got := all(t, s); len(got) != len(old)+len(fresh) {
		t.Fatalf("%d events are left after nothing was deleted; want %d", len(got), len(old)+len(fresh))
	}
	prune("the old", cut, false, len(old)-2)
	prune("the old again", cut, false, 0)
	want := append(slices.Clone(fresh), pinned[1:]...)
	slices.SortFunc(want, func(a, b event.ID) int { return strings.Compare(string(b), string(a)) })
	if diff := cmp.Diff(want, all(t, s)); diff != "" {
		t.Errorf("left of the old (-want +got):\n%s", diff)
	}
	prune("the rest", end, false, len(fresh)-1)
	if diff := cmp.Diff(pinned, all(t, s)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if got := must(s.Stats(t.Context()))(t); got.Events != 3 || got.Waiting != int64(len(must(s.Waiting(t.Context(), "one", "", many))(t))) {
		t.Errorf("%d events, %d waiting", got.Events, got.Waiting)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}

	why := errors.New("the reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if n, err := s.Prune(ctx, end, false); n != 0 || !errors.Is(err, why) {
		t.Errorf("cancelled: %d, %v; want the cause", n, err)
	}
	if n, err := s.Delete(ctx, pinned...); n != 0 || !errors.Is(err, why) {
		t.Errorf("cancelled: %d, %v; want the cause", n, err)
	}
}

// What is recorded while old events are deleted, by this handle and another, is there.
func testPruneWhileAppending(t *testing.T, f *fixture) {
	s, other := f.open(), f.open()
	const many = 600
	f.appendAtOnce(s, many, func(int) *event.Event { return f.event() })
	before := time.Now().Add(time.Hour)
	var fresh []event.ID
	var wg sync.WaitGroup
	started := make(chan struct{})
	wg.Go(func() {
		for i := range 50 {
			e := &event.Event{Capture: event.Capture{Body: []byte(strings.Repeat("x", i+1))}}
			if err := other.Append(t.Context(), e, store.AppendOptions{}); err != nil {
				t.Error(err)
				break
			}
			if err := other.Pin(t.Context(), e.ID, "fresh-"+strings.Repeat("x", i)); err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Error(err)
			} else if err == nil {
				fresh = append([]event.ID{e.ID}, fresh...)
			}
			if i == 0 {
				close(started)
			}
		}
	})
	<-started
	if _, err := s.Prune(t.Context(), before, false); err != nil {
		t.Error(err)
	}
	wg.Wait()
	left := all(t, s)
	for _, id := range fresh {
		if !slices.Contains(left, id) {
			t.Errorf("%s was pinned and is gone", id)
		}
	}
	if got := must(s.Stats(t.Context()))(t); got.Events != int64(len(left)) {
		t.Errorf("%d events are counted, and there are %d", got.Events, len(left))
	}
}
