package detail

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"hfhook/tui/jsonview"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// TestDeepTree sees that each node shows its name and value, however deep it is, and how
// deep that is.
func TestDeepTree(t *testing.T) {
	th := style.NewTheme(true, false)
	tr := jsonview.NewTree([]byte(strings.Repeat(`{"a":`, 1000) + `"end"` + strings.Repeat(`}`, 1000)))
	tr.UnfoldAll()
	tr.Move(1 << 30)
	for _, w := range []int{20, 40, 60, 100, 250} {
		lines := tr.View(th, jsonview.TreeLook{W: w, H: 5, Wrap: 1}, jsonview.NoRemarks{})
		for i, line := range lines {
			want := "▾ a"
			if i == len(lines)-1 {
				want = `a "end"`
			}
			if text := ansi.Strip(line); !strings.Contains(text, want) || !strings.Contains(text, "+9") || style.Width(text) > w {
				t.Errorf("%d cells: %q", w, text)
			}
		}
	}
	d := Pane{Tree: tr}
	if text := d.Idle(screen.Frame{W: 60}); style.Width(text) > 40 || !strings.HasPrefix(text, ".a.a.") || !strings.HasSuffix(text, ".a.a") {
		t.Errorf("the path is %q", text)
	}
}
