package tui

import (
	"strings"
	"testing"
)

// TestFindOpensWhatIsFolded goes from match to match, forth and back and round.
func TestFindOpensWhatIsFolded(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "enter", "/", "W", "E", "backspace", "backspace", "w", "e", "b", "enter")
	d := &m.root.Detail
	want := []string{".comment.url.web", ".discussion.url.web", ".repo.url.web", ".webhook"}
	for _, path := range append(want, want[0]) {
		if d.Path() != path {
			t.Errorf("at %s, want %s", d.Path(), path)
		}
		press(m, "n")
	}
	press(m, "N")
	if d.Path() != want[0] {
		t.Errorf("N went to %s", d.Path())
	}
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "web: match 1 of 4") {
		t.Errorf("the status line is %q", line)
	}
	press(m, "esc")
	if d.Search.Text != "" || len(m.stack) != 2 {
		t.Error("esc does not end the search, or leaves the screen too")
	}
	press(m, "y", "/", "q", "q", "q") // and a result does not stand in the way of the question
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "not found") {
		t.Errorf("the status line is %q", line)
	}
	press(m, "esc", "esc")
	if len(m.stack) != 1 {
		t.Error("esc does not leave the screen once nothing is looked for")
	}
}
