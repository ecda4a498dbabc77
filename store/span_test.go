package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

func TestGaps(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Unix(int64(1_700_000_000+s), 0) }
	span := func(from, to int, why store.Why) store.Span { return store.Span{From: at(from), To: at(to), Why: why} }
	closed := func(sp store.Span) store.Span { sp.Closed = true; return sp }
	via := func(url string, sp store.Span) store.Span { sp.Via = url; return sp }
	run := func(n int, sp store.Span) store.Span { sp.Run = at(n); return sp }
	gap := func(from, to int, why store.Why) store.Gap { return store.Gap{From: at(from), To: at(to), Why: why} }
	exact := func(g store.Gap) store.Gap { g.Exact = true; return g }
	start := func(s int) store.Gap {
		return store.Gap{From: at(s), To: at(s), Why: store.Started, Exact: true, Covered: true}
	}
	tests := []struct {
		name  string
		spans []store.Span
		want  []store.Gap
	}{
		{"none", nil, nil},
		{"the first session", []store.Span{span(0, 100, store.Started)}, nil},
		{"the tunnel was lost", []store.Span{closed(span(0, 100, store.Started)), span(116, 200, store.Tunnel)}, []store.Gap{exact(gap(100, 116, store.Tunnel))}},
		{"and soon back", []store.Span{closed(span(0, 100, store.Started)), span(103, 200, store.Tunnel)}, []store.Gap{exact(gap(100, 103, store.Tunnel))}},
		{"a new session at once", []store.Span{closed(span(0, 100, store.Started)), span(102, 200, store.Started)}, []store.Gap{exact(gap(100, 102, store.Started))}},
		{"a new session after one that was killed", []store.Span{span(0, 100, store.Started), span(102, 200, store.Started)}, []store.Gap{gap(100, 102, store.Started)}},
		{"a new session later", []store.Span{span(0, 100, store.Started), span(900, 950, store.Started)}, []store.Gap{gap(100, 900, store.Started)}},
		{"two at once", []store.Span{span(0, 1000, store.Started), span(100, 200, store.Started), span(300, 400, store.Tunnel), span(1100, 1200, store.Paused)}, []store.Gap{start(100), gap(1000, 1100, store.Paused)}},
		{"handed over", []store.Span{closed(span(0, 100, store.Started)), span(90, 200, store.Started)}, []store.Gap{start(90)}},
		{"the one that was killed had a shorter life", []store.Span{span(0, 50, store.Started), closed(span(10, 100, store.Started)), span(110, 200, store.Started)}, []store.Gap{start(10), exact(gap(100, 110, store.Started))}},
		{"out of order", []store.Span{span(500, 600, store.Paused), span(0, 100, store.Started)}, []store.Gap{gap(100, 500, store.Paused)}},

		{"another URL beside it", []store.Span{run(0, via("a", span(0, 100, store.Started))), run(50, via("b", span(50, 300, store.Started))), run(200, via("a", span(200, 300, store.Started)))}, []store.Gap{gap(100, 200, store.Started)}},
		{"the same URL beside it", []store.Span{run(0, via("a", span(0, 100, store.Started))), run(50, via("a", span(50, 300, store.Started))), run(200, via("a", span(200, 300, store.Started)))}, []store.Gap{start(50), start(200)}},
		{"a new URL each time", []store.Span{run(0, via("a", closed(span(0, 100, store.Started)))), run(200, via("b", span(200, 300, store.Started)))}, []store.Gap{exact(gap(100, 200, store.Started))}},
		{"a session without a tunnel beside it", []store.Span{run(0, via("a", span(0, 100, store.Started))), run(50, via(store.ViaLocal, span(50, 300, store.Started))), run(200, via("a", span(200, 300, store.Started)))}, []store.Gap{start(50), gap(100, 200, store.Started)}},
		{"a session gets another URL", []store.Span{run(0, via("a", closed(span(0, 100, store.Started)))), run(50, via("b", span(50, 300, store.Started))), run(0, via("c", span(200, 300, store.Tunnel)))}, []store.Gap{exact(gap(100, 200, store.Tunnel))}},
		{"the URL of the older ones is not known", []store.Span{run(0, span(0, 100, store.Started)), run(200, via("a", span(200, 300, store.Started)))}, []store.Gap{gap(100, 200, store.Started)}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, store.Gaps(tt.spans)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestMissed matches events to the gap in which they were sent, by their Webhook-Id.
func TestMissed(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Unix(int64(1_790_000_000+s), 0) }
	id := func(s int) string { return fmt.Sprintf("%08xe30d9209411de93b", at(s).Unix()) }
	gaps := []store.Gap{{From: at(0), To: at(5)}, {From: at(50), To: at(50), Covered: true}, {From: at(100), To: at(200)}, {From: at(300), To: at(400)},
		{From: at(500).Add(500 * time.Millisecond), To: at(510).Add(500 * time.Millisecond)}}
	for _, test := range []struct {
		name     string
		id       string
		received int
		origin   event.Origin
		repeats  event.ID
		want     int // the gap; -1: none
	}{
		{"sent again", id(150), 210, event.FromHub, "", 2},
		{"imported", id(350), 999, event.FromImport, "", 3},
		{"at once", id(250), 250, event.FromHub, "", -1},
		{"in a short gap", id(3), 250, event.FromHub, "", 0},
		{"as the gap began", id(100), 250, event.FromHub, "", 2},
		{"just before the gap", id(99), 250, event.FromHub, "", -1},
		{"in the second in which the gap began", id(500), 520, event.FromHub, "", 4},
		{"in the second in which the gap ended", id(510), 520, event.FromHub, "", 4},
		{"in that second, and received in the next", id(510), 511, event.FromHub, "", -1},
		{"where a session took over", id(50), 250, event.FromHub, "", -1},
		{"while it lasts", id(150), 180, event.FromHub, "", -1},
		{"it was received before", id(150), 210, event.FromHub, "01JD4X7M9C8Q2R5T7V9WABCDEF", -1},
		{"made here", id(150), 210, event.Synthetic, "", -1},
		{"no time in it", "a delivery", 210, event.FromHub, "", -1},
	} {
		g, ok := store.Missed(&event.Event{Duplicate: test.repeats, Capture: event.Capture{DeliveryID: test.id, Received: at(test.received), Origin: test.origin}}, gaps)
		if ok != (test.want >= 0) || ok && g != gaps[test.want] {
			t.Errorf("%s: %v, %t", test.name, g, ok)
		}
	}
}
