package tui

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// aCommand is how commands look on the screen.
var aCommand = regexp.MustCompile(`\bhfhook (ls|show|tail|replay|edit|diff|trigger|held|pin|note|rm|export|open|webhooks|secret|config|doctor|dev|help)\b`)

// TestEveryActionShowsItsCommand carries out each action that has a command, wherever it
// is offered, and answers what it asks: the command stands in the status line, or on the
// screen that was opened, or y copies it.
func TestEveryActionShowsItsCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	copies := func(m *model) bool {
		return slices.ContainsFunc(m.keys(), func(b keymap.Binding) bool {
			return b.Action == keymap.ActCopyCommand || b.Action == keymap.ActCopyFilter
		})
	}
	for _, r := range everyScreen() {
		m, _ := r.start(t, 100, 30)
		for _, b := range m.keys() {
			general := screen.About(m.top(), b.Command, m.frame())
			if general == "" || strings.Contains(general+" ", " ID ") && m.root.Detail.Item.Row == nil {
				continue // it is done to something that no command knows
			}
			t.Run(r.name+"/"+b.Name, func(t *testing.T) {
				m, _ := r.start(t, 100, 30)
				m.did = ""
				press(m, b.Keys[len(b.Keys)-1])
				for range 4 {
					if m.did != "" || aCommand.MatchString(screenText(m)) || copies(m) {
						return
					}
					switch m.top().(type) {
					case *screen.Prompt:
						press(m, "x", "enter")
					case *screen.Menu:
						press(m, "end", "enter")
					default:
						press(m, "y")
					}
				}
				t.Errorf("no command is shown after it:\n%s", screenText(m))
			})
		}
	}
}

// TestTheLastCommandIsCopied presses y, and ctrl+y where that is for something else, on
// each screen after something was done that a command does too.
func TestTheLastCommandIsCopied(t *testing.T) {
	for _, tt := range []struct {
		session func() *fake
		keys    []string
		want    string
	}{
		{targeted, []string{"T", "down", "s", "y"}, "hfhook held audit --deliver"},
		{targeted, []string{"T", "down", "X", "d", "y"}, "hfhook held audit --drop"},
		{targeted, []string{"T", "delete", "y"}, "hfhook dev 8000 8001,when=scope:repo --exec ./job.sh"},
		{targeted, []string{"T", "a", "8", "0", "enter", "y"}, "hfhook dev 8000 8001,when=scope:repo --exec ./job.sh"},
		{targeted, []string{"T", "e", "enter", "ctrl+y"}, "hfhook dev 8000 8001,when=scope:repo --exec ./job.sh"},
		{hooked, []string{"w", "v", "y"}, "hfhook doctor"},
		{hooked, []string{"w", "ctrl+r", "y"}, "hfhook webhooks ls"},
		{hooked, []string{"w", "O", "y"}, "hfhook open hub --webhook 6390e855e30d9209411de93b"},
		{down, []string{"t", "t", "ctrl+y"}, "hfhook dev --tunnel ngrok"},
		{down, []string{"t", "0", "ctrl+y"}, "hfhook dev --tunnel none"},
		{down, []string{"k", "t", "a", "x", "enter", "enter", "ctrl+y"}, "NGROK_AUTHTOKEN=TOKEN hfhook dev"},
		{day, []string{"k", "r", "L", "y"}, "hfhook replay " + string(fakeID(7)) + " --to http://127.0.0.1:8000/webhooks"},
		{day, []string{"k", "m", "a", "enter", "ctrl+y"}, "hfhook pin " + string(fakeID(7)) + " a"},
		{day, []string{"g", "space", "space", "m", "a", "enter", "ctrl+y"}, "hfhook pin " + string(fakeID(0)) + " a-1 && hfhook pin " + string(fakeID(1)) + " a-2"},
		{day, []string{"k", "m", "a", "enter", "u", "ctrl+y"}, "hfhook pin " + string(fakeID(7)) + " --off"},
		{day, []string{"k", "M", "h", "i", "enter", "ctrl+y"}, "hfhook note " + string(fakeID(7)) + " hi"},
		{day, []string{"k", "delete", "ctrl+y"}, "hfhook rm " + string(fakeID(7))},
		{day, []string{"k", "x", "down", "right", "enter", "ctrl+y"}, "hfhook export " + string(fakeID(7)) + " --as curl"},
		{day, []string{"k", "y", "b", "ctrl+y"}, "hfhook show " + string(fakeID(7)) + " --raw"},
		{day, []string{"y", "s", "ctrl+y"}, "hfhook secret copy"},
		{day, []string{"k", "k", "enter", "y", "ctrl+y"}, "hfhook show " + string(fakeID(6)) + " --raw | jq -r '.comment.content'"},
		{day, []string{"k", "k", "k", "k", "k", "enter", "3", "c", "y"}, "hfhook diff " + string(fakeID(4)) + " --attempts 1,2"},
		{day, []string{"k", "O", "ctrl+y"}, "hfhook open hub --webhook 6390e855e30d9209411de93b"},
		{withSaved, []string{"/", "p", "r", ":", "1", "ctrl+s", "a", "b", "enter", "esc", "esc", "ctrl+y"}, "hfhook ls --save ab -- pr:1"},
		{day, []string{"k", ":", "r", "e", "p", "l", "a", "y", " ", "n", "ctrl+y"}, "hfhook replay " + string(fakeID(7))},
		{targeted, []string{"T", "down", ":", "d", "r", "o", "p", "ctrl+y"}, "hfhook held audit --drop"},
		{served, []string{"k", "r", "H", "y"}, "hfhook replay " + string(fakeID(7)) + " --to http://127.0.0.1:8000/webhooks"},
	} {
		m := newTestModel(t, tt.session(), 100, 30)
		copied := ""
		m.ask.Clip = screen.Clipboard{Native: func(s string) error { copied = s; return nil }}
		press(m, tt.keys...)
		if copied != tt.want {
			t.Errorf("%v copies %q, want %q\n%s", tt.keys, copied, tt.want, screenText(m))
		}
	}
}
