// Package filtertest holds every evaluator of filters to the same answers: a table of
// events and filters, and random ones that are compared with the predicate of package
// filter.
package filtertest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"hfhook/event"
	"hfhook/filter"
)

// An Evaluator answers filters over the events that it was given.
type Evaluator interface {
	// Add takes an event that is newer than those before, and then its attempts, the
	// oldest first. It sets e.ID, e.Duplicate and e.SameBody.
	Add(t testing.TB, e *event.Event, attempts []event.Delivery)

	// Pin gives an event that was added a name.
	Pin(t testing.TB, id event.ID, name string)

	// Note gives an event that was added a note.
	Note(t testing.TB, id event.ID, text string)

	// Find returns the events that match, newest first.
	Find(t testing.TB, x filter.Expr) []event.ID
}

// Run tests evaluators, each of which begins with no events.
func Run(t *testing.T, make func(t testing.TB) Evaluator) {
	t.Run("Table", func(t *testing.T) {
		t.Parallel()
		testTable(t, make(t))
	})
	t.Run("Outcomes", func(t *testing.T) {
		t.Parallel()
		testOutcomeTable(t, make(t))
	})
	t.Run("Recorded", func(t *testing.T) {
		t.Parallel()
		testRecorded(t, make(t))
	})
	t.Run("Repeated", func(t *testing.T) {
		t.Parallel()
		testRepeated(t, make(t))
	})
	t.Run("Random", func(t *testing.T) {
		t.Parallel()
		testRandom(t, make(t))
	})
}

// now is the time in which the filters of the tests are read.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func parse(t testing.TB, text string) filter.Expr {
	t.Helper()
	x, err := filter.Parse(text, now)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func testTable(t *testing.T, ev Evaluator) { askTable(t, ev, subjects(t), table) }

// A wanted row says which events a filter finds, by their names, oldest first.
type wanted struct {
	filter string
	want   []string
}

// askTable asks for each row of a table what it finds among the subjects.
func askTable(t *testing.T, ev Evaluator, subjects []subject, table []wanted) {
	names := make(map[event.ID]string)
	for _, s := range subjects {
		if s.again != "" { // an edited copy of an event that has an ID by now
			for id, name := range names {
				if name == s.again {
					s.event.Parent = id
				}
			}
		}
		ev.Add(t, s.event, s.attempts)
		names[s.event.ID] = s.name
		if s.pinned {
			ev.Pin(t, s.event.ID, s.name)
		}
		if s.note != "" {
			ev.Note(t, s.event.ID, s.note)
		}
	}
	for _, tt := range table {
		var got []string
		for _, id := range ev.Find(t, parse(t, tt.filter)) {
			got = append(got, names[id])
		}
		slices.Reverse(got) // as in the table
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.filter, diff)
		}
	}
}

// testRecorded asks for times from before the first event to after the last one.
func testRecorded(t *testing.T, ev Evaluator) {
	var ids []event.ID
	for i := range 5 {
		e := &event.Event{Capture: event.Capture{Body: []byte(strconv.Itoa(i)), Received: now}}
		ev.Add(t, e, nil)
		ids = append(ids, e.ID)
	}
	slices.Reverse(ids)
	for _, id := range ids {
		for _, off := range []time.Duration{-time.Hour, -time.Millisecond, -1, 0, 1, time.Millisecond, time.Hour} {
			at := id.Time().Add(off)
			for _, x := range []filter.Expr{
				filter.Recorded{At: at},
				filter.Recorded{At: at, Before: true},
				filter.Not{X: filter.Recorded{At: at}},
				filter.And{filter.Recorded{At: at}, filter.Recorded{At: ids[0].Time(), Before: true}},
				filter.Or{filter.Recorded{At: at}, filter.Recorded{At: ids[4].Time().Add(1), Before: true}},
			} {
				var want []event.ID
				for _, id := range ids {
					since := !id.Time().Before(at)
					match := since
					switch x := x.(type) {
					case filter.Recorded:
						match = since != x.Before
					case filter.Not:
						match = !since
					case filter.And:
						match = since && id.Time().Before(ids[0].Time())
					case filter.Or:
						match = since || !id.Time().After(ids[4].Time())
					}
					if match {
						want = append(want, id)
					}
				}
				if diff := cmp.Diff(want, ev.Find(t, x)); diff != "" {
					t.Errorf("%s among %v (-want +got):\n%s", x, ids, diff)
				}
			}
		}
	}
	for _, x := range []filter.Expr{filter.Recorded{At: time.Unix(0, 0)}, filter.Recorded{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), Before: true}} {
		if diff := cmp.Diff(ids, ev.Find(t, x)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", x, diff)
		}
	}
}

// testRepeated asks for events that came before: the same delivery by its Webhook-Id, or
// without one the same body.
func testRepeated(t *testing.T, ev Evaluator) {
	var ids []event.ID
	for _, e := range []*event.Event{
		{Capture: event.Capture{DeliveryID: "one", Body: []byte("a")}},
		{Capture: event.Capture{DeliveryID: "one", Body: []byte("b")}},
		{Capture: event.Capture{DeliveryID: "two", Body: []byte("a")}},
		{Capture: event.Capture{Body: []byte("a")}},
		{Capture: event.Capture{Body: []byte("b")}},
		{Capture: event.Capture{Body: []byte("a")}},
	} {
		ev.Add(t, e, nil)
		ids = append(ids, e.ID)
	}
	for text, want := range map[string][]event.ID{
		"is:duplicate":                {ids[1]},
		"is:same-body":                {ids[5]},
		"-is:duplicate -is:same-body": {ids[4], ids[3], ids[2], ids[0]},
	} {
		if diff := cmp.Diff(want, ev.Find(t, parse(t, text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// testRandom compares an evaluator with the predicate. HFHOOK_SEED repeats a run.
func testRandom(t *testing.T, ev Evaluator) {
	const events, filters = 50, 40
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("HFHOOK_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("HFHOOK_SEED=%d", seed)
	r := random{rand.New(rand.NewPCG(seed, 0))}
	ref := NewPredicate()
	for i := range events {
		e, attempts := r.event(t)
		ev.Add(t, e, attempts)
		ref.Add(t, e, attempts)
		if r.IntN(8) == 0 {
			name := fmt.Sprint("pin-", i)
			ev.Pin(t, e.ID, name)
			ref.Pin(t, e.ID, name)
		}
		if r.IntN(8) == 0 {
			text := r.text()
			ev.Note(t, e.ID, text)
			ref.Note(t, e.ID, text)
		}
	}
	found := 0
	for range filters {
		text := r.filter(4)
		x := parse(t, text)
		want := ref.Find(t, x)
		if len(want) > 0 && len(want) < events {
			found++
		}
		if diff := cmp.Diff(want, ev.Find(t, x)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	if found < filters/4 {
		t.Errorf("only %d of %d filters part the events: they try too little", found, filters)
	}
}

// Predicate is the Evaluator that asks each event in memory.
type Predicate struct {
	rows   []event.Row
	events []*event.Event
	first  map[string]event.ID // by DeliveryID
	newest map[string]event.ID // by body, of those without one
}

// NewPredicate returns a Predicate without events.
func NewPredicate() *Predicate {
	return &Predicate{first: make(map[string]event.ID), newest: make(map[string]event.ID)}
}

// Add is documented at [Evaluator]. An ID that the event has already stays.
func (p *Predicate) Add(_ testing.TB, e *event.Event, attempts []event.Delivery) {
	if e.ID == "" {
		var id ulid.ULID
		_ = id.SetTime(ulid.Timestamp(now) + uint64(1000*len(p.rows))) // fails in the year 10889
		e.ID = event.ID(id.String())
	}
	if e.DeliveryID == "" {
		e.SameBody = p.newest[string(e.Body)]
		p.newest[string(e.Body)] = e.ID
	} else if e.Duplicate = p.first[e.DeliveryID]; e.Duplicate == "" {
		p.first[e.DeliveryID] = e.ID
	}
	row := e.Row()
	if n := len(attempts); n > 0 {
		for i := range attempts {
			attempts[i].N = i + 1
		}
		row.Deliveries, row.Last, row.Outcomes = n, attempts[n-1], event.Outcomes(attempts)
	}
	p.rows = append(p.rows, row)
	p.events = append(p.events, e)
}

// Note is documented at [Evaluator].
func (p *Predicate) Note(_ testing.TB, id event.ID, text string) {
	for i := range p.rows {
		if p.rows[i].ID == id {
			p.rows[i].Note = text
		}
	}
}

// Pin is documented at [Evaluator].
func (p *Predicate) Pin(_ testing.TB, id event.ID, name string) {
	for i := range p.rows {
		if p.rows[i].ID == id {
			p.rows[i].Pin = name
		}
	}
}

// Find is documented at [Evaluator]. It fails the test where a body is asked for that
// no filter needs, or more than once.
func (p *Predicate) Find(t testing.TB, x filter.Expr) []event.ID {
	t.Helper()
	match := filter.Compile(x)
	var ids []event.ID
	for i, row := range slices.Backward(p.rows) {
		asked, headers := 0, 0
		ok, err := match(&row, filter.Rest{
			Body: func() ([]byte, error) {
				asked++
				return p.events[i].Body, nil
			},
			Header: func() ([]event.Field, error) {
				headers++
				return p.events[i].Header, nil
			},
		})
		if err != nil {
			t.Errorf("%v: %v", x, err)
		}
		if asked > 1 || asked > 0 && !filter.NeedsBody(x) {
			t.Errorf("%v: the body was asked for %d times", x, asked)
		}
		if headers > 1 || headers > 0 && !filter.NeedsHeader(x) {
			t.Errorf("%v: the headers were asked for %d times", x, headers)
		}
		if ok {
			ids = append(ids, row.ID)
		}
	}
	return ids
}
