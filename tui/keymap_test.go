package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestEveryActionHasAName(t *testing.T) {
	seen := map[string]action{}
	for i := range keyTable {
		name := keyTable[i].name
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("the action %d (%s) has the name %q in keymap.go", i, keyTable[i].help, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("%q is action %d and %d", name, other, i)
		}
		seen[name] = action(i)
	}
}

func TestShippedKeysAreKeys(t *testing.T) {
	for _, b := range keyTable {
		for _, key := range b.keys {
			if why := noKey(key); why != "" {
				t.Errorf("%q (%s): %s", key, b.help, why)
			}
		}
	}
}

func TestKeymapCheck(t *testing.T) {
	for _, tt := range []struct {
		keys Keymap
		want string // part of the reason; empty: it is good
	}{
		{nil, ""},
		{Keymap{"replay": {"ctrl+r", "f5"}}, ""},
		{Keymap{"up": {"B"}, "down": {"s"}, "set": {"f8"}, "push-secret": {"f9"}, "scenarios": {"f10"}}, ""},
		{Keymap{"new-event": {"r"}, "replay": {"n"}}, "next-match"},
		{Keymap{"follow": {"!"}, "rejected": {"F"}}, ""}, // swapped
		{Keymap{"down": {"s"}}, "is the key of"},
		{Keymap{"replay": {"n"}}, "is the key of new-event"},
		{Keymap{"forget": {"r"}}, ""}, // nowhere together
		{Keymap{"reply": {"r"}}, "no such action"},
		{Keymap{"replay": {}}, "needs a key"},
		{Keymap{"replay": {"ctrl+"}}, "no key"},
		{Keymap{"replay": {"rr"}}, "no key"},
		{Keymap{"replay": {"ctrl+i"}}, "send tab"},
		{Keymap{"replay": {"\x1b"}}, "no key"},
		{Keymap{"quit": {"f"}, "back": {"f"}}, "both can be meant"},
	} {
		err := tt.keys.Check()
		if wrong := (*KeymapError)(nil); err != nil && !errors.As(err, &wrong) {
			t.Errorf("%v: the error is a %T", tt.keys, err)
		}
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %q", tt.keys, err, tt.want)
		}
	}
}

// offered are the keys of each screen that the tests reach.
func offered(t *testing.T) [][]binding {
	var all [][]binding
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
	told := map[[2]action]bool{}
	for _, bindings := range offered(t) {
		for _, a := range bindings {
			for _, b := range bindings {
				pair := [2]action{min(a.action, b.action), max(a.action, b.action)}
				if a.action.places()&b.action.places() == 0 && !told[pair] {
					told[pair] = true
					t.Errorf("%s and %s are offered together, and share no place in keymap.go", a.name, b.name)
				}
			}
		}
	}
}

func TestKeymapReachesKeysFooterAndHelp(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	m.opts.Keys = Keymap{"help": {"f1"}, "up": {"B", "up"}, "replay": {"ctrl+r"}}
	if err := m.opts.Keys.Check(); err != nil {
		t.Fatal(err)
	}
	before := m.root.list.at
	press(m, "B")
	if m.root.list.at != before-1 {
		t.Error("B does not move up")
	}
	press(m, "k")
	if m.root.list.at != before-1 {
		t.Error("k still moves up")
	}
	if footer, _ := m.theme.footer(m.keys(), m.w); !strings.Contains(footer, "ctrl+r") || !strings.Contains(footer, "f1") {
		t.Errorf("the footer is %q", footer)
	}
	press(m, "B", "B", "B", "f1")
	if got := screenText(m); !strings.Contains(got, "ctrl+r    replay now") || !strings.Contains(got, "B↑ ↓j") {
		t.Errorf("the help:\n%s", got)
	}
	press(m, "B")
	if got := screenText(m); !strings.Contains(got, "search: B") {
		t.Errorf("a letter of the map is not typed:\n%s", got)
	}
	press(m, "esc", ":", "B")
	if got := screenText(m); !strings.Contains(got, "B"+m.theme.mark.caret) {
		t.Errorf("a letter of the map is not typed:\n%s", got)
	}
	if i := slices.IndexFunc(m.keys(), func(b binding) bool { return b.action == actUp }); i < 0 || !slices.Equal(m.keys()[i].keys, []string{"up"}) {
		t.Error("up is lost where letters are typed")
	}
}

func TestTheme(t *testing.T) {
	for _, tt := range []struct {
		theme Theme
		want  string
	}{
		{Theme{}, ""},
		{Theme{Background: "light", Colors: map[string]string{"ok": "#57c267", "failed": "bright red", "dim": "245", "link": "none"}}, ""},
		{Theme{Background: "blue"}, "none of dark"},
		{Theme{Colors: map[string]string{"okay": "red"}}, "no such colour"},
		{Theme{Colors: map[string]string{"ok": "256"}}, "no colour"},
		{Theme{Colors: map[string]string{"ok": "#12"}}, "no colour"},
		{Theme{Colors: map[string]string{"ok": "\x1b[2J"}}, "no colour"},
	} {
		err := tt.theme.Check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %q", tt.theme, err, tt.want)
		}
	}
	chosen := Theme{Background: "light", Colors: map[string]string{"ok": "#010203", "link": "none"}}
	light, dark := chosen.theme(true, false, false), Theme{}.theme(true, false, false)
	if light.failed == dark.failed || light.ok.on != "\x1b[38;2;1;2;3m" || light.link.on != "" {
		t.Errorf("got %+v", light)
	}
}

// TestSentencesNameTheKeysOfTheMap: a key that is named in passing is the user's, too.
func TestSentencesNameTheKeysOfTheMap(t *testing.T) {
	chosen := Keymap{"retry-tunnel": {"f7"}, "drop-tunnel": {"f8"}, "copy": {"f9"}, "new-event": {"f10"}, "last": {"f11"}, "history": {"f12"}}
	if err := chosen.Check(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		session func() *fake
		want    []string
	}{{down, []string{"f7 retry now", "f8 go on without", "f9 copy"}}, {fresh, []string{"f9  copy URL", "f10  send a synthetic"}}} {
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
	m.opts.Keys = Keymap{"help": {"f12"}}
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
	if _, still := m.top().(*help); still {
		t.Error("f12 does not close the help")
	}
}
