package tui

import (
	"slices"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

// TestDiffOfAnEditedCopy compares it with what it was made of, whatever its kind.
func TestDiffOfAnEditedCopy(t *testing.T) {
	s := day()
	original := fakeID(2)
	if _, err := s.Edit(t.Context(), original, event.Edit{Body: []byte(`{"event":{"action":"update","scope":"repo"}}`)}); err != nil {
		t.Fatal(err)
	}
	m := newTestModel(t, s, 140, 30)
	press(m, "G", "k", "5")
	if text := screenText(m); !strings.Contains(text, "the original, 4m ago") || !strings.Contains(text, original.Short()+" 14:31:40 → ") {
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
	m.theme = style.NewTheme(true, true)
	if text := screenText(m); !strings.Contains(text, "push conve~ ") {
		t.Errorf("the label is not in ASCII:\n%s", text)
	}
}

// TestTextDiffIsByOneKey: t is the tunnel's menu everywhere.
func TestTextDiffIsByOneKey(t *testing.T) {
	for _, tt := range []struct {
		session func() *fake
		open    string
		key     string
	}{{day, "enter", "ctrl+t"}, {day, "tab", "ctrl+t"}, {down, "enter", "ctrl+t"}, {down, "tab", "ctrl+t"}} {
		m := newTestModel(t, tt.session(), 100, 30)
		press(m, "k", "k", "k", "k", "k", tt.open, "5")
		if _, shown := keymap.Footer(m.theme, m.keys(), 200); !slices.ContainsFunc(shown, func(b keymap.Binding) bool { return b.Action == keymap.ActAsText && b.Label == tt.key }) {
			t.Errorf("after %s the footer does not offer %s", tt.open, tt.key)
		}
		if press(m, tt.key); !m.root.Detail.Compare.AsText {
			t.Errorf("after %s, %s does nothing", tt.open, tt.key)
		}
	}
}

// TestDiffOfTheWriting: two bodies that are the same JSON in other bytes are told as that,
// and what differs is shown in the characters that it means.
func TestDiffOfTheWriting(t *testing.T) {
	for _, tt := range []struct{ one, other, want, text string }{
		{`{"a":"caf\u00e9"}`, `{"a":"café"}`, "Only formatting differs", `"caf\u00e9"`},
		{`{"a":1}`, `{"a": 1}`, "Only formatting differs", "Only the spaces differ."},
		{`{"a":"caf\u00e9 1"}`, `{"a":"café 2"}`, `"café 1"`, `"caf\u00e9 1"`},
		{`{"a":"\u202ex"}`, `{"a":"y"}`, `"‹U+202E›x"`, `"\u202ex"`},
	} {
		s := day()
		s.extra[0].body, s.extra[0].row.Scope = tt.one, "x"
		if _, err := s.Edit(t.Context(), fakeID(s.count), event.Edit{Body: []byte(tt.other)}); err != nil {
			t.Fatal(err)
		}
		m := newTestModel(t, s, 140, 30)
		press(m, "G", "k", "enter", "5")
		if text := screenText(m); !strings.Contains(text, tt.want) {
			t.Errorf("%s and %s: no %q:\n%s", tt.one, tt.other, tt.want, text)
		}
		if press(m, "ctrl+t"); !strings.Contains(screenText(m), tt.text) {
			t.Errorf("%s and %s: no %q in the text:\n%s", tt.one, tt.other, tt.text, screenText(m))
		}
	}
}
