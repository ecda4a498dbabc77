package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// did is an attempt that ended with a status; 0 is not an answer.
func did(kind event.AttemptKind, target string, status int) event.Delivery {
	d := event.Delivery{Kind: kind, State: event.Done, Target: target, URL: "http://" + target + "/webhooks", Status: status}
	if status == 0 {
		d.Err = "refused"
	}
	return d
}

func inState(d event.Delivery, state event.DeliveryState) event.Delivery {
	d.State = state
	return d
}

// find returns the events that match a filter, newest first.
func (f *fixture) find(s store.Store, text string) []event.ID {
	f.t.Helper()
	x := must(filter.Parse(text, time.Now()))(f.t)
	return idsOf(must(s.List(f.t.Context(), store.Query{Filter: x}))(f.t))
}

// row returns the row of an event.
func (f *fixture) row(s store.Store, id event.ID) event.Row {
	f.t.Helper()
	for _, row := range must(s.List(f.t.Context(), store.Query{}))(f.t).Rows {
		if row.ID == id {
			return row
		}
	}
	f.t.Fatalf("no row of %s", id)
	return event.Row{}
}

// What became of an event is told by its targets, one by one, wherever else it was sent.
func testOutcomes(t *testing.T, f *fixture) {
	s := f.open()
	live, replay := event.Live, event.Replay
	tests := []struct {
		name     string
		attempts []event.Delivery
		want     string // target, number and rank of each outcome
		failed   bool
	}{
		{"none", nil, "", false},
		{"waits", []event.Delivery{inState(did(live, "a", 200), event.Waiting)}, "a 1 5", false},
		{"taken", []event.Delivery{did(live, "a", 204)}, "a 1 6", false},
		{"a redirect", []event.Delivery{did(live, "a", 302)}, "a 1 3", true},
		{"no answer", []event.Delivery{did(live, "a", 0)}, "a 1 0", true},
		{"the first target failed", []event.Delivery{did(live, "a", 500), did(live, "b", 200)}, "a 1 1, b 2 6", true},
		{"the second target failed", []event.Delivery{did(live, "a", 200), did(live, "b", 404)}, "a 1 6, b 2 2", true},
		{"one failed, one waits", []event.Delivery{did(live, "a", 500), inState(did(live, "b", 0), event.Waiting)}, "a 1 1, b 2 5", true},
		{"one was taken, one is under way", []event.Delivery{did(live, "a", 200), inState(did(live, "b", 0), event.Sending)}, "a 1 6, b 2 4", false},
		{"fixed by a replay", []event.Delivery{did(live, "a", 500), did(live, "b", 200), did(replay, "a", 200)}, "a 3 6, b 2 6", false},
		{"broken by a replay", []event.Delivery{did(live, "a", 200), did(live, "b", 200), did(replay, "b", 500)}, "a 1 6, b 3 1", true},
		{"a replay elsewhere failed", []event.Delivery{did(live, "a", 200), did(replay, "c", 500)}, "a 1 6", false},
		{"a replay elsewhere was taken", []event.Delivery{did(live, "a", 500), did(replay, "c", 200)}, "a 1 1", true},
		{"no target, two addresses", []event.Delivery{did(replay, "c", 500), did(replay, "d", 200)}, "c 1 1, d 2 6", true},
		{"no target, fixed", []event.Delivery{did(replay, "c", 500), did(replay, "c", 200)}, "c 2 6", false},
		{"dropped", []event.Delivery{did(live, "a", 500), inState(did(replay, "a", 0), event.Dropped)}, "a 1 1", true},
		{"interrupted", []event.Delivery{did(live, "a", 500), inState(did(replay, "a", 0), event.Interrupted)}, "a 1 1", true},
		{"withheld", []event.Delivery{inState(did(live, "a", 0), event.Withheld)}, "a 1 7", false},
		{"interrupted, and nothing before", []event.Delivery{inState(did(live, "a", 0), event.Interrupted)}, "a 1 7", false},
		{"under way again", []event.Delivery{did(live, "a", 500), inState(did(replay, "a", 0), event.Sending)}, "a 2 4", false},
		{"waits again", []event.Delivery{did(live, "a", 503), inState(did(live, "a", 0), event.Waiting)}, "a 1 1", true},
	}
	for _, tt := range tests {
		e := f.append(s)
		for _, d := range tt.attempts {
			d.Event = e.ID
			f.put(s, &d)
		}
		row := f.row(s, e.ID)
		got := ""
		for _, o := range row.Outcomes {
			if got != "" {
				got += ", "
			}
			got += fmt.Sprintf("%s %d %d", o.Target, o.Last.N, o.Rank())
			if o.Last.Event != e.ID || o.LeftOver {
				t.Errorf("%s: outcome %+v", tt.name, o)
			}
		}
		if got != tt.want {
			t.Errorf("%s: outcomes %q; want %q", tt.name, got, tt.want)
		}
		if row.Failed() != tt.failed || slices.Contains(f.find(s, "is:failed"), e.ID) != tt.failed {
			t.Errorf("%s: the row failed: %v, is:failed finds it: %v; want %v", tt.name, row.Failed(), !row.Failed(), tt.failed)
		}
		id, err := s.Resolve(t.Context(), "@failed")
		if found := err == nil && id == e.ID; found != tt.failed {
			t.Errorf("%s: @failed is %q, %v", tt.name, id, err)
		}
		if _, err := s.Delete(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		if stats := must(s.Stats(t.Context()))(t); stats.Failed != 0 || stats.Waiting != 0 {
			t.Errorf("%s: after it was deleted: %+v", tt.name, stats)
		}
	}
}

// A delivery that waited may be sent after a replay that has a larger number.
func testAttempts(t *testing.T, f *fixture) {
	s := f.open()
	e := f.append(s, "a", "b")
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	put := func(n int, kind event.AttemptKind, target string, status int, started time.Duration) event.Delivery {
		d := did(kind, target, status)
		d.Event, d.N, d.Started = e.ID, n, at.Add(started)
		f.put(s, &d)
		return d
	}
	if d := put(0, event.Replay, "a", 500, time.Second); d.N != 3 || d.Attempt != 2 {
		t.Errorf("the replay is attempt %d, %d at its target; want 3 and 2", d.N, d.Attempt)
	}
	if !slices.Contains(f.find(s, "is:failed"), e.ID) {
		t.Error("it failed, but is not found")
	}
	if d := put(1, event.Live, "a", 200, time.Minute); d.Attempt != 1 {
		t.Errorf("what waited is attempt %d at its target; want 1", d.Attempt)
	}
	if found := f.find(s, "is:failed"); len(found) != 0 {
		t.Errorf("what waited was taken later, but is:failed finds %v", found)
	}
	if d := put(2, event.Live, "b", 200, time.Minute); d.Attempt != 1 {
		t.Errorf("the first delivery to the second target is attempt %d there; want 1", d.Attempt)
	}
	// One at the address of a target is one at the target, whatever its name.
	other := event.Delivery{Event: e.ID, Kind: event.Replay, State: event.Done, Target: "127.0.0.1:1", URL: "http://b/webhooks", Status: 500}
	f.put(s, &other)
	if other.Target != "b" || other.Attempt != 2 || other.N != 4 {
		t.Errorf("at the address of b: %+v", other)
	}
	if !slices.Contains(f.find(s, "is:failed"), e.ID) {
		t.Error("it failed at the address of its target, but is not found")
	}
}

func testUnwanted(t *testing.T, f *fixture) {
	s := f.open()
	e := f.event()
	e.Unwanted = true
	f.appendEvent(s, e)
	plain := f.append(s)
	for id, want := range map[event.ID]bool{e.ID: true, plain.ID: false} {
		if got := f.row(s, id).Unwanted; got != want {
			t.Errorf("the row says %v; want %v", got, want)
		}
		if got := must(s.Event(t.Context(), id))(t).Unwanted; got != want {
			t.Errorf("the event says %v; want %v", got, want)
		}
	}
}

// The row has what the sender was told where somebody has asked for that by --ack STATUS.
func testAckStatus(t *testing.T, f *fixture) {
	s := f.open()
	ruled, passed, plain := f.append(s), f.append(s), f.append(s)
	at := time.Now()
	err := s.PutAnswers(t.Context(), map[event.ID]event.Answer{
		ruled.ID:  {At: at, Status: 429, Reason: event.ByRule + "429"},
		passed.ID: {At: at, Status: 503, Target: "bot"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[event.ID]int{ruled.ID: 429, passed.ID: 0, plain.ID: 0} {
		if got := f.row(s, id).AckStatus; got != want {
			t.Errorf("the row says %d; want %d", got, want)
		}
	}
}

// What became of events is as the rule has it, after whatever has happened to attempts.
func testOutcomesAtRandom(t *testing.T, f *fixture) {
	s := f.open()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	states := []event.DeliveryState{event.Waiting, event.Sending, event.Done, event.Done, event.Done, event.Dropped, event.Withheld, event.Interrupted}
	ids := []event.ID{f.append(s, "a", "b").ID, f.append(s, "a").ID, f.append(s).ID, f.append(s).ID}
	for range 150 {
		target := []string{"a", "b", "c"}[r.IntN(3)]
		switch r.IntN(30) {
		case 0:
			must(s.Drop(t.Context(), target, ""))(t)
			continue
		case 1:
			must(s.Clear(t.Context(), target))(t)
			continue
		}
		id := ids[r.IntN(len(ids))]
		d := did([]event.AttemptKind{event.Live, event.Replay, event.Replay}[r.IntN(3)], target, []int{0, 200, 302, 404, 500}[r.IntN(5)])
		if id == ids[3] {
			d.Kind = event.Replay
		}
		d.Event, d.State, d.Took = id, states[r.IntN(len(states))], time.Duration(r.IntN(5))*time.Second
		if d.State != event.Waiting && r.IntN(4) > 0 {
			d.Started = at.Add(time.Duration(r.IntN(100)) * time.Second)
		}
		if all := must(s.Deliveries(t.Context(), id))(t); len(all) > 0 && r.IntN(2) == 0 {
			d.N = all[r.IntN(len(all))].N
		}
		f.put(s, &d)
	}
	var failed, waiting int64
	for _, id := range ids {
		all := must(s.Deliveries(t.Context(), id))(t)
		for i := range all {
			if all[i].State == event.Waiting {
				waiting++
			}
			all[i] = all[i].Summary()
		}
		row := f.row(s, id)
		byName := func(outcomes []event.Outcome) map[string]event.Delivery {
			m := map[string]event.Delivery{}
			for _, o := range outcomes {
				m[o.Target] = o.Last
			}
			return m
		}
		if diff := cmp.Diff(byName(event.Outcomes(all)), byName(row.Outcomes)); diff != "" {
			t.Errorf("outcomes (-rule +store):\n%s", diff)
		}
		if row.Failed() {
			failed++
		}
		if got := slices.Contains(f.find(s, "is:failed"), id); got != row.Failed() {
			t.Errorf("is:failed finds it: %v; want %v", got, row.Failed())
		}
	}
	if stats := must(s.Stats(t.Context()))(t); stats.Failed != failed || stats.Waiting != waiting {
		t.Errorf("%d failed, %d wait; want %d, %d", stats.Failed, stats.Waiting, failed, waiting)
	}
	must(s.Delete(t.Context(), ids...))(t)
	if stats := must(s.Stats(t.Context()))(t); stats.Failed != 0 || stats.Waiting != 0 || stats.LeftOver != nil {
		t.Errorf("all deleted: %+v", stats)
	}
}

// What a target has left that no program has any more is shown, found, and counted apart.
func testLeftOver(t *testing.T, f *fixture) {
	s := f.open()
	put := func(e *event.Event, n int, target string, status int) {
		d := did(event.Live, target, status)
		d.Event, d.N = e.ID, n
		f.put(s, &d)
	}
	a := f.append(s, "a", "b")
	put(a, 1, "a", 500)
	put(a, 2, "b", 500)
	b := f.append(s, "b")
	put(b, 1, "b", 404)
	f.append(s, "b")
	free := f.append(s)
	otherTarget := did(event.Replay, "x", 500)
	otherTarget.Event = free.ID
	f.put(s, &otherTarget)

	check := func(when string, failed, waiting int64, last event.ID, left ...store.LeftOver) {
		t.Helper()
		stats := must(s.Stats(t.Context()))(t)
		if stats.Failed != failed || stats.Waiting != waiting {
			t.Errorf("%s: %d failed, %d wait; want %d, %d", when, stats.Failed, stats.Waiting, failed, waiting)
		}
		if diff := cmp.Diff(left, stats.LeftOver); diff != "" {
			t.Errorf("%s: left over (-want +got):\n%s", when, diff)
		}
		if found := f.find(s, "is:failed"); len(found) != 3 {
			t.Errorf("%s: is:failed finds %v; want all three", when, found)
		}
		if id, err := s.Resolve(t.Context(), "@failed"); id != last || err != nil {
			t.Errorf("%s: @failed is %q, %v; want %q", when, id, err, last)
		}
		for _, o := range f.row(s, a.ID).Outcomes {
			want := slices.ContainsFunc(left, func(l store.LeftOver) bool { return l.Target == o.Target })
			if o.LeftOver != want {
				t.Errorf("%s: what %s has left is left over: %v; want %v", when, o.Target, o.LeftOver, want)
			}
		}
		if o := f.row(s, free.ID).Outcomes; len(o) != 1 || o[0].LeftOver {
			t.Errorf("%s: an event without targets: %+v", when, o)
		}
	}
	check("nobody has ever said which targets there are", 3, 1, free.ID)
	targets := func(names ...string) {
		t.Helper()
		if err := s.SetTargets(t.Context(), names); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(names, must(s.Targets(t.Context()))(t)); diff != "" {
			t.Errorf("targets (-want +got):\n%s", diff)
		}
	}
	targets("b", "a")
	check("both", 3, 1, free.ID)
	if o := f.row(s, a.ID).Outcomes; len(o) != 2 || o[0].Target != "b" {
		t.Errorf("the outcomes are not in the order of the targets: %+v", o)
	}
	targets("a")
	check("b is gone", 2, 0, free.ID, store.LeftOver{Target: "b", Failed: 2, Waiting: 1})
	must(s.Delete(t.Context(), free.ID))(t)
	if id := must(s.Resolve(t.Context(), "@failed"))(t); id != a.ID {
		t.Errorf("@failed is %s; want the one that failed at a", id)
	}
	targets()
	if stats := must(s.Stats(t.Context()))(t); stats.Failed != 0 || len(stats.LeftOver) != 2 {
		t.Errorf("a program without targets: %+v", stats)
	}
}

// The targets are those of all that run, else those of who ran last.
func testLeftOverByOthers(t *testing.T, f *fixture) {
	reader, first, second := f.open(), f.place(), f.place()
	e := f.append(reader, "a", "b")
	for i, target := range []string{"a", "b"} {
		d := did(event.Live, target, 500)
		d.Event, d.N = e.ID, i+1
		f.put(reader, &d)
	}
	check := func(when string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, must(reader.Targets(t.Context()))(t)); diff != "" {
			t.Errorf("%s: targets (-want +got):\n%s", when, diff)
		}
		for _, o := range f.row(reader, e.ID).Outcomes {
			if o.LeftOver == slices.Contains(want, o.Target) {
				t.Errorf("%s: what %s has left is left over: %v", when, o.Target, o.LeftOver)
			}
		}
	}
	say := func(s store.Store, targets ...string) {
		t.Helper()
		if err := s.SetTargets(t.Context(), targets); err != nil {
			t.Fatal(err)
		}
	}
	say(first, "a")
	check("the first", "a")
	say(second, "b")
	check("both", "a", "b")
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	check("the second has ended", "a")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	check("both have ended", "a", "b")
	third := f.open()
	say(third, "c")
	check("another one", "c")
}

func testClear(t *testing.T, f *fixture) {
	s := f.open()
	var ids []event.ID
	for i := range 3 {
		e := f.append(s, "a", "b")
		ids = append(ids, e.ID)
		d := did(event.Live, "a", 200)
		d.Event, d.N = e.ID, 1
		f.put(s, &d)
		if i < 2 { // failed twice; the third event waits
			d = did(event.Live, "b", 500)
			d.Event, d.N = e.ID, 2
			f.put(s, &d)
			d = did(event.Replay, "b", 404)
			d.Event = e.ID
			f.put(s, &d)
		}
	}
	if got := must(s.Clear(t.Context(), "none"))(t); got != (store.Cleared{}) {
		t.Errorf("cleared of a target without anything: %+v", got)
	}
	if got := must(s.Clear(t.Context(), "b"))(t); got != (store.Cleared{Failed: 2, Waiting: 1}) {
		t.Errorf("cleared %+v; want two failures and one delivery", got)
	}
	if stats := must(s.Stats(t.Context()))(t); stats.Failed != 0 || stats.Waiting != 0 {
		t.Errorf("%+v", stats)
	}
	if found := f.find(s, "is:failed"); len(found) != 0 {
		t.Errorf("is:failed finds %v", found)
	}
	// The attempts stay what they were.
	all := must(s.Deliveries(t.Context(), ids[0]))(t)
	if all[1].Status != 500 || all[1].State != event.Done || !all[1].Cleared || !all[2].Cleared || all[0].Cleared {
		t.Errorf("the attempts: %+v", all)
	}
	// A new one counts again.
	d := did(event.Replay, "b", 503)
	d.Event = ids[0]
	f.put(s, &d)
	if d.Cleared || d.Attempt != 3 || !slices.Contains(f.find(s, "is:failed"), ids[0]) {
		t.Errorf("a new attempt does not count: %+v", d)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
