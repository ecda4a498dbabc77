package storetest

// What comes again: how it is marked, and from which targets it is withheld.

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

// sent returns an event with this Webhook-Id and body that is received now.
func (f *fixture) sent(deliveryID, body string) *event.Event {
	f.t.Helper()
	e := f.event()
	e.Received = time.Now()
	e.DeliveryID, e.Body, e.SHA256 = deliveryID, []byte(body), sha256.Sum256([]byte(body))
	return e
}

// states are what an event is recorded with: for each target its state and, of one that
// is withheld, the event that it has instead.
func (f *fixture) states(s store.Store, id event.ID) map[string]string {
	f.t.Helper()
	got := make(map[string]string)
	for _, d := range must(s.Deliveries(f.t.Context(), id))(f.t) {
		got[d.Target] = string(d.State)
		if d.SameAs != "" {
			got[d.Target] += " for " + string(d.SameAs)
		}
	}
	return got
}

// testRepeated looks at the marks of events that came before. A Webhook-Id counts whatever
// the body; without one it is the body among the events that have none.
func testRepeated(t *testing.T, f *fixture) {
	s := f.open()
	tests := []struct {
		id, body       string
		duplicate, key string // the word of the event that it repeats
		sameBody       string
		is             string // a word for this event
	}{
		{id: "a", body: "1", is: "a"},
		{id: "a", body: "1", duplicate: "a", key: "a"},
		{id: "a", body: "2", duplicate: "a", key: "a"},
		{id: "b", body: "1", is: "b"},
		{body: "1", is: "private"},
		{body: "1 ", is: "public"},
		{body: "1", sameBody: "private", is: "private again"},
		{body: "1", sameBody: "private again"}, // the newest, not the first
		{is: "empty"},
		{sameBody: "empty"},
		{id: "A", body: "1"},
		{id: "a", body: "1", duplicate: "a", key: "a"}, // the earliest, not the one before
	}
	known := make(map[string]*event.Event)
	for i, tt := range tests {
		e := f.sent(tt.id, tt.body)
		e.Received = e.Received.Add(-time.Hour).Truncate(time.Millisecond)
		f.appendEvent(s, e, "one", "two")
		if tt.is != "" {
			known[tt.is] = e
		}
		want := *e
		want.Duplicate, want.Key, want.SameBody, want.SameBodyAt = "", "", "", time.Time{}
		if other := known[tt.duplicate]; other != nil {
			want.Duplicate, want.Key = other.ID, other.ID
		}
		if other := known[tt.sameBody]; other != nil {
			want.SameBody, want.SameBodyAt = other.ID, other.Received
		}
		for what, got := range map[string]*event.Event{"Append": e, "Event": must(s.Event(t.Context(), e.ID))(t)} {
			if diff := cmp.Diff(&want, got, kept); diff != "" {
				t.Errorf("%d: %s (-want +got):\n%s", i, what, diff)
			}
		}
		row := must(s.List(t.Context(), store.Query{Limit: 1}))(t).Rows[0]
		if row.ID != e.ID || row.Duplicate != want.Duplicate || row.SameBody != want.SameBody || !row.SameBodyAt.Equal(want.SameBodyAt) {
			t.Errorf("%d: the row says %q, %q of %v", i, row.Duplicate, row.SameBody, row.SameBodyAt)
		}
	}
	again := f.sent("b", "3")
	f.appendEvent(f.open(), again)
	if again.Duplicate != known["b"].ID {
		t.Errorf("another handle: repeats %q; want %q", again.Duplicate, known["b"].ID)
	}
}

// testRepeatedKey deletes the first of several: what handlers know the delivery by stays.
func testRepeatedKey(t *testing.T, f *fixture) {
	s := f.open()
	var all []*event.Event
	add := func() *event.Event {
		e := f.sent("a", "1")
		f.appendEvent(s, e)
		all = append(all, e)
		return e
	}
	first := add()
	if first.Key != "" || first.HandlerID() != first.ID {
		t.Errorf("the first has the key %q", first.Key)
	}
	add()
	if _, err := s.Delete(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	add()
	for _, e := range all[1:] {
		if got := must(s.Event(t.Context(), e.ID))(t); got.HandlerID() != first.ID {
			t.Errorf("%s has the key %q; want %q", e.ID, got.Key, first.ID)
		}
	}
	if got := must(s.Event(t.Context(), all[2].ID))(t); got.Duplicate != all[1].ID {
		t.Errorf("it repeats %q; want the earliest that is left, %q", got.Duplicate, all[1].ID)
	}
}

// testWithheld records a delivery, what became of it, and the same delivery again.
func testWithheld(t *testing.T, f *fixture) {
	done := func(status int, err string) event.Delivery {
		return event.Delivery{State: event.Done, Status: status, Err: err}
	}
	in := func(state event.DeliveryState) event.Delivery { return event.Delivery{State: state} }
	type reply struct {
		status int
		ago    time.Duration // before the second one comes, and a little more on a busy machine
		how    event.Arrival
	}
	answered := func(status int, ago time.Duration, how event.Arrival) reply { return reply{status, ago, how} }
	tests := []struct {
		name     string
		received time.Duration    // before the second one
		attempts []event.Delivery // at the target, the first in place of the one that waits
		answer   reply            // zero: none
		change   func(again *event.Event)
		opts     func(*store.AppendOptions)
		withheld bool
	}{
		{name: "it waits and is not answered", withheld: true},
		{name: "it is under way and is not answered", attempts: []event.Delivery{in(event.Sending)}, withheld: true},
		{name: "it was taken and is not answered", attempts: []event.Delivery{done(200, "")}, withheld: true},
		{name: "not answered for minutes", received: 4 * time.Minute, attempts: []event.Delivery{done(200, "")}, withheld: true},
		{name: "not answered for too long", received: 6 * time.Minute, attempts: []event.Delivery{done(200, "")}},
		{name: "answered a moment ago", attempts: []event.Delivery{done(200, "")}, answer: answered(200, 10*time.Second, event.Written), withheld: true},
		{name: "answered, and it waits", answer: answered(200, 10*time.Second, event.Written), withheld: true},
		{name: "answered longer ago", received: 17 * time.Second, attempts: []event.Delivery{done(200, "")}, answer: answered(200, 16*time.Second, event.Written)},
		{name: "answered longer ago, and it waits", received: 17 * time.Second, answer: answered(200, 16*time.Second, event.Written)},
		{name: "the answer was lost", received: 4 * time.Minute, attempts: []event.Delivery{done(200, "")}, answer: answered(200, 4*time.Minute, event.Lost), withheld: true},
		{name: "the answer was lost long ago", received: 5*time.Minute + time.Second, attempts: []event.Delivery{done(200, "")}, answer: answered(200, 5*time.Minute+time.Second, event.Lost)},
		{name: "nobody knows of the answer", received: 4 * time.Minute, attempts: []event.Delivery{done(200, "")}, answer: answered(204, 4*time.Minute, ""), withheld: true},
		{name: "the answer was no 2xx", attempts: []event.Delivery{done(200, "")}, answer: answered(500, time.Second, event.Written)},
		{name: "the answer that was lost was no 2xx", attempts: []event.Delivery{done(200, "")}, answer: answered(302, time.Second, event.Lost)},
		{name: "the target failed", attempts: []event.Delivery{done(500, "")}, answer: answered(200, time.Second, event.Written)},
		{name: "the target redirected", attempts: []event.Delivery{done(302, "")}},
		{name: "the target gave no answer", attempts: []event.Delivery{done(0, "the connection was reset")}},
		{name: "the target gave half an answer", attempts: []event.Delivery{done(200, "the answer ended early")}},
		{name: "the target failed, and then took it", attempts: []event.Delivery{done(500, ""), done(200, "")}, withheld: true},
		{name: "the target took it, and then failed", attempts: []event.Delivery{done(200, ""), done(500, "")}},
		{name: "the target failed, and is to get it again", attempts: []event.Delivery{done(503, ""), in(event.Waiting)}},
		{name: "dropped", attempts: []event.Delivery{in(event.Dropped)}},
		{name: "interrupted", attempts: []event.Delivery{in(event.Interrupted)}},
		{name: "taken before it was interrupted", attempts: []event.Delivery{done(200, ""), in(event.Interrupted)}, withheld: true},
		{name: "other bytes", attempts: []event.Delivery{done(200, "")}, change: func(again *event.Event) {
			again.Body = []byte("2")
			again.SHA256 = sha256.Sum256(again.Body)
		}},
		{name: "another id", attempts: []event.Delivery{done(200, "")}, change: func(again *event.Event) { again.DeliveryID += " " }},
		{name: "no id", attempts: []event.Delivery{done(200, "")}, change: func(again *event.Event) { again.DeliveryID = "" }},
		{name: "all are wanted", attempts: []event.Delivery{done(200, "")}, opts: func(o *store.AppendOptions) { o.ForwardDuplicates = true }},
		{name: "the clock was put back", received: -time.Hour, attempts: []event.Delivery{done(200, "")}},
		{name: "the clock was put back a little", received: -time.Minute, attempts: []event.Delivery{done(200, "")}, withheld: true},
	}
	s, other := f.open(), f.open()
	for i, tt := range tests {
		first := f.sent(fmt.Sprint(tt.name, i), "1")
		first.Received = first.Received.Add(-tt.received)
		f.appendEvent(s, first, "one", "two")
		for n, d := range tt.attempts {
			d.Event, d.Kind, d.Target = first.ID, event.Live, "one"
			if n == 0 {
				d.N = 1
			}
			f.put(s, &d)
		}
		f.put(s, &event.Delivery{Event: first.ID, N: 2, Kind: event.Live, State: event.Done, Target: "two", Status: 500})
		if a := tt.answer; a.status != 0 {
			answer := event.Answer{Status: a.status, At: time.Now().Add(-a.ago), Arrival: a.how}
			if err := s.PutAnswers(t.Context(), map[event.ID]event.Answer{first.ID: answer}); err != nil {
				t.Fatal(err)
			}
		}
		again := f.sent(first.DeliveryID, "1")
		if tt.change != nil {
			tt.change(again)
		}
		// "two" has failed, "three" never had the first one.
		opts := forward("two", "one", "three")
		if tt.opts != nil {
			tt.opts(&opts)
		}
		if err := other.Append(t.Context(), again, opts); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"one": "waiting", "two": "waiting", "three": "waiting"}
		if tt.withheld {
			want["one"] = "withheld for " + string(first.ID)
		}
		if diff := cmp.Diff(want, f.states(s, again.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	waiting := must(s.Stats(t.Context()))(t).Waiting
	held := 0
	for _, h := range must(s.Held(t.Context()))(t) {
		held += h.Events
	}
	sending := 0
	for _, tt := range tests {
		for _, d := range tt.attempts {
			if d.State == event.Sending {
				sending++
			}
		}
	}
	if int64(held-sending) != waiting {
		t.Errorf("%d deliveries wait, of which %d are under way; Stats counts %d", held, sending, waiting)
	}
}

// testWithheldNewest sees that what is compared with is the newest event that was handed
// on: neither one that was withheld itself, nor one that came when there was no target.
func testWithheldNewest(t *testing.T, f *fixture) {
	s := f.open()
	add := func(ago time.Duration, answer int, targets ...string) *event.Event {
		t.Helper()
		e := f.sent("a", "1")
		e.Received = e.Received.Add(-ago)
		f.appendEvent(s, e, targets...)
		if answer != 0 {
			a := event.Answer{Status: answer, At: e.Received, Arrival: event.Written}
			if err := s.PutAnswers(t.Context(), map[event.ID]event.Answer{e.ID: a}); err != nil {
				t.Fatal(err)
			}
		}
		return e
	}
	want := func(what string, e *event.Event, states map[string]string) {
		t.Helper()
		if diff := cmp.Diff(states, f.states(s, e.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	add(20*time.Second, 200) // while there was no target
	first := add(14*time.Second, 200, "one")
	want("the first at a target", first, map[string]string{"one": "waiting"})
	second := add(10*time.Second, 200, "one")
	want("again", second, map[string]string{"one": "withheld for " + string(first.ID)})
	add(9*time.Second, 200) // while there was no target
	third := add(0, 200, "one", "two")
	want("and again", third, map[string]string{"one": "withheld for " + string(first.ID), "two": "waiting"})

	// What was withheld and then sent by hand was handed on.
	f.put(s, &event.Delivery{Event: third.ID, Kind: event.Replay, State: event.Done, Target: "one", Status: 500})
	fourth := add(0, 200, "one", "two")
	want("after a replay that failed", fourth, map[string]string{"one": "waiting", "two": "withheld for " + string(third.ID)})

	// Without the one that the target has there is nothing to compare with.
	if _, err := s.Delete(t.Context(), fourth.ID, third.ID, first.ID); err != nil {
		t.Fatal(err)
	}
	want("after it was deleted", add(0, 0, "one"), map[string]string{"one": "waiting"})
}

// testWithheldAtOnce sends one delivery many times at once: a target gets it once.
func testWithheldAtOnce(t *testing.T, f *fixture) {
	handles := []store.Store{f.open(), f.open()}
	const many = 32
	sent := make([]*event.Event, many)
	for i := range sent {
		sent[i] = f.sent("a", "1")
	}
	var wg sync.WaitGroup
	for i, e := range sent {
		wg.Go(func() {
			if err := handles[i%2].Append(t.Context(), e, forward("one")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	first := slices.MinFunc(sent, func(a, b *event.Event) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, e := range sent {
		want := map[string]string{"one": "withheld for " + string(first.ID)}
		if e == first {
			want["one"] = "waiting"
		}
		if diff := cmp.Diff(want, f.states(handles[0], e.ID)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
