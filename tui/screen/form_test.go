package screen

import (
	"fmt"
	"strings"
	"testing"

	"hfhook/tui/keymap"
	"hfhook/tui/style"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// TestInputAcceptsEveryKey presses every key with which text is edited, wherever the caret is.
func TestInputAcceptsEveryKey(t *testing.T) {
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

// TestFormKeys presses the keys of a form on each kind of field.
func TestFormKeys(t *testing.T) {
	t.Parallel()
	form := Form{Fields: []Field{
		TextField("text", "hint", 10), ChoiceField("choice", "a", "b", "c"), SwitchField("switch", "do it"), ScreenField("screen", ""), OpenField("open", 10),
	}}
	form.Fields[4].Choices = []string{"one", "another"}
	state := func() string {
		f := form.Fields
		return fmt.Sprintf("%s at %d: %q %q %v %q", f[form.At].Name, form.At, f[0].Value(), f[1].Value(), f[2].On, f[4].Value())
	}
	for _, step := range []struct{ keys, want string }{
		{"x y", `text at 0: "xy" "a" false "one"`},
		{"left left z j", `text at 0: "zjxy" "a" false "one"`}, // they move the caret, and write
		{"shift+tab", `open at 4: "zjxy" "a" false "one"`},
		{"l q", `open at 4: "zjxy" "a" false "q"`},
		{"left", `open at 4: "zjxy" "a" false "one"`},
		{"tab down", `choice at 1: "zjxy" "a" false "one"`},
		{"right right h", `choice at 1: "zjxy" "b" false "one"`},
		{"left left", `choice at 1: "zjxy" "c" false "one"`},
		{"j space", `switch at 2: "zjxy" "c" true "one"`},
		{"space j right", `screen at 3: "zjxy" "c" false "one"`},
		{"k k k", `text at 0: "zjxy" "c" false "one"`},
	} {
		for key := range strings.FieldsSeq(step.keys) {
			action, bound := keymap.Pressed(form.Keys("send", "cancel"), key)
			if bound && form.Do(action) {
				continue
			}
			code, ok := map[string]rune{"left": tea.KeyLeft, "right": tea.KeyRight}[key]
			if msg := (tea.KeyPressMsg{Code: code}); ok {
				form.Write(msg)
				continue
			}
			form.Write(tea.KeyPressMsg{Code: []rune(key)[0], Text: key})
		}
		if got := state(); got != step.want {
			t.Errorf("%s: %s, want %s", step.keys, got, step.want)
		}
	}
	if form.At = 3; form.Do(keymap.ActMark) {
		t.Error("space on a field with a screen is left to the form")
	}
}

// TestFormView draws a form with less and less room: the field that has the keys, and what is
// chosen of it, is always there.
func TestFormView(t *testing.T) {
	t.Parallel()
	theme := style.NewTheme(true, false)
	for _, w := range []int{20, 40, 100} {
		for h := 1; h < 20; h++ {
			for at := range 3 {
				as := ChoiceField("as", "curl", "httpie", "har", "json")
				as.Chosen, as.Notes = 2, []string{"", "the same", "an archive", "all of it"}
				form := Form{At: at, Fields: []Field{TextField("to", "8000", 10), as, TextField("name", "", 10)}}
				form.Fields[0].About = "a port, host:port or URL\nor a command"
				lines := form.View(theme, w, h)
				text := ansi.Strip(strings.Join(lines, "\n"))
				if want := []string{"to", "har", "name"}[at]; len(lines) > h || !strings.Contains(text, want) {
					t.Errorf("%dx%d, field %d: there is no %s, or too much:\n%s", w, h, at, want, text)
				}
			}
		}
	}
}
