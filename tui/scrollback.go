package tui

// How a view is scrolled whose newest line is the lowest.

// A scrollback counts the lines between the lowest one in sight and the newest.
type scrollback struct{ up int }

// keys are those that move among n lines.
func (s *scrollback) keys(n int) []binding {
	older, newer := keys(actUp)[0], keys(actDown)[0]
	older.word, older.quiet, newer.word, newer.quiet = "older", false, "newer", false
	var bindings []binding
	if s.up < n-1 {
		bindings = append(append(bindings, older), keys(actPageUp, actFirst)...)
	}
	if s.up > 0 {
		bindings = append(append(bindings, newer), keys(actPageDown, actLast)...)
	}
	return bindings
}

// move carries out one of keys; page is how many lines a page has.
func (s *scrollback) move(a action, page, n int) {
	switch a {
	case actUp:
		s.up++
	case actDown:
		s.up--
	case actPageUp:
		s.up += page
	case actPageDown:
		s.up -= page
	case actFirst:
		s.up = n - 1
	case actLast:
		s.up = 0
	}
	s.keep(n)
}

// keep stays among n lines.
func (s *scrollback) keep(n int) { s.up = max(min(s.up, n-1), 0) }
