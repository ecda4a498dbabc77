package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tunnel"
)

// spy is a screen that notes which of its keys arrive.
type spy struct {
	screen.Screen
	did []keymap.Action
}

func (s *spy) PrintedBy(f screen.Frame) string {
	if p, ok := s.Screen.(screen.Printed); ok {
		return p.PrintedBy(f)
	}
	return ""
}

func (s *spy) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	s.did = append(s.did, a)
	return s.Screen.Do(a, f)
}

// everyScreen is each screen that there is, in the states that differ in what they
// offer. A screen that is not in it fails a test of its own.
func everyScreen() []step {
	off := func() *fake { s := day(); s.state.Tunnel.Phase = tunnel.Off; return s }
	return []step{
		{"list", day, []string{"k", "k"}},
		{"pane", day, []string{"k", "k", "tab"}},
		{"rejected", day, nil},
		{"gap", gappy, []string{"G"}},
		{"deleted", day, []string{"g", "delete"}},
		{"naming", day, []string{"g", "m", "x"}},
		{"zoomed", day, []string{"g", "z"}},
		{"filter", day, []string{"/", "s", "t"}},
		{"filter saved", withSaved, []string{"/", "p", "r", ":"}},
		{"filter save", withSaved, []string{"/", "b", "ctrl+s", "x"}},
		{"filtered", day, []string{"/", "L", "G", "T", "M", "enter"}},
		{"marked", day, []string{"g", "space", "space"}},
		{"replay", severalTargets, []string{"g", "space", "space", "R"}},
		{"replay pace", day, []string{"g", "space", "space", "R", "down", "down", "down", "right"}},
		{"replay stop", day, []string{"g", "space", "space", "R", "down", "down", "down", "down"}},
		{"replay other", day, []string{"g", "space", "space", "R", "down", "right", "9"}},
		{"dry run", day, []string{"g", "space", "space", "R", "p"}},
		{"rejections", scanned, []string{"!", "up"}},
		{"rejected for its body", func() *fake { return refusedFor(40) }, []string{"!", "G"}},
		{"faults", func() *fake { return refusedFor(40) }, []string{"!", "G", "enter", "down"}},
		{"my secret", scanned, []string{"!", "s", "t", "x"}},
		{"my secret fixed", wrongSecret, []string{"!", "s"}},
		{"my secret kept", wrongSecret, []string{"!", "s", "enter"}},
		{"no rejections", scanned, []string{"!", "X"}},
		{"empty", fresh, nil},
		{"down", down, []string{"k"}},
		{"doctor", day, []string{"D"}},
		{"own url", down, []string{"k", "t", "o", "x"}},
		{"tunnel menu", down, []string{"k", "t"}},
		{"set up", unset, nil},
		{"ssh", unset, []string{"s"}},
		{"authtoken", down, []string{"k", "t", "a", "x"}},
		{"authtoken kept", down, []string{"k", "t", "a", "x", "enter"}},
		{"off", off, []string{"k"}},
		{"payload", day, []string{"k", "k", "enter", "right"}},
		{"deliveries", day, []string{"k", "k", "enter", "3"}},
		{"headers", day, []string{"k", "k", "enter", "2"}},
		{"raw", day, []string{"k", "k", "enter", "4"}},
		{"raw found", day, []string{"k", "k", "enter", "4", "/", "i", "d", "enter"}},
		{"diff", day, []string{"k", "k", "enter", "5", "["}},
		{"pick", day, []string{"k", "k", "enter", "5", "b"}},
		{"response-binary", answeredWith(binaryAnswer), []string{"k", "enter", "3", "enter"}},
		{"response", day, []string{"k", "k", "k", "k", "k", "enter", "3", "enter"}},
		{"finding", day, []string{"k", "k", "enter", "/", "i", "d"}},
		{"found", day, []string{"k", "k", "enter", "/", "i", "d", "enter"}},
		{"save", day, []string{"k", "k", "enter", "4", "S"}},
		{"help", day, []string{"?", "down"}},
		{"all help", day, []string{"?", "tab", "down"}},
		{"palette", day, []string{"k", ":", "r", "e"}},
		{"log", noted, []string{"L", "up"}},
		{"settings", noted, []string{",", "down"}},
		{"handler", served, []string{"H", "up"}},
		{"handler crashed", crashed, []string{"H"}},
		{"copy", day, []string{"y"}},
		{"targets", targeted, []string{"T", "down"}},
		{"no targets", targetless, []string{"T"}},
		{"target", targeted, []string{"T", "e"}},
		{"new target", targeted, []string{"T", "a", "x"}},
		{"target drop", targeted, []string{"T", "down", "X"}},
		{"target remove", targeted, []string{"T", "down", "delete"}},
		{"edit", day, []string{"k", "k", "k", "k", "k", "e", "2"}},
		{"edit a switch", day, []string{"k", "k", "k", "k", "k", "e", "down"}},
		{"edit field", day, []string{"k", "k", "k", "k", "k", "e", "s", "x"}},
		{"edit JSON", day, []string{"k", "k", "k", "k", "k", "e", "up", "up", "s"}},
		{"edit add", day, []string{"k", "k", "k", "k", "k", "e", "a", "x", "=", "1"}},
		{"edit presets", day, []string{"k", "k", "k", "k", "k", "e", "p"}},
		{"edit fixture", day, []string{"k", "k", "k", "k", "k", "e", "m", "x"}},
		{"set", day, []string{"k", "k", "enter", "down", "right", "down", "s", "x"}},
		{"trigger", day, []string{"n"}},
		{"trigger search", day, []string{"n", "m", "e", "r", "g"}},
		{"tunnel", down, []string{"k", "t"}},
		{"trigger fields", day, []string{"n", "tab", "x"}},
		{"hooks", hooked, []string{"w"}},
		{"hooks not ours", hooked, []string{"w", "down"}},
		{"hooks old", hooked, []string{"w", "down", "down"}},
		{"hooks unread", unread, []string{"w"}},
		{"hooks refused", hubRefused, []string{"w"}},
		{"hooks none", hookless, []string{"w"}},
		{"hooks empty", hookFresh, nil},
		{"hook add", hooked, []string{"w", "a", "x"}},
		{"hook edit", hooked, []string{"w", "e"}},
		{"hook change", hooked, []string{"w", "s"}},
		{"hook secret", hooked, []string{"w", "down", "p"}},
		{"hook on quit", hooked, []string{"w", "c"}},
		{"export", day, []string{"g", "space", "space", "x"}},
		{"export file", day, []string{"k", "x", "down", "down"}},
		{"attempts diff", day, []string{"k", "k", "k", "k", "k", "enter", "3", "c", "down"}},
		{"attempts", day, []string{"k", "k", "k", "k", "k", "enter", "3"}},
		{"trigger scenario", pinned, []string{"n", "ctrl+t"}},
		{"trigger pin", pinned, []string{"n", "ctrl+t", "ctrl+t"}},
		{"trigger edit", day, []string{"n", "ctrl+e", "2"}},
		{"trigger print", day, []string{"n", "ctrl+o", "j"}},
	}
}

// TestEveryKeyShownWorks presses what each footer shows, on a model of its own, and
// sees that it reaches an action and changes something or asks the session.
func TestEveryKeyShownWorks(t *testing.T) {
	for _, tt := range everyScreen() {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", tt.name, size.w, size.h), func(t *testing.T) {
				t.Chdir(t.TempDir()) // a key of them saves a file
				t.Setenv("TMPDIR", t.TempDir())
				start := func() (*model, *fake) {
					s := tt.session()
					m := newTestModel(t, s, size.w, size.h)
					press(m, tt.keys...)
					return m, s
				}
				m, _ := start()
				_, shown := keymap.Footer(m.theme, m.keys(), m.w)
				if len(shown) == 0 {
					t.Fatal("the footer shows no key")
				}
				for _, b := range shown {
					for _, key := range b.Keys {
						m, s := start()
						watch := &spy{Screen: m.top()}
						m.stack[len(m.stack)-1] = watch
						before, depth := strings.Join(m.lines(), "\n"), len(m.stack)
						calls := len(s.called())
						_, cmd := m.Update(keyMsg(key))
						quits, leaves := false, false
						for _, msg := range answers(cmd) {
							_, quit := msg.(tea.QuitMsg)
							quits = quits || quit
							leaves = leaves || fmt.Sprintf("%T", msg) == "tea.execMsg" // another program has the terminal
							send(m, msg)
						}
						changed := strings.Join(m.lines(), "\n") != before || len(m.stack) != depth || len(s.called()) != calls || quits || leaves
						if !changed {
							t.Errorf("%q (%s) does nothing", key, b.Word)
						}
						own := slices.ContainsFunc(watch.Keys(m.frame()), func(o keymap.Binding) bool { return o.Action == b.Action })
						if global := b.Action == keymap.ActHelp || b.Action == keymap.ActQuit || b.Action == keymap.ActCopyCommand && !own; !global && !slices.Contains(watch.did, b.Action) {
							t.Errorf("%q (%s) did not reach the screen", key, b.Word)
						}
					}
				}
			})
		}
	}
}

func TestNoKeyHasTwoMeanings(t *testing.T) {
	for _, session := range []func() *fake{day, fresh, down} {
		for _, names := range [][]string{nil, {"k"}, {"k", "tab"}, {"k", "enter"}, {"?"}, {"y"}, {"n"}, {"k", "enter", "2"}, {"k", "enter", "3"}, {"k", "enter", "4"}, {"k", "enter", "5", "["}, {"k", "k", "k", "k", "k", "enter", "3", "space", "down", "space", "5"}, {"k", "k", "k", "k", "k", "tab", "3", "space", "down", "space", "5"},
			{"k", "enter", "/", "i", "enter"}, {"k", "tab", "4", "/", "i", "enter"}, {"k", "tab", "5"}, {"k", "e"}, {"k", "e", "down"}, {"k", "e", "s"}, {"!"}} {
			m := newTestModel(t, session(), 100, 30)
			press(m, names...)
			seen := map[string]keymap.Action{}
			for _, b := range m.keys() {
				for _, key := range b.Keys {
					if other, taken := seen[key]; taken {
						t.Errorf("after %v %q is action %d and %d", names, key, other, b.Action)
					}
					seen[key] = b.Action
				}
			}
		}
	}
}
