package keymap

// Moving: the keys that move on every screen that scrolls, and what they mean there.

import "slices"

// Far is more lines than any screen has.
const Far = 1 << 30

// Motions are the actions that move on a screen that scrolls. Such a screen offers all of
// them, so that they work alike everywhere.
func Motions() []Action {
	return []Action{ActUp, ActDown, ActHalfUp, ActHalfDown, ActPageUp, ActPageDown, ActFirst, ActLast}
}

// Lines is how far an action moves on a screen that shows h lines at once, upwards if n is
// negative, and ±Far for the first and the last line. ok is false if it does not move.
func (a Action) Lines(h int) (n int, ok bool) {
	page, half := max(h-1, 1), max(h/2, 1)
	switch a {
	case ActUp:
		return -1, true
	case ActDown:
		return 1, true
	case ActHalfUp:
		return -half, true
	case ActHalfDown:
		return half, true
	case ActPageUp:
		return -page, true
	case ActPageDown:
		return page, true
	case ActFirst:
		return -Far, true
	case ActLast:
		return Far, true
	}
	return 0, false
}

// Typed are the bindings of a screen on which letters are typed: without the keys that
// write something or clear the text, and without the actions that then have no key.
func Typed(bindings []Binding) []Binding {
	var left []Binding
	for _, b := range bindings {
		if b = b.without(func(key string) bool { return writes(key) || key == "ctrl+u" || key == "backspace" }); len(b.Keys) > 0 {
			left = append(left, b)
		}
	}
	return left
}

// without is the binding less some of its keys.
func (b Binding) without(drop func(key string) bool) Binding {
	first := b.Keys[0]
	b.Keys = slices.DeleteFunc(slices.Clone(b.Keys), drop)
	if len(b.Keys) > 0 && b.Keys[0] != first {
		b.Label, b.Foot = KeyLabel(b.Keys[:1]), ""
	}
	return b
}
