package tui

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"hfhook/tui/style"
)

// allowed are the escape sequences of a frame: colours and links.
var allowed = regexp.MustCompile("\x1b\\[[0-9;:]*m|\x1b\\]8;[^\x1b\a]*(\x1b\\\\|\a)")

// checkFrame fails where a frame is not exactly the terminal, or holds what could do
// something to it.
func checkFrame(m *model) error {
	lines := m.lines()
	if len(lines) != m.h {
		return fmt.Errorf("%d lines at %dx%d", len(lines), m.w, m.h)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > m.w {
			return fmt.Errorf("line %d is %d wide at %dx%d: %q", i, w, m.w, m.h, line)
		}
		text := allowed.ReplaceAllString(line, "")
		if !utf8.ValidString(text) {
			return fmt.Errorf("line %d at %dx%d is not UTF-8: %q", i, m.w, m.h, line)
		}
		for _, r := range text {
			if !unicode.IsGraphic(r) {
				return fmt.Errorf("line %d at %dx%d holds %U: %q", i, m.w, m.h, r, line)
			}
		}
		if strings.Contains(text, canary) {
			return fmt.Errorf("line %d at %dx%d holds the secret", i, m.w, m.h)
		}
	}
	if title := m.title(); strings.ContainsFunc(title, unicode.IsControl) {
		return fmt.Errorf("the title is %q", title)
	}
	return nil
}

var anyKeys = []string{"j", "k", "g", "G", "pgup", "pgdown", "tab", "left", "right", "enter", "esc", "1", "2", "3", "4", "5", "E", "/", "N", "o", "Y", "c", "z", "b", "x", "L", ":", ",", "!", "X", "space", "V", "R", "s", "F", "[", "]", "?", "n", "y", "r", "h", "t", "l", "home", "end", "backspace", "delete", "u", "m", "M", "A", "{", "}", "v", "O", "D", "a", "x", "ctrl+l", "e", "a", "p", "ctrl+s", "=", "H", "K"}

// wander sends sizes and keys at random and checks each frame.
func wander(t *testing.T, m *model, r *rand.Rand, steps int) {
	t.Setenv("TMPDIR", t.TempDir()) // a key begins to edit
	t.Chdir(t.TempDir())            // and one to export
	for range steps {
		var did string
		if r.IntN(3) == 0 {
			size := tea.WindowSizeMsg{Width: 1 + r.IntN(250), Height: 1 + r.IntN(80)}
			did = fmt.Sprint(size)
			send(m, size)
		} else {
			did = anyKeys[r.IntN(len(anyKeys))]
			press(m, did)
		}
		if err := checkFrame(m); err != nil {
			t.Fatalf("after %s: %v", did, err)
		}
	}
}

func TestFrameIsExactlyTheTerminal(t *testing.T) {
	sessions := []func() *fake{day, fresh, down, hostile, pendingDay, scanned, gappy}
	for i, session := range sessions {
		for _, ascii := range []bool{false, true} {
			m := newTestModel(t, session(), 100, 30)
			m.theme = style.NewTheme(true, ascii)
			wander(t, m, rand.New(rand.NewPCG(uint64(i), 7)), 120)
		}
	}
}

func TestEverySize(t *testing.T) {
	for _, session := range []func() *fake{down, fresh, hostile} {
		m := newTestModel(t, session(), 100, 30)
		// Every border between two layouts, and what lies on both sides of it.
		for _, w := range []int{1, 2, 7, 39, 40, 41, 59, 60, 61, 71, 72, 99, 100, 101, 160, 250} {
			for _, h := range []int{1, 2, 3, 9, 10, 11, 12, 13, 15, 16, 17, 21, 22, 30, 80} {
				m.Update(tea.WindowSizeMsg{Width: w, Height: h})
				if err := checkFrame(m); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add("plain", uint8(100), uint8(30), uint64(1))
	f.Add("\x1b[2J\u202e\u200d日本語\xff\r\n\t", uint8(60), uint8(20), uint64(2))
	f.Add(`{"a":[1,{"b":"\u001b[31m"}],"comment":{"content":"x\ny"}}`, uint8(40), uint8(10), uint64(3))
	f.Fuzz(func(t *testing.T, text string, w, h uint8, seed uint64) {
		s := day()
		for i := range s.extra {
			e := &s.extra[i]
			e.row.Label, e.row.Subject, e.row.Repo, e.body = text, text, text, text
			for k := range e.deliveries {
				e.deliveries[k].ResponseBody, e.deliveries[k].Err, e.deliveries[k].URL = []byte(text), text, text
			}
		}
		s.state.Rejected[0].Detail, s.state.Rejected[0].Path = text, text
		s.state.Project, s.state.HookURL, s.state.Secret.Source = text, text, text
		m := newTestModel(t, s, 1+int(w), 1+int(h)%80)
		if err := checkFrame(m); err != nil {
			t.Fatal(err)
		}
		wander(t, m, rand.New(rand.NewPCG(seed, 1)), 20)
	})
}

// TestTreeFillsTheRoomAgain makes the terminal small and large again: what has gone out of
// sight at the top comes back.
func TestTreeFillsTheRoomAgain(t *testing.T) {
	for _, keys := range [][]string{{"k", "k", "k", "k", "k", "enter", "E", "G"}, {"k", "k", "k", "k", "k", "e", "G"}} {
		m := newTestModel(t, day(), 100, 60)
		press(m, keys...)
		before := screenText(m)
		for _, size := range []struct{ w, h int }{{40, 10}, {20, 5}, {60, 20}, {100, 60}} {
			send(m, tea.WindowSizeMsg{Width: size.w, Height: size.h})
			screenText(m)
		}
		if after := screenText(m); after != before {
			t.Errorf("after %v it was\n%s\nand is\n%s", keys, before, after)
		}
	}
}
