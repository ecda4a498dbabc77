package tui

import (
	"strings"
	"testing"
	"time"

	"hfhook/tunnel"
)

// TestDownSince counts from the loss in this run; of a tunnel that never was up from the
// start, however long ago the run before it ended.
func TestDownSince(t *testing.T) {
	for name, tt := range map[string]struct {
		lost time.Time
		want string
	}{
		"lost":     {noon.Add(-42 * time.Second), "TUNNEL DOWN 00:42"},
		"never up": {time.Time{}, "TUNNEL DOWN 05:00"},
	} {
		s := day()
		s.state.Started, s.state.Offline = noon.Add(-5*time.Minute), noon.Add(-48*time.Hour)
		s.state.Tunnel = tunnel.State{Provider: "ssh", Phase: tunnel.Waiting, Since: noon.Add(-time.Second), Retry: noon.Add(time.Second), Lost: tt.lost, Problem: &tunnel.Problem{Message: "no"}}
		m := newTestModel(t, s, 100, 30)
		if line := strings.Split(screenText(m), "\n")[0]; !strings.Contains(line, tt.want) {
			t.Errorf("%s: %q, want %q", name, line, tt.want)
		}
	}
}
