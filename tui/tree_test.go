package tui

import (
	"strings"
	"testing"

	"hfhook/payload"
)

// TestWarningsBesideTheirFields sees that none is hidden if there is no room for all of
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
	press(m, "pgdown") // to the last ones
	text += screenText(m)
	for _, want := range []string{" ! and 5 warnings more, beside their fields", "a          1                              ! unknown key", "b          {c}  ! unknown key", "h i        7                              ! unknown key"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there:\n%s", want, text)
		}
	}
}
