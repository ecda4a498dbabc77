package tui

import (
	"strings"
	"testing"

	"hfhook/tunnel"
)

// TestMissingAuthtokenIsTypedIn: an export does nothing for a program that runs.
func TestMissingAuthtokenIsTypedIn(t *testing.T) {
	for _, w := range []int{100, 60} {
		s := down()
		s.state.Tunnel.Phase = tunnel.Down
		s.state.Tunnel.Problem = &tunnel.Problem{Message: "ngrok needs an authtoken", Fix: "copy it from https://dashboard.ngrok.com/get-started/your-authtoken into NGROK_AUTHTOKEN", Fatal: true}
		if text := screenText(newTestModel(t, s, w, 30)); !strings.Contains(text, "Press t to paste ") {
			t.Errorf("%d cells: what to press is not said:\n%s", w, text)
		}
		s.state.Tunnel.Problem.Fix = "stop the other agent"
		if text := screenText(newTestModel(t, s, w, 30)); !strings.Contains(text, "then press t.") || strings.Contains(text, "to paste") {
			t.Errorf("%d cells: another problem:\n%s", w, text)
		}
	}
}
