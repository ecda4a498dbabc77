package tui

import (
	"strings"
	"testing"
)

// TestRefusedTextStays sees that a text that is not taken is there to be corrected, and that
// what is typed next goes into it: no letter of a name is a key of the list.
func TestRefusedTextStays(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "k", "k", "k", "k", "m", "b", "o", "t", "!", "1", "enter")
	if text := screenText(m); !strings.Contains(text, "✗ enter a name: a letter") {
		t.Errorf("why the name is not taken is not said:\n%s", text)
	}
	press(m, "backspace", "backspace", "-", "n")
	if text := screenText(m); !strings.Contains(text, "name bot-n▏") || len(s.called()) != 0 {
		t.Errorf("the text is gone:\n%s", text)
	}
	press(m, "enter")
	if got := s.called(); len(got) != 1 || !strings.HasSuffix(got[0], ` "bot-n"`) {
		t.Errorf("called are %q", got)
	}
}
