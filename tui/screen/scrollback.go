package screen

// How a view is scrolled whose newest line is the lowest.

import (
	"hfhook/tui/keymap"
)

// A Scrollback counts the lines between the lowest one in sight and the newest.
type Scrollback struct{ Up int }

// ScrollKeys are those that move among n lines.
func (s *Scrollback) ScrollKeys(n int) []keymap.Binding {
	older, newer := keymap.Keys(keymap.ActUp)[0], keymap.Keys(keymap.ActDown)[0]
	older.Word, older.Quiet, newer.Word, newer.Quiet = "older", false, "newer", false
	var bindings []keymap.Binding
	if s.Up < n-1 {
		bindings = append(append(bindings, older), keymap.Keys(keymap.ActPageUp, keymap.ActFirst)...)
	}
	if s.Up > 0 {
		bindings = append(append(bindings, newer), keymap.Keys(keymap.ActPageDown, keymap.ActLast)...)
	}
	return bindings
}

// ScrollBy carries out one of keys; page is how many lines a page has.
func (s *Scrollback) ScrollBy(a keymap.Action, page, n int) {
	switch a {
	case keymap.ActUp:
		s.Up++
	case keymap.ActDown:
		s.Up--
	case keymap.ActPageUp:
		s.Up += page
	case keymap.ActPageDown:
		s.Up -= page
	case keymap.ActFirst:
		s.Up = n - 1
	case keymap.ActLast:
		s.Up = 0
	}
	s.KeepWithin(n)
}

// KeepWithin stays among n lines.
func (s *Scrollback) KeepWithin(n int) { s.Up = max(min(s.Up, n-1), 0) }
