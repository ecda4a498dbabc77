package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/filtertest"
	"hfhook/store"
)

// Filter is the part of Run that is about what filters find, for a backend whose
// searches can go in other steps than they usually do.
func Filter(t *testing.T, place func(t testing.TB) (open func() store.Store)) {
	filtertest.Run(t, func(t testing.TB) filtertest.Evaluator {
		s := place(t)()
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return &evaluator{store: s}
	})
}

// An evaluator asks a store.
type evaluator struct {
	store store.Store
	ids   []event.ID
}

func (ev *evaluator) Add(t testing.TB, e *event.Event, attempts []event.Delivery) {
	t.Helper()
	if err := ev.store.Append(t.Context(), e, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	for i := range attempts {
		attempts[i].Event = e.ID
		if err := ev.store.PutDelivery(t.Context(), &attempts[i]); err != nil {
			t.Fatal(err)
		}
	}
	ev.ids = append(ev.ids, e.ID)
}

func (ev *evaluator) Pin(t testing.TB, id event.ID, name string) {
	t.Helper()
	if err := ev.store.Pin(t.Context(), id, name); err != nil {
		t.Fatal(err)
	}
}

func (ev *evaluator) Note(t testing.TB, id event.ID, text string) {
	t.Helper()
	if err := ev.store.Note(t.Context(), id, text); err != nil {
		t.Fatal(err)
	}
}

// Find goes through the pages from both ends.
func (ev *evaluator) Find(t testing.TB, x filter.Expr) []event.ID {
	t.Helper()
	back := ev.pages(t, store.Query{Filter: x, Limit: 17})
	forth := ev.pages(t, store.Query{Filter: x, Limit: 23, After: "00000000000000000000000000"})
	slices.Reverse(forth)
	if diff := cmp.Diff(back, forth); diff != "" {
		t.Errorf("%v (-back +forth):\n%s", x, diff)
	}
	return back
}

// pages returns what a query finds, in the order in which it goes.
func (ev *evaluator) pages(t testing.TB, q store.Query) (all []event.ID) {
	t.Helper()
	forth := q.After != ""
	for {
		page := must(ev.store.List(t.Context(), q))(t)
		ids := idsOf(page)
		if len(ids) > q.Limit {
			t.Errorf("%v: %d rows; want %d at most", q.Filter, len(ids), q.Limit)
		}
		if forth {
			slices.Reverse(ids)
		}
		all = append(all, ids...)
		more := page.Older
		if forth {
			more = page.Newer
		}
		if more != (page.Next != "") {
			t.Fatalf("%v: Older, Newer = %v, %v and Next = %q", q.Filter, page.Older, page.Newer, page.Next)
		}
		switch {
		case !more:
			return all
		case forth && page.Next <= q.After, !forth && q.Before != "" && page.Next >= q.Before:
			t.Fatalf("%v: goes on at %q after %+v", q.Filter, page.Next, q)
		case forth:
			q.After = page.Next
		default:
			q.Before = page.Next
		}
	}
}

// A page of a search has the ends of its query, and says on which side there is more.
func testFilterPages(t *testing.T, f *fixture) {
	s := f.open()
	var ids, odd []event.ID // newest first
	for i := range 10 {
		e := f.event()
		e.Path = "/webhooks/even"
		if i%2 == 1 {
			e.Path = "/webhooks/odd"
		}
		f.appendEvent(s, e)
		ids = append(ids, e.ID)
		if i%2 == 1 {
			odd = append(odd, e.ID)
		}
	}
	slices.Reverse(ids)
	slices.Reverse(odd)
	x := must(filter.Parse("path:/webhooks/odd lgtm", time.Now()))(t)
	none := must(filter.Parse("path:/webhooks/none", time.Now()))(t)
	tests := []struct {
		name         string
		q            store.Query
		want         []event.ID
		older, newer bool
	}{
		{"all", store.Query{Filter: x}, odd, false, false},
		{"the newest", store.Query{Filter: x, Limit: 2}, odd[:2], true, false},
		{"as many as there are", store.Query{Filter: x, Limit: 5}, odd, false, false},
		{"before", store.Query{Filter: x, Before: odd[1], Limit: 2}, odd[2:4], true, true},
		{"before one that does not match", store.Query{Filter: x, Before: ids[1], Limit: 10}, odd[1:], false, true},
		{"before the oldest", store.Query{Filter: x, Before: ids[9]}, nil, false, true},
		{"after", store.Query{Filter: x, After: odd[3], Limit: 2}, odd[1:3], true, true},
		{"after, all", store.Query{Filter: x, After: odd[3], Limit: 3}, odd[:3], true, false},
		{"after the newest", store.Query{Filter: x, After: ids[0]}, nil, true, false},
		{"between", store.Query{Filter: x, After: odd[3], Before: odd[0], Limit: 1}, odd[2:3], true, true},
		{"between, all", store.Query{Filter: x, After: odd[3], Before: odd[0]}, odd[1:3], true, false},
		{"nothing", store.Query{Filter: none}, nil, false, false},
	}
	for _, tt := range tests {
		page := must(s.List(t.Context(), tt.q))(t)
		if diff := cmp.Diff(tt.want, idsOf(page)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if page.Older != tt.older || page.Newer != tt.newer {
			t.Errorf("%s: Older, Newer = %v, %v; want %v, %v", tt.name, page.Older, page.Newer, tt.older, tt.newer)
		}
	}
	// The rows are those of a list without a filter.
	with := must(s.List(t.Context(), store.Query{Filter: x, Limit: 1}))(t)
	without := must(s.List(t.Context(), store.Query{Limit: 1}))(t)
	if diff := cmp.Diff(without.Rows, with.Rows); diff != "" {
		t.Errorf("row (-without filter +with):\n%s", diff)
	}
}

// An event that was sent first while nothing could be received is found by is:missed.
func testFilterMissed(t *testing.T, f *fixture) {
	s := f.open()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, sp := range []store.Span{
		{Run: at, Via: "https://a.example", From: at, To: at.Add(time.Hour), Closed: true},
		{Run: at.Add(3 * time.Hour), Why: store.Started, Via: "https://a.example", From: at.Add(3 * time.Hour), To: at.Add(4 * time.Hour), Closed: true},
	} {
		if err := s.PutSpan(t.Context(), &sp); err != nil {
			t.Fatal(err)
		}
	}
	var want []event.ID
	for _, tt := range []struct {
		sent   time.Duration // after at
		origin event.Origin
		missed bool
	}{
		{30 * time.Minute, event.FromHub, false},
		{2 * time.Hour, event.FromHub, true},
		{2 * time.Hour, event.Synthetic, false},
		{3*time.Hour + 30*time.Minute, event.FromHub, false},
		{90 * time.Minute, event.FromImport, true},
	} {
		e := f.event()
		e.Received, e.Origin = at.Add(3*time.Hour+40*time.Minute), tt.origin
		e.DeliveryID = fmt.Sprintf("%08x%016d", at.Add(tt.sent).Unix(), len(want))
		f.appendEvent(s, e)
		if tt.missed {
			want = append(want, e.ID)
		}
	}
	slices.Reverse(want)
	for _, text := range []string{"is:missed", "is:missed lgtm | is:missed -lgtm", "-(-is:missed)", "is:missed origin:hub | is:missed origin:import"} {
		page := must(s.List(t.Context(), store.Query{Filter: must(filter.Parse(text, time.Now()))(t)}))(t)
		if diff := cmp.Diff(want, idsOf(page)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	page := must(s.List(t.Context(), store.Query{Filter: must(filter.Parse("-is:missed", time.Now()))(t)}))(t)
	if len(page.Rows) != 3 {
		t.Errorf("%d events were not missed; want 3", len(page.Rows))
	}
}
