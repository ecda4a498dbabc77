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
	at := func(s int) time.Time { return time.Unix(int64(1_700_000_000+s), 0) }
	span := func(from, to int, why store.Why) store.Span { return store.Span{From: at(from), To: at(to), Why: why} }
	gap := func(from, to int, why store.Why) store.Gap { return store.Gap{From: at(from), To: at(to), Why: why} }
	tests := []struct {
		name  string
		spans []store.Span
		want  []store.Gap
	}{
		{"none", nil, nil},
		{"the first session", []store.Span{span(0, 100, store.Started)}, nil},
		{"the tunnel was lost", []store.Span{span(0, 100, store.Started), span(116, 200, store.Tunnel)}, []store.Gap{gap(100, 116, store.Tunnel)}},
		{"too short", []store.Span{span(0, 100, store.Started), span(115, 200, store.Tunnel)}, nil},
		{"a new session at once", []store.Span{span(0, 100, store.Started), span(102, 200, store.Started)}, []store.Gap{gap(100, 102, store.Started)}},
		{"a new session later", []store.Span{span(0, 100, store.Started), span(900, 950, store.Started)}, []store.Gap{gap(100, 900, store.Started)}},
		{"two at once", []store.Span{span(0, 1000, store.Started), span(100, 200, store.Started), span(300, 400, store.Tunnel), span(1100, 1200, store.Paused)}, []store.Gap{gap(1000, 1100, store.Paused)}},
		{"out of order", []store.Span{span(500, 600, store.Paused), span(0, 100, store.Started)}, []store.Gap{gap(100, 500, store.Paused)}},
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
	gaps := []store.Gap{{From: at(0), To: at(5)}, {From: at(100), To: at(200)}, {From: at(300), To: at(400)}}
	for _, test := range []struct {
		name     string
		id       string
		received int
		origin   event.Origin
		want     int // the gap; -1: none
	}{
		{"sent again", id(150), 210, event.FromHub, 1},
		{"imported", id(350), 999, event.FromImport, 2},
		{"at once", id(250), 250, event.FromHub, -1},
		{"in a short gap", id(3), 250, event.FromHub, -1},
		{"as the gap began", id(100), 250, event.FromHub, 1},
		{"while it lasts", id(150), 180, event.FromHub, -1},
		{"made here", id(150), 210, event.Synthetic, -1},
		{"no time in it", "a delivery", 210, event.FromHub, -1},
	} {
		g, ok := store.Missed(&event.Event{DeliveryID: test.id, Received: at(test.received), Origin: test.origin}, gaps)
		if ok != (test.want >= 0) || ok && g != gaps[test.want] {
			t.Errorf("%s: %v, %t", test.name, g, ok)
		}
	}
}
