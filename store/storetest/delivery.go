package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

func testDeliveries(t *testing.T, f *fixture) {
	s := f.open()
	e, neighbour := f.append(s, "one", "two"), f.append(s, "one")
	list := func() []event.Delivery {
		t.Helper()
		return must(s.Deliveries(t.Context(), e.ID))(t)
	}
	want := []event.Delivery{
		{Event: e.ID, N: 1, Kind: event.Live, State: event.Waiting, Target: "one", Attempt: 1, URL: "http://one/webhooks"},
		{Event: e.ID, N: 2, Kind: event.Live, State: event.Waiting, Target: "two", Attempt: 1, URL: "http://two/webhooks"},
	}
	if diff := cmp.Diff(want, list()); diff != "" {
		t.Errorf("recorded with the event (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, must(s.Attempts(t.Context(), e.ID))(t)); diff != "" {
		t.Errorf("without headers and bodies (-want +got):\n%s", diff)
	}

	third := delivery(e.ID)
	f.put(s, third)
	if third.N != 3 {
		t.Errorf("a new attempt has the number %d; want 3", third.N)
	}
	want = append(want, *third)
	if diff := cmp.Diff(want, list()); diff != "" {
		t.Errorf("one more (-want +got):\n%s", diff)
	}

	// Each field is replaced, to and fro.
	for _, n := range []int{1, 3, 2} {
		full := *delivery(e.ID)
		full.N = n
		empty := event.Delivery{Event: e.ID, N: n}
		for _, d := range []event.Delivery{full, empty, full} {
			f.put(s, &d)
			if d.N != n {
				t.Errorf("replaced as %d; want %d", d.N, n)
			}
			want[n-1] = d
			if diff := cmp.Diff(want, list(), kept); diff != "" {
				t.Errorf("attempt %d replaced (-want +got):\n%s", n, diff)
			}
		}
	}
	large := event.Delivery{Event: e.ID, ResponseBody: large(1 << 20)}
	f.put(s, &large)
	want = append(want, large)
	if !cmp.Equal(want, must(f.open().Deliveries(t.Context(), e.ID))(t), kept) {
		t.Error("another handle reads something else")
	}
	if ds := must(s.Deliveries(t.Context(), neighbour.ID))(t); len(ds) != 1 || ds[0].Target != "one" {
		t.Errorf("those of the next event changed: %+v", ds)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func testDeliveriesFail(t *testing.T, f *fixture) {
	s := f.open()
	e := f.append(s, "one")
	for _, d := range []event.Delivery{
		{Event: "01JD4X7M9C8Q2R5T7V9WABCDEF"},
		{Event: "01JD4X7M9C8Q2R5T7V9WABCDEF", N: 1},
		{Event: e.ID[:25] + "!"},
		{Event: ""},
		{Event: e.ID, N: 2},
		{Event: e.ID, N: -1},
	} {
		before := d
		if err := s.PutDelivery(t.Context(), &d); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("PutDelivery(%q, %d): %v; want ErrNotFound", d.Event, d.N, err)
		}
		if diff := cmp.Diff(before, d); diff != "" {
			t.Errorf("PutDelivery changed what it refused:\n%s", diff)
		}
	}
	if ds := must(s.Deliveries(t.Context(), e.ID))(t); len(ds) != 1 {
		t.Errorf("%d deliveries; want 1", len(ds))
	}
	if stats := must(s.Stats(t.Context()))(t); stats.Waiting != 1 {
		t.Errorf("%d waiting; want 1", stats.Waiting)
	}
}

// Attempts of one event by many at once, among some that are refused, get each
// number once.
func testDeliveriesAtOnce(t *testing.T, f *fixture) {
	s, other := f.open(), f.open()
	e := f.append(s)
	const n = 40
	numbers := make([]int, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			s := s
			if i%4 == 0 {
				s = other
			}
			d := event.Delivery{Event: e.ID, Kind: event.Replay, State: event.Done, Target: fmt.Sprint(i), Status: 200}
			if err := s.PutDelivery(t.Context(), &d); err != nil {
				t.Error(err)
			}
			numbers[i] = d.N
			if err := s.PutDelivery(t.Context(), &event.Delivery{Event: e.ID, N: 1000 + i}); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("of no attempt: %v; want ErrNotFound", err)
			}
		})
	}
	wg.Wait()
	ds := must(s.Deliveries(t.Context(), e.ID))(t)
	for i, d := range ds {
		if d.N != i+1 {
			t.Errorf("attempt %d has the number %d", i+1, d.N)
		}
	}
	slices.Sort(numbers)
	for i, got := range numbers {
		if got != i+1 {
			t.Fatalf("numbers %v; want 1 to %d", numbers, n)
		}
	}
}

// Attempts that are recorded together fail each by itself, and are numbered in their order.
func testDeliveriesTogether(t *testing.T, f *fixture) {
	s := f.open()
	a, b := f.append(s, "one"), f.append(s)
	unknown := event.ID("01JD4X7M9C8Q2R5T7V9WABCDEF")
	of := func(id event.ID, n int) *event.Delivery {
		d := delivery(id)
		d.N, d.Kind, d.Target = n, event.Replay, "other"
		return d
	}
	ds := []*event.Delivery{of(a.ID, 0), of(unknown, 0), of(a.ID, 0), of(b.ID, 0), of(a.ID, 9), of(a.ID[:25]+"!", 0), of(a.ID, 2)}
	want := []int{2, 0, 3, 1, 0, 0, 2}
	for i, err := range s.PutDeliveries(t.Context(), ds) {
		if failed := want[i] == 0; failed != errors.Is(err, store.ErrNotFound) || !failed && (err != nil || ds[i].N != want[i]) {
			t.Errorf("attempt %d of the group: %v, with the number %d; want %d", i, err, ds[i].N, want[i])
		}
	}
	read := must(s.Events(t.Context(), []event.ID{b.ID, unknown, a.ID, b.ID, ""}))(t)
	var got []string
	for _, r := range read {
		var text strings.Builder
		text.WriteString(string(r.Event.ID))
		for _, d := range r.Attempts {
			text.WriteString(fmt.Sprintf(" %d %d %s %s %s", d.N, d.Attempt, d.Kind, d.Target, d.URL))
		}
		got = append(got, text.String())
		if diff := cmp.Diff(must(s.Event(t.Context(), r.Event.ID))(t), r.Event, kept); diff != "" {
			t.Errorf("read with others (-alone +with others):\n%s", diff)
		}
	}
	url := delivery(b.ID).URL
	ofB := fmt.Sprintf("%s 1 1 replay other %s", b.ID, url)
	ofA := fmt.Sprintf("%s 1 1 live one http://one/webhooks 2 1 replay other %s 3 2 replay other %[2]s", a.ID, url)
	if diff := cmp.Diff([]string{ofB, ofA, ofB}, got); diff != "" {
		t.Errorf("read together (-want +got):\n%s", diff)
	}
	if errs := s.PutDeliveries(t.Context(), nil); len(errs) != 0 {
		t.Errorf("of none: %v", errs)
	}
}

// Events that are read together are as many as memory has room for.
func testEventsLarge(t *testing.T, f *fixture) {
	s := f.open()
	var ids []event.ID
	for range 3 {
		e := f.event()
		e.Body = large(3 << 20)
		f.appendEvent(s, e)
		ids = append(ids, e.ID)
	}
	if read := must(s.Events(t.Context(), ids))(t); len(read) != 1 || read[0].Event.ID != ids[0] {
		t.Errorf("%d events of 3 MiB each; want the first", len(read))
	}
	ahead := store.NewAhead(s, append(ids, "", ids[0]), false)
	for _, id := range []event.ID{ids[0], ids[2], "", ids[0]} {
		e, _, err := ahead.Event(t.Context(), id)
		if id == "" && errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil || e.ID != id {
			t.Errorf("event %q: %v", id, err)
		}
	}
}

func testWaiting(t *testing.T, f *fixture) {
	s := f.open()
	var events []*event.Event
	for range 5 {
		events = append(events, f.append(s, "one", "two"))
	}
	set := func(i, n int, kind event.AttemptKind, state event.DeliveryState, target string) {
		f.put(s, &event.Delivery{Event: events[i].ID, N: n, Kind: kind, State: state, Target: target, URL: "u", ResponseBody: []byte("x"),
			RequestHeader: []event.Field{{Name: "A", Value: "b"}}})
	}
	set(0, 1, event.Live, event.Done, "one")
	set(1, 1, event.Live, event.Sending, "one")
	set(2, 1, event.Live, event.Dropped, "one")
	set(3, 0, event.Replay, event.Waiting, "one") // a replay is not the dispatcher's
	set(4, 0, event.Live, event.Waiting, "one")   // twice the same event

	type key struct {
		id event.ID
		n  int
	}
	tests := []struct {
		target string
		after  event.ID
		limit  int
		want   []key
	}{
		{"one", "", 10, []key{{events[1].ID, 1}, {events[3].ID, 1}, {events[4].ID, 1}, {events[4].ID, 3}}},
		{"one", "", 2, []key{{events[1].ID, 1}, {events[3].ID, 1}}},
		{"one", events[1].ID, 2, []key{{events[3].ID, 1}, {events[4].ID, 1}}},
		{"one", events[4].ID, 10, nil},
		{"one", "", 0, nil},
		{"two", events[2].ID, 10, []key{{events[3].ID, 2}, {events[4].ID, 2}}},
		{"ONE", "", 10, nil},
		{"", "", 10, nil},
	}
	for _, tt := range tests {
		ds := must(s.Waiting(t.Context(), tt.target, tt.after, tt.limit))(t)
		var got []key
		for _, d := range ds {
			got = append(got, key{d.Event, d.N})
			if d.Target != tt.target || d.Kind != event.Live || d.URL == "" || d.ResponseBody != nil || d.RequestHeader != nil {
				t.Errorf("Waiting gave %+v", d)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("Waiting(%q, %q, %d) = %v; want %v", tt.target, tt.after, tt.limit, got, tt.want)
		}
	}
	ds := must(s.Waiting(t.Context(), "one", "", 1))(t)
	if len(ds) != 1 || ds[0].State != event.Sending {
		t.Errorf("the first has the state of %+v; want sending", ds)
	}
	if _, err := s.Waiting(t.Context(), "one", "x", 1); err == nil {
		t.Error("after something that is not an id succeeded")
	}
}
