package tui

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPalette does by words what the keys do.
func TestPalette(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", ":", "r", "e", "p", "l", "enter")
	if diff := cmp.Diff([]string{"replay " + string(fakeID(7))}, s.called()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	press(m, ":", "s", "e", "t", "t", "enter")
	if m.top().Name() != "settings" || len(m.stack) != 2 {
		t.Errorf("%s is on top of %d screens", m.top().Name(), len(m.stack))
	}
	// An action that is no longer possible is not done.
	press(m, "esc", "k", "enter", ":", "v", "a", "l", "u")
	m.root.Detail.Event, m.root.Detail.Tree, m.root.Detail.Err = nil, nil, errors.New("deleted")
	press(m, "enter", "esc")
	if len(m.stack) != 1 {
		t.Errorf("%d screens", len(m.stack))
	}
	press(m, ":", "q", "q", "q")
	if !strings.Contains(screenText(m), "No matches") {
		t.Errorf("not said that nothing fits:\n%s", screenText(m))
	}
	press(m, "enter", "esc")
	if len(m.stack) != 1 {
		t.Errorf("%s is still there", m.top().Name())
	}
}

// TestLogKeepsResults sees that what the status line showed is in the log, among what
// hfhook noted.
func TestLogKeepsResults(t *testing.T) {
	s := noted()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "r", "y", "u", "L")
	text := screenText(m)
	for _, want := range []string{"200 in 38ms from :8000", "copied the public URL", "record 29"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	press(m, "g")
	if !strings.Contains(screenText(m), "record 0 ") {
		t.Errorf("g does not lead to the oldest:\n%s", screenText(m))
	}
}
