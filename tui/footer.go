package tui

// The last line of the screen: the keys that have room in it.

import "strings"

// A footed binding is one that has room in the footer, and where it stands there.
type footed struct {
	binding  binding
	x, width int
}

// narrowFooter is the width below which the footer names the key that quits last: what
// can be done here has more use for the room, and the help names it, too.
const narrowFooter = 72

func (b binding) footLabel() string {
	if b.foot != "" {
		return b.foot
	}
	return b.label
}

// placeFooter gives the bindings their places in a line of w cells, the first ones
// first, until there is no more room.
func (t *theme) placeFooter(bindings []binding, w int) []footed {
	const gap = 2
	room := w - 2
	var left, right []footed
	late := func(b binding) bool { return w < narrowFooter && b.action == actQuit && len(bindings) > 1 }
	for _, of := range []func(binding) bool{
		func(b binding) bool { return b.right && !late(b) },
		func(b binding) bool { return !b.right },
		late,
	} {
		for _, b := range bindings {
			need := width(t.mark.say(b.footLabel())) + 1 + width(b.word)
			if b.quiet || !of(b) || need > room {
				continue
			}
			room -= need + gap
			if b.right {
				right = append(right, footed{b, 0, need})
			} else {
				left = append(left, footed{b, 0, need})
			}
		}
	}
	x := 1
	for i := range left {
		left[i].x = x
		x += left[i].width + gap
	}
	x = w - 1
	for i := len(right) - 1; i >= 0; i-- {
		x -= right[i].width
		right[i].x = x
		x -= gap
	}
	return append(left, right...)
}

// footer is the line of keys, w cells wide, and the bindings that had room in it.
func (t *theme) footer(bindings []binding, w int) (line string, shown []binding) {
	var b strings.Builder
	x := 0
	for _, at := range t.placeFooter(bindings, w) {
		b.WriteString(spaces(at.x - x))
		b.WriteString(t.key.paint(t.mark.say(at.binding.footLabel())) + " " + t.dim.paint(at.binding.word))
		x = at.x + at.width
		shown = append(shown, at.binding)
	}
	return b.String() + spaces(w-x), shown
}
