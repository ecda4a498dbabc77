package tui

import (
	"strings"
	"testing"

	"hfhook/tui/screen"
)

// W groups the failed events; r sends a group again, and what is left of it is said.
func TestCauses(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "W")
	text := screenText(m)
	if m.top().Name() != "failures by cause" || !strings.Contains(text, "500") || !strings.Contains(text, "2 failed events") {
		t.Fatalf("W shows\n%s", text)
	}
	press(m, "j", "k")
	press(m, "enter")
	if !strings.HasPrefix(m.root.List.Text, "is:failed target:") || len(m.root.List.Rows) == 0 {
		t.Errorf("the events of a group are %q, %d", m.root.List.Text, len(m.root.List.Rows))
	}
	press(m, "W", "esc")
	if m.top().Name() != "event list" {
		t.Errorf("esc leads to %s", m.top().Name())
	}
	send(m, screen.ChangedMsg{State: s.State()})
}
