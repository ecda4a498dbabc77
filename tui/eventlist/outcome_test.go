package eventlist

import (
	"testing"
	"time"

	"hfhook/event"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A row says what became of the event at each target, whatever was answered last.
func TestRowOutcomes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(target string, status int) event.Outcome {
		return event.Outcome{Target: target, Last: event.Delivery{N: 1, Kind: event.Live, State: event.Done, Status: status, Took: time.Millisecond}}
	}
	waits := event.Outcome{Target: "w", Last: event.Delivery{N: 1, Kind: event.Live, State: event.Waiting}}
	left := waits
	left.LeftOver = true
	tests := []struct {
		name         string
		row          event.Row
		wide, narrow string
		pending      bool
	}{
		{"no target", event.Row{}, "-", "-", false},
		{"no target takes it", event.Row{Unwanted: true}, "no when=", "no when=", false},
		{"one", event.Row{Outcomes: []event.Outcome{at("a", 200)}}, "200", "200", false},
		{"the first failed", event.Row{Outcomes: []event.Outcome{at("a", 500), at("b", 200)}}, "✗✓ 500", "✗✓", false},
		{"both are well", event.Row{Outcomes: []event.Outcome{at("a", 200), at("b", 204)}}, "✓✓ 200", "200", false},
		{"one failed, one waits", event.Row{Outcomes: []event.Outcome{at("a", 404), waits}}, "✗… 404", "✗…", true},
		{"what waits at a target that is gone", event.Row{Outcomes: []event.Outcome{at("a", 200), left}}, "✓⏸ left", "✓⏸", false},
		{"many", event.Row{Outcomes: []event.Outcome{at("a", 200), at("b", 200), at("c", 503), at("d", 200), at("e", 200)}}, "4✓ 1✗ 503", "4✓ 1✗", false},
	}
	theme := style.NewTheme(true, false)
	for _, tt := range tests {
		for w, want := range map[int]string{80: tt.wide, 60: tt.narrow} {
			if got := Outcome(&tt.row, screen.Frame{Theme: theme, W: w, Now: now}); got != want {
				t.Errorf("%s on %d cells: %q; want %q", tt.name, w, got, want)
			}
		}
		if got := Pending(&tt.row, nil); got != tt.pending {
			t.Errorf("%s: counts up: %v; want %v", tt.name, got, tt.pending)
		}
	}
}
