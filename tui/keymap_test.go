package tui

import (
	"slices"
	"strings"
	"testing"

	"hfhook/tui/help"
	"hfhook/tui/keymap"
)

// offered are the keys of each screen that the tests reach.
func offered(t *testing.T) [][]keymap.Binding {
	var all [][]keymap.Binding
	for _, session := range []func() *fake{day, fresh, down, pendingDay} {
		for _, names := range [][]string{nil, {"k"}, {"k", "k", "tab"}, {"k", "k", "enter"}, {"?"}, {"y"}, {"n"}, {"n", "tab"}, {"L"}, {","}, {":"}, {"/"}, {"!"}, {"k", "k", "enter", "2"}, {"k", "k", "enter", "3"},
			{"k", "k", "enter", "4"}, {"k", "k", "enter", "5", "]"}, {"k", "k", "enter", "/", "i", "enter"}, {"k", "k", "enter", "3", "enter"}, {"R"}, {"space", "R"}, {"k", "e"}, {"k", "e", "down"}, {"k", "e", "s"}, {"k", "e", "ctrl+s"}} {
			m := newTestModel(t, session(), 100, 30)
			press(m, names...)
			all = append(all, m.shipped())
		}
	}
	return all
}

// TestActionsThatAreOfferedTogetherShareAPlace: else a map could give both one key.
func TestActionsThatAreOfferedTogetherShareAPlace(t *testing.T) {
	seen := map[[2]keymap.Action]bool{}
	for _, bindings := range offered(t) {
		for _, a := range bindings {
			for _, b := range bindings {
				pair := [2]keymap.Action{min(a.Action, b.Action), max(a.Action, b.Action)}
				if a.Action.Places()&b.Action.Places() == 0 && !seen[pair] {
					seen[pair] = true
					t.Errorf("%s and %s are offered together, and share no place in keymap.go", a.Name, b.Name)
				}
			}
		}
	}
}

func TestKeymapReachesKeysFooterAndHelp(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	m.opts.Keys = keymap.Keymap{"help": {"f1"}, "up": {"B", "up"}, "replay": {"ctrl+r"}}
	if err := m.opts.Keys.Check(); err != nil {
		t.Fatal(err)
	}
	before := m.root.List.At
	press(m, "B")
	if m.root.List.At != before-1 {
		t.Error("B does not move up")
	}
	press(m, "k")
	if m.root.List.At != before-1 {
		t.Error("k still moves up")
	}
	if footer, _ := keymap.Footer(m.theme, m.keys(), m.w); !strings.Contains(footer, "ctrl+r") || !strings.Contains(footer, "f1") {
		t.Errorf("the footer is %q", footer)
	}
	press(m, "B", "B", "B", "f1")
	if got := screenText(m); !strings.Contains(got, "ctrl+r  replay") || !strings.Contains(got, "B↑ ↓j") {
		t.Errorf("the help:\n%s", got)
	}
	press(m, "B")
	if got := screenText(m); !strings.Contains(got, "search: B") {
		t.Errorf("a letter of the map is not typed:\n%s", got)
	}
	press(m, "esc", ":", "B")
	if got := screenText(m); !strings.Contains(got, "B"+m.theme.Mark.Caret) {
		t.Errorf("a letter of the map is not typed:\n%s", got)
	}
	if i := slices.IndexFunc(m.keys(), func(b keymap.Binding) bool { return b.Action == keymap.ActUp }); i < 0 || !slices.Equal(m.keys()[i].Keys, []string{"up"}) {
		t.Error("up is lost where letters are typed")
	}
}

// TestSentencesNameTheKeysOfTheMap: a key that is named in passing is the user's, too.
func TestSentencesNameTheKeysOfTheMap(t *testing.T) {
	chosen := keymap.Keymap{"tunnel": {"f7"}, "copy": {"f9"}, "new-event": {"f10"}, "last": {"f11"}, "history": {"f12"}}
	if err := chosen.Check(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		session func() *fake
		want    []string
	}{{down, []string{"f7 try again, or another way", "f9 copy"}}, {fresh, []string{"f9   Copy URL and secret", "f10  Send a sample event"}}} {
		m := newTestModel(t, tt.session(), 100, 30)
		m.opts.Keys = chosen
		m.restyle()
		for _, want := range tt.want {
			if got := screenText(m); !strings.Contains(got, want) {
				t.Errorf("the screen does not say %q:\n%s", want, got)
			}
		}
	}
}

// TestTheHelpClosesByItsKey: the key that opened it closes it, whichever it is.
func TestTheHelpClosesByItsKey(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	m.opts.Keys = keymap.Keymap{"help": {"f12"}}
	m.restyle()
	press(m, "f12")
	if text := screenText(m); !strings.Contains(text, "esc f12 close") {
		t.Errorf("the key is not told:\n%s", text)
	}
	press(m, "?")
	if text := screenText(m); !strings.Contains(text, "search: ?") {
		t.Errorf("the key of before is still one:\n%s", text)
	}
	press(m, "f12")
	if _, still := m.top().(*help.Screen); still {
		t.Error("f12 does not close the help")
	}
}
