package output

import (
	"testing"
	"time"

	"hfhook/event"
)

// What is sending does not wait, and the worst of several targets is named.
func TestRowResult(t *testing.T) {
	t.Parallel()
	at := func(state event.DeliveryState, status int) event.Outcome {
		return event.Outcome{Last: event.Delivery{N: 1, Kind: event.Live, State: state, Status: status, Took: time.Millisecond}}
	}
	tests := []struct {
		outcomes []event.Outcome
		want     string
	}{
		{[]event.Outcome{at(event.Waiting, 0)}, "waiting"},
		{[]event.Outcome{at(event.Sending, 0)}, "sending"},
		{[]event.Outcome{at(event.Done, 200), at(event.Sending, 0)}, "✓… sending"},
		{[]event.Outcome{at(event.Done, 500), at(event.Sending, 0)}, "✗… 500"},
		{[]event.Outcome{at(event.Done, 200), at(event.Withheld, 0)}, "✓- 200"},
	}
	for _, tt := range tests {
		if got := rowResult(&event.Row{Outcomes: tt.outcomes}); got != tt.want {
			t.Errorf("%q; want %q", got, tt.want)
		}
	}
}
