package storetest

import (
	"slices"
	"testing"

	"hfhook/event"
	"hfhook/store"
)

// largeBody is the size of the bodies of these tests, with what a backend may use besides.
const (
	largeBody = 64 << 10
	largeMost = largeBody + 16<<10
)

func (f *fixture) appendLarge(s store.Store, n int) (ids []event.ID) {
	for range n {
		e := f.event()
		e.Body, e.SHA256 = large(largeBody), [32]byte{}
		f.appendEvent(s, e, "one")
		ids = append(ids, e.ID)
	}
	return ids
}

// The oldest events go until the rest fits, and not one more.
func testShrink(t *testing.T, f *fixture) {
	s := f.open()
	ids := f.appendLarge(s, 60)
	used := func() int64 { return must(s.Stats(t.Context()))(t).Used }
	left := len(ids)
	for _, excess := range []int64{0, 1, largeBody + largeBody/2, 20 * largeBody, 1} {
		most := used() - excess
		if done := must(s.Shrink(t.Context(), most, true))(t); done.Used > most || int64(done.Deleted) > excess/largeBody+1 {
			t.Errorf("%d bytes too many, dry: %+v", excess, done)
		}
		if got := len(all(t, s)); got != left {
			t.Fatalf("%d events after nothing was deleted; want %d", got, left)
		}
		done := must(s.Shrink(t.Context(), most, false))(t)
		left -= done.Deleted
		if done.Used > most || done.Used != used() || excess > 0 && done.Used+largeMost < most || excess == 1 && done.Deleted != 1 || excess == 0 && done.Deleted != 0 {
			t.Errorf("%d bytes too many: %+v; want one event at most more than it takes", excess, done)
		}
		want := slices.Clone(ids[len(ids)-left:])
		slices.Reverse(want)
		if got := all(t, s); !slices.Equal(got, want) || done.Left != int64(left) {
			t.Errorf("%d bytes too many: %d events are left, %+v; want the newest %d", excess, len(got), done, left)
		}
	}
	oldest := ids[len(ids)-left]
	if err := s.Pin(t.Context(), oldest, "kept"); err != nil {
		t.Fatal(err)
	}
	if done := must(s.Shrink(t.Context(), 0, false))(t); done.Left != 1 || done.Deleted != left-1 || done.Used <= 0 {
		t.Errorf("with one pinned: %+v", done)
	}
	if got := all(t, s); !slices.Equal(got, []event.ID{oldest}) {
		t.Errorf("left are %v; want the pinned one", got)
	}
	if stats := must(s.Stats(t.Context()))(t); stats.Waiting != 1 || stats.Events != 1 {
		t.Errorf("%+v; want 1 event that waits", stats)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Events that are the same delivery go as others do.
func testShrinkSame(t *testing.T, f *fixture) {
	s := f.open()
	const many = 600
	f.appendAtOnce(s, many, func(int) *event.Event {
		e := f.event()
		e.DeliveryID = "the same"
		return e
	}, "one")
	f.appendLarge(s, 2)
	most := must(s.Stats(t.Context()))(t).Used - 256<<10
	done := must(s.Shrink(t.Context(), most, false))(t)
	got := all(t, s)
	if done.Used > most || done.Deleted == 0 || len(got) != many+2-done.Deleted {
		t.Fatalf("%+v, and %d are left", done, len(got))
	}
	first := must(s.Event(t.Context(), got[len(got)-1]))(t)
	second := must(s.Event(t.Context(), got[len(got)-2]))(t)
	if first.Duplicate != "" || second.Duplicate != first.ID {
		t.Errorf("the first that is left repeats %q, the second %q; want the first", first.Duplicate, second.Duplicate)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// What is free is given back while another handle records.
func testCompact(t *testing.T, f *fixture) {
	s, other := f.open(), f.open()
	f.appendLarge(s, 60)
	before := must(s.Stats(t.Context()))(t)
	must(s.Shrink(t.Context(), before.Used/4, false))(t)
	recorded := make(chan []event.ID)
	go func() { recorded <- f.appendMany(other, 100) }()
	err := s.Compact(t.Context())
	ids := <-recorded
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the other one may have been in the way of the last step
		if err := s.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after := must(s.Stats(t.Context()))(t); after.File > before.File/2 || after.File-after.Used > before.File/20 {
		t.Errorf("%d bytes of %d are used after %d of %d were", after.Used, after.File, before.Used, before.File)
	}
	got := all(t, s)
	for _, id := range ids {
		if !slices.Contains(got, id) {
			t.Errorf("%s was recorded meanwhile, and is not there", id)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
