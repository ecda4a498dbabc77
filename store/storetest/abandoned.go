package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

// testAbandoned looks at attempts that are under way: they are left alone while the handle
// that recorded them is open, and end with the next one that is opened after it is gone.
func testAbandoned(t *testing.T, f *fixture) {
	s := f.open()
	e := f.append(s, "one", "two")
	failed := f.append(s, "one")
	f.put(s, &event.Delivery{Event: e.ID, N: 1, Kind: event.Live, State: event.Done, Target: "one", URL: "http://one/webhooks", Status: 200})
	f.put(s, &event.Delivery{Event: failed.ID, N: 1, Kind: event.Live, State: event.Done, Target: "one", URL: "http://one/webhooks", Status: 500})
	send := func(s store.Store, e *event.Event, n int, kind event.AttemptKind, target string) {
		t.Helper()
		f.put(s, &event.Delivery{Event: e.ID, N: n, Kind: kind, State: event.Sending, Target: target, URL: "http://" + target + "/webhooks", Started: time.Unix(1_700_000_000, 0)})
	}
	gone, stays := f.place(), f.open()
	send(gone, e, 0, event.Replay, "one")
	send(gone, e, 2, event.Live, "two")
	send(gone, failed, 0, event.Replay, "one")
	send(stays, e, 0, event.Replay, "one")
	send(gone, e, 0, event.Replay, "one")
	f.put(gone, &event.Delivery{Event: e.ID, N: 5, Kind: event.Replay, State: event.Done, Target: "one", URL: "http://one/webhooks", Status: 201, Started: time.Unix(1_700_000_001, 0)})

	check := func(what string, states, failedStates []event.DeliveryState, waiting int64) {
		t.Helper()
		for id, want := range map[event.ID][]event.DeliveryState{e.ID: states, failed.ID: failedStates} {
			var got []event.DeliveryState
			for _, d := range must(s.Deliveries(t.Context(), id))(t) {
				got = append(got, d.State)
				if (d.State == event.Interrupted) != (d.Err != "") {
					t.Errorf("%s: attempt %d is %s: %q", what, d.N, d.State, d.Err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		stats := must(s.Stats(t.Context()))(t)
		if stats.Waiting != waiting {
			t.Errorf("%s: %d wait; want %d", what, stats.Waiting, waiting)
		}
	}
	before := []event.DeliveryState{event.Done, event.Sending, event.Sending, event.Sending, event.Done}
	if row := f.row(f.open(), failed.ID); row.Failed() {
		t.Errorf("while it is under way it failed: %+v", row)
	}
	check("while both are open", before, []event.DeliveryState{event.Done, event.Sending}, 0)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	row := f.row(f.open(), failed.ID)
	check("after one is gone", []event.DeliveryState{event.Done, event.Waiting, event.Interrupted, event.Sending, event.Done}, []event.DeliveryState{event.Done, event.Interrupted}, 1)
	if !row.Failed() || row.Worst().Last.N != 1 {
		t.Errorf("the attempt before the one that was interrupted decides, and it failed; got %+v", row)
	}
	if ds := must(s.Waiting(t.Context(), "two", "", 10))(t); len(ds) != 1 {
		t.Errorf("%d deliveries wait for the other target", len(ds))
	}
}
