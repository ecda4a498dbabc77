package tui

import (
	"strings"
	"testing"

	"hfhook/tui/keymap"
)

// TestHelpListsTheLettersOfTheCopyMenu that work now, and they do.
func TestHelpListsTheLettersOfTheCopyMenu(t *testing.T) {
	for _, tt := range []struct {
		keys []string
		want string // letters
	}{
		{nil, "u"}, // of a rejected request
		{[]string{"k"}, "bcup"},
		{[]string{"k", "enter", "3"}, "bcu"},
	} {
		m := newTestModel(t, day(), 100, 40)
		press(m, tt.keys...)
		press(m, "?")
		text := screenText(m)
		for _, l := range keymap.CopyLetters {
			shown := strings.Contains(text, "y "+l.Key+"  "+l.Text)
			if want := strings.Contains(tt.want, l.Key); shown != want {
				t.Errorf("after %v %q is told: %v, want %v\n%s", tt.keys, l.Text, shown, want, text)
			}
		}
		for _, key := range tt.want {
			m := newTestModel(t, day(), 100, 40)
			press(m, tt.keys...)
			press(m, "y", string(key))
			if text := screenText(m); !strings.Contains(text, "copied") {
				t.Errorf("after %v y %c copies nothing:\n%s", tt.keys, key, text)
			}
		}
	}
	m := newTestModel(t, day(), 100, 40)
	press(m, "k", "?")
	typed(m, "curl")
	if text := screenText(m); !strings.Contains(text, "y c") {
		t.Errorf("the letter is not found:\n%s", text)
	}
}
