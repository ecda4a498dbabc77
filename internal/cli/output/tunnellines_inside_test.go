package output

import (
	"strings"
	"testing"
	"time"

	"hfhook/tunnel"
)

// TestTunnelChanges has a tunnel report, and looks at what is said of it.
func TestTunnelChanges(t *testing.T) {
	const url = "https://a.example"
	taken := &tunnel.Problem{Code: "ERR_NGROK_334", Message: "said by the service", Cause: "Another one serves it."}
	away := &tunnel.Problem{Message: "ngrok cannot be reached"}
	fatal := &tunnel.Problem{Message: "revoked", Fatal: true}
	state := func(phase tunnel.Phase, p *tunnel.Problem) tunnel.State {
		return tunnel.State{Phase: phase, URL: url, Problem: p}
	}
	heartbeat := state(tunnel.Up, nil)
	heartbeat.Latency = time.Millisecond
	again := state(tunnel.Waiting, away)
	again.Retry, again.Attempt = time.Now(), 7
	for name, tt := range map[string]struct {
		states []tunnel.State
		want   string // + is said, - is not
	}{
		"idle":               {[]tunnel.State{state(tunnel.Up, nil), heartbeat, heartbeat}, "+--"},
		"a flap":             {[]tunnel.State{state(tunnel.Up, nil), state(tunnel.Connecting, nil), state(tunnel.Up, nil), heartbeat}, "+++-"},
		"a long trouble":     {[]tunnel.State{state(tunnel.Connecting, nil), state(tunnel.Waiting, away), state(tunnel.Connecting, away), again, state(tunnel.Connecting, away), again}, "++----"},
		"two troubles":       {[]tunnel.State{state(tunnel.Waiting, away), state(tunnel.Waiting, taken), state(tunnel.Connecting, taken), again, state(tunnel.Waiting, taken)}, "++---"},
		"the same later":     {[]tunnel.State{state(tunnel.Waiting, away), state(tunnel.Up, nil), state(tunnel.Waiting, away)}, "+++"},
		"for good":           {[]tunnel.State{state(tunnel.Waiting, fatal), state(tunnel.Down, fatal), state(tunnel.Down, fatal)}, "++-"},
		"another URL":        {[]tunnel.State{state(tunnel.Up, nil), {Phase: tunnel.Up, URL: "https://b.example"}}, "++"},
		"a probe that fails": {[]tunnel.State{state(tunnel.Checking, nil), state(tunnel.Checking, away), state(tunnel.Checking, away), state(tunnel.Up, nil)}, "++-+"},
	} {
		var changes TunnelChanges
		var got strings.Builder
		for _, st := range tt.states {
			mark := "-"
			if changes.News(&st, string(st.Phase)) {
				mark = "+"
			}
			got.WriteString(mark)
		}
		if got.String() != tt.want {
			t.Errorf("%s: %s, want %s", name, &got, tt.want)
		}
	}
}

func TestStateLine(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 5, 0, time.UTC)
	known := &tunnel.Problem{Code: "ERR_NGROK_334", Message: "The endpoint is already online.\nERR_NGROK_334", Cause: "Another hfhook or ngrok agent serves this URL."}
	line := NewStateLine(&tunnel.State{Phase: tunnel.Waiting, Retry: at, Problem: known}, "/webhooks")
	if line.Error != known.Cause || line.Cause != "" || line.RetryAt != "2026-11-23T12:00:05.000Z" || line.Code != known.Code {
		t.Errorf("%+v", line)
	}
	unknown := &tunnel.Problem{Code: "ERR_NGROK_99999", Message: "Something new.", Cause: "Somebody stopped it."}
	line = NewStateLine(&tunnel.State{Phase: tunnel.Checking, URL: "https://a.example", Problem: unknown}, "/webhooks")
	if line.State != "connecting" || line.Error != unknown.Message || line.Cause != unknown.Cause || line.RetryAt != "" || line.URL != "https://a.example/webhooks" {
		t.Errorf("%+v", line)
	}
}
