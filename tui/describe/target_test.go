package describe

import (
	"testing"
	"time"

	"hfhook/internal/dev"
	"hfhook/tui/screen"
)

func TestHealthText(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 35, 0, 0, time.UTC)
	since, last := now.Add(-3*time.Minute), now.Add(-10*time.Second)
	target := func(h dev.Health, status int, result string, tried, right, inARow int) dev.Target {
		return dev.Target{Name: "bot", Health: h, Since: since, Last: last, Status: status, Result: result, Took: 38 * time.Millisecond, Tried: tried, Right: right, InARow: inARow}
	}
	for name, tt := range map[string]struct {
		target dev.Target
		ports  map[string]bool
		want   string
	}{
		"not tried":   {dev.Target{Name: "bot", Health: dev.Unknown}, nil, ""},
		"up":          {target(dev.Healthy, 200, "200", 13, 12, 0), nil, "up since 14:32:00: 12 of 13 attempts answered 2xx, last: 200 in 38ms at 14:34:50"},
		"failing":     {target(dev.Failing, 500, "500", 4, 1, 3), nil, "failing since 14:32:00: 3 times in a row, last: 500 in 38ms at 14:34:50"},
		"once":        {target(dev.Failing, 500, "exit 1", 1, 0, 1), nil, "failing since 14:32:00: once, last: exit 1 in 38ms at 14:34:50"},
		"no answer":   {target(dev.Failing, 0, "", 1, 0, 2), nil, "failing since 14:32:00: 2 times in a row, last: no answer after 38ms at 14:34:50"},
		"away":        {target(dev.Away, 0, "", 1, 0, 1), nil, "not listening since 14:32:00; last tried at 14:34:50"},
		"has stopped": {target(dev.Healthy, 200, "200", 1, 1, 0), map[string]bool{"bot": false}, "nothing listens there now; the last attempt: 200 in 38ms at 14:34:50"},
	} {
		f := screen.Frame{Now: now, State: &dev.State{Ports: tt.ports}}
		if got := HealthText(&tt.target, f); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
