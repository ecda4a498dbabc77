package tui

import (
	"strings"
	"testing"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/tunnel"
)

// TestTunnelInTheHeader: lost is said of a tunnel that was up in this run, and one that nobody
// has set up is not in trouble.
func TestTunnelInTheHeader(t *testing.T) {
	problem := &tunnel.Problem{Message: "no"}
	lost := noon.Add(-42 * time.Second)
	for name, tt := range map[string]struct {
		is   tunnel.State
		want string
	}{
		"lost, waiting":      {tunnel.State{Phase: tunnel.Waiting, Lost: lost, Problem: problem}, "✗ tunnel lost 42s"},
		"lost, connecting":   {tunnel.State{Phase: tunnel.Connecting, Lost: lost, Problem: problem}, "✗ tunnel lost 42s"},
		"lost for good":      {tunnel.State{Phase: tunnel.Down, Lost: lost, Problem: problem}, "✗ tunnel lost 42s"},
		"never up, waiting":  {tunnel.State{Phase: tunnel.Waiting, Problem: problem}, "! no tunnel yet"},
		"never up, for good": {tunnel.State{Phase: tunnel.Down, Problem: problem}, "✗ no tunnel"},
		"not set up":         {tunnel.State{Phase: tunnel.Down, Problem: &tunnel.Problem{Message: "no", Fatal: true, Unset: true}}, "○ no tunnel"},
		"off":                {tunnel.State{Phase: tunnel.Off}, "○ no tunnel"},
	} {
		for _, size := range sizes {
			s := day()
			s.state.Started, s.state.Offline = noon.Add(-5*time.Minute), noon.Add(-48*time.Hour)
			tt.is.Provider, tt.is.Retry = "ngrok", noon.Add(time.Second)
			s.state.Tunnel = tt.is
			if tt.is.Lost.IsZero() {
				s.state.HookURL = ""
			}
			m := newTestModel(t, s, size.w, size.h)
			if line := strings.Split(screenText(m), "\n")[0]; !strings.Contains(line, tt.want) {
				t.Errorf("%s, %d cells: %q, want %q", name, size.w, line, tt.want)
			}
		}
	}
}

// TestUnwellIsAlwaysInTheHeader: there is no width at which a part that needs somebody is left
// out, and none at which the URL pushes it out.
func TestUnwellIsAlwaysInTheHeader(t *testing.T) {
	long := "https://" + strings.Repeat("long-name-", 12) + "example.com/webhooks"
	for name, tt := range map[string]struct {
		change func(*dev.State)
		want   string
	}{
		"the handler": {func(st *dev.State) {
			st.Targets[0].Health, st.Targets[0].Status, st.Targets[0].Result, st.Targets[0].InARow = dev.Failing, 500, "500", 3
		}, "✗ :8000 500 ×3"},
		"the secret":         {func(st *dev.State) { st.Secret.Bad = 2 }, "✗ 2 wrong secrets"},
		"the store":          {func(st *dev.State) { st.Store.Err, st.Store.Short = "x", "damaged" }, "✗ store: damaged"},
		"no verification":    {func(st *dev.State) { st.Secret = dev.Secret{} }, "! secret not checked"},
		"a webhook":          {func(st *dev.State) { st.Hub.Hooks[0].State = hub.Suspended }, "✗ webhook suspended"},
		"a webhook disabled": {func(st *dev.State) { st.Hub.Hooks[0].State = hub.Disabled }, "! webhook disabled"},
	} {
		for w := 40; w <= 140; w += 10 {
			s := day()
			s.state.Secret.Bad, s.state.HookURL = 0, long
			s.state.Hub = &lease.State{User: "me", Read: noon, Hooks: []lease.Hook{{Here: true, Webhook: hub.Webhook{ID: "h", State: hub.Enabled}}}}
			tt.change(&s.state)
			m := newTestModel(t, s, w, 24)
			if line := strings.Split(screenText(m), "\n")[0]; !strings.Contains(line, tt.want) {
				t.Errorf("%s, %d cells: %q, want %q", name, w, line, tt.want)
			}
		}
	}
}
