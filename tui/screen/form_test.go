package screen

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestInputBearsEveryKey presses every key with which text is edited, wherever the caret is.
func TestInputBearsEveryKey(t *testing.T) {
	var strokes []tea.KeyPressMsg
	for _, mod := range []tea.KeyMod{0, tea.ModAlt, tea.ModCtrl, tea.ModAlt | tea.ModCtrl, tea.ModShift} {
		for r := 'a'; r <= 'z'; r++ {
			strokes = append(strokes, tea.KeyPressMsg{Code: r, Mod: mod})
		}
		for _, code := range []rune{tea.KeyBackspace, tea.KeyDelete, tea.KeyLeft, tea.KeyRight, tea.KeyUp, tea.KeyDown, tea.KeyHome, tea.KeyEnd, tea.KeySpace, tea.KeyTab} {
			strokes = append(strokes, tea.KeyPressMsg{Code: code, Mod: mod})
		}
	}
	for _, text := range []string{"", " ", "a", "ab", "a ", " a", "a b", "a  b  ", "日本 語", "e\u0301 x"} {
		for at := 0; at <= len([]rune(text)); at++ {
			for _, first := range strokes {
				in := NewInput(10)
				_ = in.Focus()
				in.SetValue(text)
				in.SetCursor(at)
				in, _ = in.Update(first)
				if n := len([]rune(in.Value())); in.Position() > n || n > 10 {
					t.Errorf("%v in %q at %d: the caret is at %d of %q", first, text, at, in.Position(), in.Value())
				}
			}
		}
	}
}
