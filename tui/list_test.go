package tui

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
	"hfhook/tui/eventlist"
	"hfhook/tui/screen"
)

// shownIDs are the IDs of the rows in the window.
func shownIDs(l *eventlist.List) []event.ID {
	ids := make([]event.ID, len(l.Rows))
	for i, r := range l.Rows {
		ids[i] = r.ID
	}
	return ids
}

// settleList answers every load of the list, as asks.list does.
func settleList(t *testing.T, l *eventlist.List, s *fake, h int) {
	t.Helper()
	for range 100 {
		ld, ok := l.Next(h)
		if !ok {
			return
		}
		page, err := s.List(t.Context(), ld.Query)
		if err != nil {
			t.Fatal(err)
		}
		newest := event.ID("")
		if ld.Reset {
			newest = fakeID(s.count + len(s.extra) - 1)
		}
		l.Take(ld, page, newest, h)
	}
	t.Fatal("the list does not stop asking")
}

// TestWindowHasNoGaps moves at random through a long list while events come in, and
// compares the window with the truth after each step.
func TestWindowHasNoGaps(t *testing.T) {
	const h = 20
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := healthy()
		s.count = 3000
		l := eventlist.New()
		l.NewestFirst = seed >= 5
		settleList(t, &l, s, h)
		for range 150 {
			switch r.IntN(10) {
			case 0:
				l.First(h)
			case 1:
				l.Last(h)
			case 2:
				if l.Detach(h); r.IntN(2) == 0 {
					l.Attach(h)
				}
			case 3, 4:
				for range 1 + r.IntN(300) {
					s.add(plainEvent(s.count + len(s.extra)))
				}
				l.Wake(int64(s.count + len(s.extra)))
			case 5, 6, 7:
				l.Move(-r.IntN(200), h)
			default:
				l.Move(r.IntN(200), h)
			}
			settleList(t, &l, s, h)

			ids := shownIDs(&l)
			if len(ids) == 0 || len(ids) > eventlist.WindowRows {
				t.Fatalf("seed %d: %d rows in the window", seed, len(ids))
			}
			first, n := s.position(ids[0]), s.count+len(s.extra)
			for i, id := range ids {
				if id != fakeID(first+i) {
					t.Fatalf("seed %d: row %d of the window is %s, want %s", seed, i, id, fakeID(first+i))
				}
			}
			if !l.Older && first > 0 || !l.Newer && first+len(ids) < n {
				t.Fatalf("seed %d: older %v newer %v for rows %d to %d of %d", seed, l.Older, l.Newer, first, first+len(ids), n)
			}
			if l.Follow && !l.AtNewest(h) {
				t.Fatalf("seed %d: following, but the newest is not in sight", seed)
			}
			if it, _ := l.Current(); l.Follow && it.Key.ID != ids[len(ids)-1] {
				t.Fatalf("seed %d: following, but %v is selected", seed, it.Key)
			}
			if top := l.Top(h); l.At < top || l.At >= top+h {
				t.Fatalf("seed %d: item %d is selected, in sight are %d to %d", seed, l.At, top, top+h)
			}
		}
	}
}

// TestSelectionStays: it rides on the newest event while the list follows, and stays once it
// does not, also where it was on the newest event.
func TestSelectionStays(t *testing.T) {
	const h = 10
	for _, move := range []int{0, -3} {
		s := healthy()
		s.count = 1000
		l := eventlist.New()
		l.Wake(1000)
		settleList(t, &l, s, h)
		l.Move(move, h)
		l.Detach(h)
		was := l.Selected
		for range 50 {
			for range 30 {
				s.add(plainEvent(0))
			}
			l.Wake(int64(s.count + len(s.extra)))
			settleList(t, &l, s, h)
		}
		if l.Selected != was {
			t.Errorf("moved by %d: the selection went from %v to %v", move, was, l.Selected)
		}
		if l.New() != 1500 {
			t.Errorf("moved by %d: %d are new, want 1500", move, l.New())
		}
		// One key brings the selection back into sight, where it was.
		l.Move(-1, h)
		settleList(t, &l, s, h)
		if it, ok := l.Current(); !ok || it.Key.ID > was.ID {
			t.Errorf("moved by %d: %v is selected, want %v or the one before", move, it.Key, was)
		}
		l.Attach(h)
		settleList(t, &l, s, h)
		if newest := fakeID(s.count + len(s.extra) - 1); l.Selected.ID != newest || l.New() != 0 || !l.Follow {
			t.Errorf("moved by %d: following again %v is selected, want %s, and %d are new", move, l.Selected, newest, l.New())
		}
	}
}

// TestGGoesToTheNewestAnyhow: also while pages are on their way, in any order of keys and answers.
func TestGGoesToTheNewestAnyhow(t *testing.T) {
	const h = 10
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := healthy()
		s.count = 100
		l := eventlist.New()
		l.Wake(100)
		settleList(t, &l, s, h)
		var open []eventlist.Load
		ask := func() {
			if ld, ok := l.Next(h); ok {
				open = append(open, ld)
			}
		}
		answer := func() {
			if len(open) > 0 {
				page, _ := s.List(t.Context(), open[0].Query)
				l.Take(open[0], page, "", h)
				open = open[1:]
			}
		}
		for range 60 {
			switch r.IntN(7) {
			case 0:
				l.Move(-1, h)
			case 1:
				l.Detach(h)
			case 2:
				l.First(h)
			case 3:
				for range r.IntN(150) {
					s.add(plainEvent(s.count + len(s.extra)))
				}
				l.Wake(int64(s.count + len(s.extra)))
			default:
				answer()
			}
			ask()
		}
		if goTo := (map[bool]func(int){false: l.Last, true: l.Attach})[seed%2 == 0]; true {
			goTo(h)
		}
		for ask(); len(open) > 0; ask() {
			answer()
		}
		newest := fakeID(s.count + len(s.extra) - 1)
		if l.Selected.ID != newest || !l.Follow || l.New() != 0 {
			t.Errorf("seed %d: %v is selected, follow %v, %d new, want %s", seed, l.Selected, l.Follow, l.New(), newest)
		}
	}
}

func TestFollowing(t *testing.T) {
	const h = 10
	s := healthy()
	s.count = 100
	l := eventlist.New()
	settleList(t, &l, s, h)
	steps := []struct {
		name string
		do   func()
		want bool
	}{
		{"at the start", func() {}, true},
		{"after up", func() { l.Move(-1, h) }, false},
		{"after down to the newest", func() { l.Move(1, h) }, true},
		{"after an action", func() { l.Detach(h) }, false},
		{"after G", func() { l.Last(h) }, true},
		{"after g", func() { l.First(h) }, false},
		{"after F", func() { l.Attach(h) }, true},
		{"after a page up", func() { l.Move(-h, h) }, false},
	}
	for _, step := range steps {
		step.do()
		settleList(t, &l, s, h)
		if l.Follow != step.want {
			t.Errorf("%s: follow is %v", step.name, l.Follow)
		}
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	const h = 10
	s := healthy()
	s.count = 5000
	l := eventlist.New()
	settleList(t, &l, s, h)
	l.First(h)
	late, _ := l.Next(h)
	l.Last(h) // changes its mind, but the newest rows are still here
	l.First(h)
	settleList(t, &l, s, h)
	page, _ := s.List(t.Context(), store.Query{Limit: 10})
	want := shownIDs(&l)
	if l.Take(late, page, "", h) {
		t.Error("an answer of an earlier generation was taken")
	}
	if diff := cmp.Diff(want, shownIDs(&l)); diff != "" {
		t.Errorf("a late answer changed the window:\n%s", diff)
	}
}

func TestAFailedLoadIsNotRepeatedByItself(t *testing.T) {
	const h = 10
	s := healthy()
	s.count = 5000
	l := eventlist.New()
	ld, ok := l.Next(h)
	if !ok {
		t.Fatal("nothing was asked at the start")
	}
	l.Failed(ld)
	if _, ok := l.Next(h); ok {
		t.Error("asked again at once")
	}
	l.Wake(5000)
	settleList(t, &l, s, h)
	if len(l.Rows) == 0 {
		t.Error("no rows after the next wake-up")
	}
}

func TestMergeFollowsTheStore(t *testing.T) {
	row := func(i int) event.Row { return event.Row{ID: fakeID(i)} }
	rows := func(numbers ...int) (out []event.Row) {
		for _, n := range numbers {
			out = append(out, row(n))
		}
		return out
	}
	newestFirst := func(numbers ...int) []event.Row { r := rows(numbers...); slices.Reverse(r); return r }
	tests := []struct {
		name         string
		window       []event.Row
		query        store.Query
		page         store.Page
		want         []event.Row
		older, newer bool
	}{
		{"newer rows join", rows(1, 2), store.Query{After: fakeID(2)}, store.Page{Rows: newestFirst(3, 4), Newer: true, Older: true}, rows(1, 2, 3, 4), true, true},
		{"older rows join", rows(5, 6), store.Query{Before: fakeID(5)}, store.Page{Rows: newestFirst(3, 4), Newer: true}, rows(3, 4, 5, 6), false, true},
		{"a deleted row goes", rows(1, 2, 3, 4), store.Query{After: eventlist.JustBefore(fakeID(2))}, store.Page{Rows: newestFirst(2, 4)}, rows(1, 2, 4), true, false},
		{"a deleted end goes", rows(1, 2, 3, 4), store.Query{After: eventlist.JustBefore(fakeID(2))}, store.Page{Rows: newestFirst(2)}, rows(1, 2), true, false},
		{"rows after the page stay", rows(1, 2, 3, 4), store.Query{After: eventlist.JustBefore(fakeID(1))}, store.Page{Rows: newestFirst(1, 2), Newer: true}, rows(1, 2, 3, 4), false, true},
		{"all is gone", rows(1, 2), store.Query{After: eventlist.JustBefore(fakeID(1))}, store.Page{}, nil, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := eventlist.Window{Rows: tt.window, Older: tt.older, Newer: true}
			w.Merge(tt.query, tt.page)
			if diff := cmp.Diff(append([]event.Row{}, tt.want...), append([]event.Row{}, w.Rows...)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if w.Older != tt.older || w.Newer != tt.newer {
				t.Errorf("older %v newer %v, want %v %v", w.Older, w.Newer, tt.older, tt.newer)
			}
		})
	}
}

func TestNeighbours(t *testing.T) {
	for _, id := range []event.ID{fakeID(0), fakeID(255), "01JD4X7M9CZZZZZZZZZZZZZZZZ", "01JD4X7M9C0000000000000000"} {
		if got := eventlist.JustAfter(eventlist.JustBefore(id)); got != id {
			t.Errorf("the ID after the one before %s is %s", id, got)
		}
		if before, after := eventlist.JustBefore(id), eventlist.JustAfter(id); before >= id || after <= id {
			t.Errorf("%s is not between %s and %s", id, before, after)
		}
	}
}

func TestRejectedStandInTheirPlace(t *testing.T) {
	s := healthy()
	s.extra = []fakeEvent{plainEvent(0), plainEvent(10), plainEvent(20)}
	at := func(sec int) event.Rejected {
		return event.Rejected{At: noon.Add(-time.Hour + time.Duration(sec)*time.Second)}
	}
	l := eventlist.New()
	l.SetRejected([]event.Rejected{at(-5), at(5), at(15), at(25)}, 4)
	settleList(t, &l, s, 10)
	var got []int64
	for _, it := range l.Items {
		got = append(got, it.Key.Rejected)
	}
	if diff := cmp.Diff([]int64{1, 0, 2, 0, 3, 0, 4}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	// The numbers stay when the oldest are forgotten.
	l.Last(10)
	l.SetRejected([]event.Rejected{at(15), at(25), at(30)}, 5)
	if it, _ := l.Current(); it.Key.Rejected != 4 {
		t.Errorf("%v is selected, want the rejected request 4", it.Key)
	}
}

// TestFirstEventIsSelected: before the first event of a run nobody has chosen one of the
// events of earlier runs, which are not in sight.
func TestFirstEventIsSelected(t *testing.T) {
	for _, looked := range []bool{false, true} {
		s := day()
		s.state.Received, s.state.Rejected, s.state.Refused = 0, nil, 0
		s.state.Started, s.state.Store.Newest = noon, noon.Add(-time.Hour)
		s.state.Gaps = []store.Gap{{From: noon.Add(-time.Second), To: noon, Why: store.Started}} // the beginning of this session
		m := newTestModel(t, s, 100, 30)
		want := fakeID(len(s.extra))
		if looked { // then one is
			press(m, "B")
			want = fakeID(len(s.extra) - 1)
			if got := m.root.List.Selected.ID; got != want {
				t.Errorf("of the events of earlier runs %q is selected, want %q", got, want)
			}
		}
		s.mu.Lock()
		first := s.extra[0]
		first.row.Received = noon.Add(time.Second)
		s.extra = append(s.extra, first)
		s.state.Received, s.state.Store.Newest = 1, noon.Add(time.Second)
		s.mu.Unlock()
		send(m, screen.ChangedMsg{State: s.State()})
		if got := m.root.List.Selected.ID; got != want {
			t.Errorf("looked %v: %q is selected, want %q", looked, got, want)
		}
	}
}

// TestAGapIsNotSelectedByItself: the newest event is, though a session began after it.
func TestAGapIsNotSelectedByItself(t *testing.T) {
	s := day()
	s.state.Received, s.state.Rejected, s.state.Refused = 0, nil, 0
	s.state.Started, s.state.Store.Newest = noon, noon.Add(-time.Hour)
	s.state.Gaps = []store.Gap{{From: noon.Add(23 * time.Hour), To: noon.Add(24 * time.Hour)}}
	m := newTestModel(t, s, 100, 30)
	press(m, "B")
	if l := &m.root.List; l.Items[len(l.Items)-1].Gap == nil || l.Selected.ID != fakeID(len(s.extra)-1) {
		t.Errorf("of %d items %+v is selected", len(l.Items), l.Selected)
	}
}
