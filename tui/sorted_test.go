package tui

import (
	"strings"
	"testing"

	"hfhook/tui/screen"
)

// Z sorts the events that match; ↵ goes to one in the list, and what is new is counted.
func TestSorted(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "Z")
	text := screenText(m)
	if m.top().Name() != "sorted events" || !strings.Contains(text, "Slowest first") || strings.Index(text, "settings") > strings.Index(text, "push main") {
		t.Fatalf("Z shows\n%s", text)
	}
	press(m, "Z")
	if text := screenText(m); !strings.Contains(text, "Largest first") || !strings.Contains(text, "hfhook ls --sort size") {
		t.Errorf("the second Z shows\n%s", text)
	}
	s.extra = append(s.extra, plainEvent(0))
	send(m, screen.ChangedMsg{State: s.State()})
	if text := screenText(m); !strings.Contains(text, "1 new: ctrl+r sorts again") {
		t.Errorf("what is new is not counted:\n%s", text)
	}
	press(m, "Z", "enter")
	if m.top().Name() != "event list" || m.root.List.Follow || m.root.List.Selected.ID != fakeID(5) {
		t.Errorf("↵ leads to %s, %v", m.top().Name(), m.root.List.Selected)
	}
}
