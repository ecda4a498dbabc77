package screen

// How a view is scrolled whose newest line is the lowest.

import (
	"hfhook/tui/keymap"
)

// A Scrollback counts the lines between the lowest one in sight and the newest.
type Scrollback struct{ Up int }

// ScrollKeys are those that move among n lines.
func (s *Scrollback) ScrollKeys(n int) []keymap.Binding {
	bindings := keymap.Keys(keymap.Motions()...)
	for i, b := range bindings {
		switch b.Action {
		case keymap.ActUp:
			bindings[i].Word, bindings[i].Quiet = "older", s.Up >= n-1
		case keymap.ActDown:
			bindings[i].Word, bindings[i].Quiet = "newer", s.Up == 0
		}
	}
	return bindings
}

// ScrollBy carries out one of keys; page is how many lines a page has.
func (s *Scrollback) ScrollBy(a keymap.Action, page, n int) {
	by, _ := a.Lines(page)
	s.Up -= by
	s.KeepWithin(n)
}

// KeepWithin stays among n lines.
func (s *Scrollback) KeepWithin(n int) { s.Up = max(min(s.Up, n-1), 0) }

// TextKeys are the keys that move in a text whose first line in sight is top and can be
// last at most. The footer has those that lead somewhere.
func TextKeys(top, last int) []keymap.Binding {
	if last <= 0 && top <= 0 {
		return nil
	}
	bindings := keymap.Keys(keymap.Motions()...)
	for i, b := range bindings {
		switch b.Action {
		case keymap.ActUp:
			bindings[i].Word, bindings[i].Quiet = "up", top <= 0
		case keymap.ActDown:
			bindings[i].Word, bindings[i].Quiet = "down", top >= last
		}
	}
	return bindings
}
