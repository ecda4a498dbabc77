package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

func testHeld(t *testing.T, f *fixture) {
	s := f.open()
	check := func(when string, waiting int64, want ...store.Held) {
		t.Helper()
		if diff := cmp.Diff(want, must(s.Held(t.Context()))(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		if n := must(s.Stats(t.Context()))(t).Waiting; n != waiting {
			t.Errorf("%s: the counter says that %d wait; want %d", when, n, waiting)
		}
	}
	check("empty", 0)
	var ids []event.ID
	for range 3 {
		ids = append(ids, f.append(s, "one", "two").ID)
	}
	f.append(s)
	check("recorded", 6, store.Held{Target: "one", Events: 3, Oldest: ids[0]}, store.Held{Target: "two", Events: 3, Oldest: ids[0]})
	f.put(s, &event.Delivery{Event: ids[0], N: 1, Kind: event.Live, State: event.Done, Target: "one", Status: 200})
	f.put(s, &event.Delivery{Event: ids[1], N: 1, Kind: event.Live, State: event.Sending, Target: "one"})
	check("one was sent, one is under way", 4, store.Held{Target: "one", Events: 2, Oldest: ids[1]}, store.Held{Target: "two", Events: 3, Oldest: ids[0]})

	if n := must(s.Drop(t.Context(), "two", ids[1]))(t); n != 2 {
		t.Errorf("dropped %d; want 2", n)
	}
	check("two were dropped", 2, store.Held{Target: "one", Events: 2, Oldest: ids[1]}, store.Held{Target: "two", Events: 1, Oldest: ids[2]})
	if n := must(s.Drop(t.Context(), "one", ""))(t); n != 1 {
		t.Errorf("dropped %d; want the one that is not under way", n)
	}
	for _, target := range []string{"one", "none", ""} {
		if n := must(s.Drop(t.Context(), target, ids[2]))(t); n != 0 {
			t.Errorf("dropped %d more of %q", n, target)
		}
	}
	if n := must(s.Drop(t.Context(), "two", "no id"))(t); n != 0 {
		t.Errorf("dropped %d up to no event", n)
	}
	check("the end", 1, store.Held{Target: "one", Events: 1, Oldest: ids[1]}, store.Held{Target: "two", Events: 1, Oldest: ids[2]})
	states := []event.DeliveryState{}
	for _, d := range must(s.Deliveries(t.Context(), ids[1]))(t) {
		states = append(states, d.State)
	}
	if diff := cmp.Diff([]event.DeliveryState{event.Sending, event.Dropped}, states); diff != "" {
		t.Errorf("the deliveries of an event (-want +got):\n%s", diff)
	}
	// What was dropped can be taken up again.
	f.put(s, &event.Delivery{Event: ids[1], N: 2, Kind: event.Live, State: event.Done, Target: "two", Status: 200})
	if _, err := s.Delete(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	check("deleted", 0)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func testAnswers(t *testing.T, f *fixture) {
	s := f.open()
	ids := f.appendMany(s, 3)
	at := time.Date(2026, 11, 23, 12, 0, 1, 5, time.UTC)
	stored := event.Answer{At: at, Took: 2 * time.Millisecond, Status: 200}
	passed := event.Answer{At: at, Took: time.Second, Status: 503, Target: "api\x1b", Reason: "because\xff"}
	if err := s.PutAnswers(t.Context(), map[event.ID]event.Answer{ids[0]: stored, ids[1]: passed, "no id": stored, "01JD4X7M9C8Q2R5T7V9WABCDEF": stored}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutAnswers(t.Context(), map[event.ID]event.Answer{ids[0]: passed}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []event.Answer{stored, passed, {}} {
		got := must(f.open().Event(t.Context(), ids[i]))(t).Answer
		if !got.At.Equal(want.At) {
			t.Errorf("answer %d is of %v; want %v", i, got.At, want.At)
		}
		if got.At = want.At; got != want {
			t.Errorf("answer %d: %+v; want %+v", i, got, want)
		}
	}
	if _, err := s.Delete(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	if err := s.PutAnswers(t.Context(), map[event.ID]event.Answer{ids[0]: stored}); err != nil {
		t.Error(err)
	}
}
