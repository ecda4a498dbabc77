package tui

import (
	"strings"
	"testing"
)

// TestHeaderFields goes through the fields and copies them: never the secret.
func TestHeaderFields(t *testing.T) {
	for _, tt := range []struct {
		keys   []string
		idle   string
		status string
	}{
		{[]string{"y"}, "Content-Type", "✓ copied the value of Content-Type by the terminal"},
		{[]string{"Y"}, "Content-Type", "✓ copied -H 'Content-Type: application/json; charset=utf-8' by the terminal"},
		{[]string{"down", "y"}, "X-Webhook-Secret", "✓ copied the name X-Webhook-Secret: secret values are never copied by the terminal"},
		{[]string{"down", "Y"}, "X-Webhook-Secret", `✓ copied -H "X-Webhook-Secret: $WEBHOOK_SECRET" by the terminal`},
		{[]string{"G", "y"}, "delivery", "✓ copied the value of delivery by the terminal"},
		{[]string{"G", "Y"}, "delivery", "✗ delivery is not a header: y copies it"},
		{[]string{"G", "down", "up", "y"}, "received", "✓ copied the value of received by the terminal"},
		{[]string{"G", "g", "up"}, "Content-Type", "Content-Type"},
	} {
		m := newTestModel(t, day(), 100, 30)
		press(m, "k", "k", "k", "k", "k", "enter", "2")
		press(m, tt.keys...)
		if got := m.root.Detail.Idle(m.frame()); got != tt.idle {
			t.Errorf("%v: the cursor is on %q, want %q", tt.keys, got, tt.idle)
		}
		if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, tt.status) {
			t.Errorf("%v: the status line is %q, want %q", tt.keys, line, tt.status)
		}
	}
}

// TestHeadersScroll sees that the field under the cursor is in sight on a small screen,
// and the way back no longer than the way there.
func TestHeadersScroll(t *testing.T) {
	m := newTestModel(t, day(), 40, 10)
	press(m, "k", "k", "k", "k", "k", "enter", "2")
	first := screenText(m)
	for range 30 {
		press(m, "down")
		if text := screenText(m); !strings.Contains(text, "\n▸") {
			t.Fatalf("no field has the cursor:\n%s", text)
		}
	}
	if text := screenText(m); !strings.Contains(text, "▸delivery") {
		t.Errorf("the last field is not reached:\n%s", text)
	}
	press(m, "g")
	if text := screenText(m); text != first {
		t.Errorf("back at the first:\n%s", text)
	}
}
