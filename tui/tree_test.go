package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"hfhook/payload"
)

// TestDeepTree sees that each node shows its name and value, however deep it is, and how
// deep that is.
func TestDeepTree(t *testing.T) {
	th := newTheme(true, false)
	tr := newTree([]byte(strings.Repeat(`{"a":`, 1000) + `"end"` + strings.Repeat(`}`, 1000)))
	tr.unfoldAll()
	tr.move(1 << 30)
	for _, w := range []int{20, 40, 60, 100, 250} {
		lines := tr.view(th, treeLook{w: w, h: 5, wrap: 1}, noRemarks{})
		for i, line := range lines {
			want := "a {1}"
			if i == len(lines)-1 {
				want = `a "end"`
			}
			if text := ansi.Strip(line); !strings.Contains(text, want) || !strings.Contains(text, "+9") || width(text) > w {
				t.Errorf("%d cells: %q", w, text)
			}
		}
	}
	d := detail{tree: tr}
	if text := d.idle(frame{w: 60}); width(text) > 40 || !strings.HasPrefix(text, ".a.a.") || !strings.HasSuffix(text, ".a.a") {
		t.Errorf("the path is %q", text)
	}
}

// TestWarningsBesideTheirFields sees that none is hidden where there is no room for all of
// them above the tree.
func TestWarningsBesideTheirFields(t *testing.T) {
	s := day()
	e := plainEvent(0)
	e.body = strings.TrimSuffix(commentBody, "}") + `,"a":1,"b":{"c":2},"d":3,"e":4,"f":5,"g":6,"h i":7}`
	_, e.warnings = payload.Check([]byte(e.body))
	s.add(e)
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "enter")
	text := screenText(m)
	for _, want := range []string{" ! and 4 warnings more, beside their fields", "a          1                              ! unknown key", "b          {1}  c  ! unknown key", "h i        7                              ! unknown key"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there:\n%s", want, text)
		}
	}
}
