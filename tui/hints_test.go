package tui

import (
	"strings"
	"testing"
)

// TestKeysBesideThePath sees that the keys for the value under the cursor are told once:
// at the right of its path or, if there is no room, in the footer.
func TestKeysBesideThePath(t *testing.T) {
	for _, tt := range []struct {
		w, h         int
		line, footer string
	}{
		{100, 30, " .comment.content                   y value  Y path  c jq  = filter on this value  s set and replay ", "[ ] older/newer  d diff"},
		{60, 20, " .comment.content      y value  Y path  c jq  = filter  s set ", "r replay  e edit"},
		{40, 12, " .comment.content        y value  Y path ", "r replay"},
	} {
		m := newTestModel(t, day(), tt.w, tt.h)
		press(m, "k", "k", "k", "k", "k", "enter", "g")
		for m.root.Detail.Path() != ".comment.content" {
			press(m, "down", "right")
		}
		lines := strings.Split(screenText(m), "\n")
		if got := lines[tt.h-2]; strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(tt.line), " ") {
			t.Errorf("%dx%d: the status line is %q", tt.w, tt.h, got)
		}
		if got := lines[tt.h-1]; !strings.Contains(got, tt.footer) || strings.Contains(got, "value") {
			t.Errorf("%dx%d: the footer is %q", tt.w, tt.h, got)
		}
	}
}
