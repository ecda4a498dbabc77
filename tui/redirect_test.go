package tui

import (
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/tui/describe"
)

// TestRedirectIsExplained shows the answer of a handler that points elsewhere.
func TestRedirectIsExplained(t *testing.T) {
	s := day()
	d := delivered(307, 3)
	d.URL = "http://127.0.0.1:8000/webhooks"
	d.ResponseHeader = []event.Field{{Name: "Location", Value: "/webhooks/\x1b[2J"}}
	s.extra[len(s.extra)-1].deliveries = []event.Delivery{d}
	for _, keys := range [][]string{{"k"}, {"k", "enter", "3"}} {
		m := newTestModel(t, s, 140, 30)
		press(m, keys...)
		text := strings.Join(strings.Fields(screenText(m)), " ")
		for _, want := range []string{"redirects to", "does not follow redirects", "use that address as the target", "a redirect (hfhook does not follow redirects)"} {
			if len(keys) == 3 && strings.HasPrefix(want, "a redirect (") {
				continue // the status line is the attempt's
			}
			if !strings.Contains(strings.ReplaceAll(text, "│ ", ""), want) {
				t.Errorf("after %v: no %q:\n%s", keys, want, screenText(m))
			}
		}
	}
	if text, ok := describe.Replayed(fakeID(1), []event.Delivery{d}, nil); ok || !strings.Contains(text, "does not follow redirects") {
		t.Errorf("a replay says %q, ok %v", text, ok)
	}
}
