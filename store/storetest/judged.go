package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// testSums: the sums of an answer come back, also where both are the same, or one alone is
// known.
func testSums(t *testing.T, f *fixture) {
	s := f.open()
	e := f.append(s)
	some, other, empty := event.SumOf([]byte("some")), event.SumOf([]byte("others")), event.SumOf(nil)
	for i, pair := range [][2]event.Sum{{some, some}, {some, other}, {some, {}}, {{}, some}, {{}, {}}, {empty, empty}, {some, empty}, {empty, {}}} {
		d := event.Delivery{Event: e.ID, Kind: event.Live, State: event.Done, Target: "t", ResponseSize: pair[0].Size, ResponseSent: pair[0], ResponseDecoded: pair[1]}
		f.put(s, &d)
		for _, s := range []store.Store{s, f.open()} {
			got := must(s.Deliveries(t.Context(), e.ID))(t)[i]
			if got.ResponseSent != pair[0] || got.ResponseDecoded != pair[1] {
				t.Errorf("%d: %+v and %+v; want %+v", i, got.ResponseSent, got.ResponseDecoded, pair)
			}
		}
	}
}

func testAccept(t *testing.T, f *fixture) {
	s := f.open()
	e, neighbour := f.append(s, "one", "two"), f.append(s, "one")
	at := time.Date(2026, 11, 23, 12, 0, 1, 987654321, time.UTC)
	accept := func(n int, at time.Time) {
		t.Helper()
		if err := s.Accept(t.Context(), e.ID, n, at); err != nil {
			t.Errorf("Accept(%d): %v", n, err)
		}
	}
	want := func(what string, times ...time.Time) {
		t.Helper()
		for _, s := range []store.Store{s, f.open()} {
			for i, d := range must(s.Deliveries(t.Context(), e.ID))(t) {
				if !d.Accepted.Equal(times[i]) {
					t.Errorf("%s: attempt %d is accepted at %v; want %v", what, d.N, d.Accepted, times[i])
				}
			}
		}
	}
	var never time.Time
	want("at first", never, never)
	accept(2, at)
	want("one", never, at)
	accept(1, at.Add(time.Hour))
	accept(2, at.Add(time.Minute))
	want("both, one of them again", at.Add(time.Hour), at.Add(time.Minute))
	f.put(s, &event.Delivery{Event: e.ID, N: 2, Kind: event.Live, State: event.Done, Target: "two", Status: 200})
	f.put(s, &event.Delivery{Event: e.ID, Kind: event.Replay, State: event.Done, Target: "two", Status: 200, Accepted: at})
	want("what is recorded meanwhile", at.Add(time.Hour), at.Add(time.Minute), never)
	accept(1, never)
	accept(1, never)
	want("no longer", never, at.Add(time.Minute), never)

	for _, of := range []struct {
		id event.ID
		n  int
	}{{e.ID, 0}, {e.ID, 4}, {neighbour.ID, 2}, {"01JD4X7M9C8Q2R5T7V9WABCDEF", 1}, {"no id", 1}, {"", 1}} {
		for _, at := range []time.Time{at, never} {
			if err := s.Accept(t.Context(), of.id, of.n, at); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Accept(%q, %d): %v; want ErrNotFound", of.id, of.n, err)
			}
		}
	}
	if n, err := s.Delete(t.Context(), e.ID); n != 1 || err != nil {
		t.Fatalf("Delete = %d, %v", n, err)
	}
	if err := s.Accept(t.Context(), e.ID, 2, at); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of an event that is gone: %v; want ErrNotFound", err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// testSentAs: an event is found by the ids that it was sent under, and by its Webhook-Id.
func testSentAs(t *testing.T, f *fixture) {
	s := f.open()
	e, other := f.append(s), f.event()
	other.DeliveryID = "65935200e30d9209411de93b"
	f.appendEvent(s, other)
	again := f.event()
	again.DeliveryID = other.DeliveryID
	f.appendEvent(s, again)
	const id, deliveryID = "7AD4X7M9C8Q2R5T7V9WABCDEFG", "f414735eb63cdf6006261a15"
	put := func(e *event.Event, id event.ID, deliveryID string) *event.Delivery {
		t.Helper()
		d := event.Delivery{Event: e.ID, Kind: event.Replay, State: event.Sending, Target: "t", SentID: id, SentDeliveryID: deliveryID}
		f.put(s, &d)
		return &d
	}
	want := func(ref string, want event.ID, wantErr error) {
		t.Helper()
		for _, s := range []store.Store{s, f.open()} {
			if got, err := s.Resolve(t.Context(), ref); got != want || !errors.Is(err, wantErr) {
				t.Errorf("Resolve(%q) = %q, %v; want %q, %v", ref, got, err, want, wantErr)
			}
		}
	}
	want(other.DeliveryID, other.ID, nil) // the first of them
	want(e.DeliveryID, e.ID, nil)
	want("delivery-", "", store.ErrNotFound)
	first := put(e, id, deliveryID)
	want(id, e.ID, nil)
	want("7ad4x7m9c8", e.ID, nil)
	want("7", e.ID, nil)
	want(deliveryID, e.ID, nil)
	want(deliveryID[:10], "", store.ErrNotFound)
	if ds := must(s.Deliveries(t.Context(), e.ID))(t); len(ds) != 1 || ds[0].SentID != id || ds[0].SentDeliveryID != deliveryID {
		t.Errorf("%+v", ds)
	}
	put(e, "7AD4X7M9C8Q2R5T7V9WABCDEFH", "")
	want("7AD4X7M9C8", e.ID, nil) // both are of one event
	put(other, "7AD4X7M9C8Q2R5T7V9WABCDEFJ", "other")
	want("7AD4X7M9C8", "", store.ErrAmbiguous)
	want("other", other.ID, nil)

	// Filters find it by the same ids, beside other terms, too.
	for text, want := range map[string][]event.ID{
		"id:" + string(e.ID):                                  {e.ID},
		"id:" + strings.ToLower(string(e.ID)):                 {e.ID},
		"id:" + id:                                            {e.ID},
		"id:7ad4x7m9c8":                                       {other.ID, e.ID},
		"id:" + deliveryID:                                    {e.ID},
		"id:" + deliveryID[:10]:                               nil,
		"id:" + other.DeliveryID:                              {again.ID, other.ID},
		"-id:" + other.DeliveryID:                             {e.ID},
		"id:" + deliveryID + " | id:other":                    {other.ID, e.ID},
		"id:" + deliveryID + " is:pinned":                     nil,
		"(id:" + deliveryID + " | nowhere-in-a-body)":         {e.ID},
		"-(id:" + deliveryID + " | nowhere-in-a-body) -id:01": nil,
		"id:" + string(e.ID[:1]):                              {again.ID, other.ID, e.ID},
		"id:nothing":                                          nil,
	} {
		x := must(filter.Parse(text, time.Now()))(t)
		if got := idsOf(must(s.List(t.Context(), store.Query{Filter: x}))(t)); !slices.Equal(got, want) {
			t.Errorf("%s finds %v; want %v", text, got, want)
		}
	}

	// The outcome of the attempt takes its place, and the ids stay; then it has others.
	first.State, first.Status = event.Done, 200
	f.put(s, first)
	want(deliveryID, e.ID, nil)
	first.SentID, first.SentDeliveryID = "", "new"
	f.put(s, first)
	want(deliveryID, "", store.ErrNotFound)
	want("new", e.ID, nil)
	if err := s.Pin(t.Context(), again.ID, "new"); err != nil {
		t.Fatal(err)
	}
	want("new", again.ID, nil) // a name counts first
	if n, err := s.Delete(t.Context(), e.ID); n != 1 || err != nil {
		t.Fatalf("Delete = %d, %v", n, err)
	}
	want("7AD4X7M9C8", other.ID, nil)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
