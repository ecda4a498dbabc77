package tui

import (
	"slices"
	"strings"
	"testing"
)

// TestDiffOfAnEditedCopy compares it with what it was made of, whatever its kind.
func TestDiffOfAnEditedCopy(t *testing.T) {
	s := day()
	original := fakeID(2)
	if _, err := s.Edit(t.Context(), original, []byte(`{"event":{"action":"update","scope":"repo"}}`)); err != nil {
		t.Fatal(err)
	}
	m := newTestModel(t, s, 140, 30)
	press(m, "G", "k", "5")
	if text := screenText(m); !strings.Contains(text, "B  "+original.Short()) || !strings.Contains(text, "the original") {
		t.Errorf("no diff with the original:\n%s", text)
	}
}

// TestDiffWithNothing offers no key that would change nothing.
func TestDiffWithNothing(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "enter", "5")
	if text := screenText(m); !strings.Contains(text, "No earlier event") || strings.Contains(text, "z equal") || strings.Contains(text, "text diff") {
		t.Errorf("keys without an effect are offered:\n%s", text)
	}
}

// TestForeignLabelsInASCII: what a label has cut off is told by a mark, too.
func TestForeignLabelsInASCII(t *testing.T) {
	s := day()
	e := plainEvent(0)
	e.row.Label = "push convert/…"
	s.add(e)
	m := newTestModel(t, s, 100, 30)
	m.theme = newTheme(true, true)
	if text := screenText(m); !strings.Contains(text, "push conve~ ") {
		t.Errorf("the label is not in ASCII:\n%s", text)
	}
}

// TestTextDiffIsByOneKey: t, unless the same key is needed for the tunnel, which is in
// trouble beside the list.
func TestTextDiffIsByOneKey(t *testing.T) {
	for _, tt := range []struct {
		session func() *fake
		open    string
		key     string
	}{{day, "enter", "t"}, {day, "tab", "t"}, {down, "enter", "t"}, {down, "tab", "ctrl+t"}} {
		m := newTestModel(t, tt.session(), 100, 30)
		press(m, "k", "k", "k", "k", "k", tt.open, "5")
		if _, shown := m.theme.footer(m.keys(), 200); !slices.ContainsFunc(shown, func(b binding) bool { return b.action == actAsText && b.label == tt.key }) {
			t.Errorf("after %s the footer does not offer %s", tt.open, tt.key)
		}
		if press(m, tt.key); !m.root.detail.compare.asText {
			t.Errorf("after %s, %s does nothing", tt.open, tt.key)
		}
	}
}
