package tui

import (
	"slices"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/tui/keymap"
)

// scrolling are screens with more lines than a terminal of 60x12 shows at once, each with the
// keys that bring it away from both ends.
func scrolling() []step {
	long := func() *fake {
		s := incoming()
		for i := range 60 {
			s.extra = append(s.extra, plainEvent(5+i))
		}
		return s
	}
	many := func() *fake { return refusedFor(40) }
	return []step{
		{"list", long, nil},
		{"payload", long, []string{"enter", "E"}},
		{"raw", long, []string{"enter", "4"}},
		{"headers", long, []string{"enter", "2"}},
		{"pane", long, []string{"tab", "E"}},
		{"rejected", scanned, []string{"!"}},
		{"faults", many, []string{"!", "G", "enter"}},
		{"webhooks", hooked, []string{"w"}},
		{"targets", targeted, []string{"T"}},
		{"edit", long, []string{"e"}},
		{"request", day, []string{"k", "R", "i"}},
		{"a whole text", longComment, []string{"k", "enter", "enter"}},
		{"failures by cause", brokenInManyWays, []string{"W"}},
		{"copy menu", day, []string{"k", "k", "y"}},
		{"settings", noted, []string{","}},
		{"log", noted, []string{"L"}},
		{"handler", served, []string{"H"}},
		{"dry run", day, []string{"g", "space", "space", "R", "p"}},
		{"attempts diff", day, []string{"k", "k", "k", "k", "k", "enter", "3", "c"}},
		{"synthetic print", day, []string{"n", "ctrl+o"}},
	}
}

// brokenInManyWays is a session whose events fail each by a cause of its own.
func brokenInManyWays() *fake {
	s := incoming()
	for i := range 20 {
		e := plainEvent(5 + i)
		d := delivered(500+i, 3)
		e.deliveries = []event.Delivery{d}
		s.extra = append(s.extra, e)
	}
	return s
}

// typedOn are screens on which letters are typed: they move by the other keys.
func typedOn() []step {
	return []step{
		{"synthetic", day, []string{"n"}},
		{"palette", day, []string{"k", ":"}},
		{"help", day, []string{"?"}},
	}
}

// TestMotionKeysMoveEverywhere presses each motion key on each screen that scrolls, away from
// its ends, and looks at what moves: the right way, and nothing else happens.
func TestMotionKeysMoveEverywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	const home, end = "g", "G"
	up := []string{"k", "up", "ctrl+u", "ctrl+b", "pgup", home, "home"}
	down := []string{"j", "down", "ctrl+d", "ctrl+f", "pgdown", end, "end"}
	check := func(t *testing.T, r step, keys []string, from string) {
		for _, key := range keys {
			s := r.session()
			m := newTestModel(t, s, 60, 12)
			press(m, r.keys...)
			press(m, from)
			depth, calls, before := len(m.stack), len(s.called()), strings.Join(m.lines(), "\n")
			a, bound := keymap.Pressed(m.keys(), key)
			if _, moves := a.Lines(9); !bound || !moves {
				t.Errorf("%s: %q does not move", r.name, key)
				continue
			}
			press(m, key)
			if len(m.stack) != depth || !slices.Equal(s.called()[calls:], nil) {
				t.Errorf("%s: %q does more than move: %q", r.name, key, s.called())
			}
			if strings.Join(m.lines(), "\n") == before {
				t.Errorf("%s: %q moves nothing from %s:\n%s", r.name, key, from, screenText(m))
			}
			press(m, from)
			if strings.Join(m.lines(), "\n") != before {
				t.Errorf("%s: after %q %s does not lead back:\n%s\nwas\n%s", r.name, key, from, screenText(m), before)
			}
		}
	}
	for _, r := range scrolling() {
		check(t, r, down, home)
		check(t, r, up, end)
	}
	letters := func(key string) bool { return len(key) == 1 || key == "ctrl+u" }
	for _, r := range typedOn() {
		check(t, r, slices.DeleteFunc(slices.Clone(down), letters), "home")
		check(t, r, slices.DeleteFunc(slices.Clone(up), letters), "end")
	}
}

// TestLettersThatFoldOnlyFold: h and l unfold in trees, and do nothing on a list.
func TestLettersThatFoldOnlyFold(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "k")
	before := screenText(m)
	press(m, "h", "l", "left", "right")
	if got := screenText(m); got != before {
		t.Errorf("h and l do something on the list:\n%s", got)
	}
	press(m, "enter", "G", "l")
	open := screenText(m)
	press(m, "h")
	if folded := screenText(m); folded == open {
		t.Errorf("h does not fold what l has unfolded:\n%s", folded)
	}
}

// TestCtrlUClearsTextFields, wherever the caret is.
func TestCtrlUClearsTextFields(t *testing.T) {
	for _, keys := range [][]string{{"/", "a", "b", "left"}, {"k", "m", "a", "b", "left"}, {"k", ":", "a", "b"}, {"n", "a", "b"}, {"k", "e", "s", "left"}} {
		m := newTestModel(t, day(), 100, 30)
		press(m, keys[:len(keys)-1]...)
		press(m, keys[len(keys)-1], "ctrl+u", "Z")
		text := screenText(m)
		if caret := m.theme.Mark.Caret; !strings.Contains(text, "Z"+caret) || strings.Contains(text, "abZ") || strings.Contains(text, "Z"+caret+"b") {
			t.Errorf("after %q:\n%s", keys, text)
		}
	}
}
