package keymap

// The last line of the screen: the keys that have room in it.

import (
	"strings"

	"hfhook/tui/style"
)

// A footed binding is one that has room in the footer, and where it stands there.
type footed struct {
	Binding  Binding
	X, Width int
}

// NarrowFooter is the width below which the footer names the key that quits last: what
// can be done here has more use for the room, and the help names it, too.
const NarrowFooter = 72

func (b Binding) footLabel() string {
	if b.Foot != "" {
		return b.Foot
	}
	return b.Label
}

// PlaceFooter gives the bindings their places in a line of w cells, the first ones
// first, until there is no more room.
func PlaceFooter(t *style.Theme, bindings []Binding, w int) []footed {
	const gap = 2
	room := w - 2
	var left, right []footed
	late := func(b Binding) bool { return w < NarrowFooter && b.Action == ActQuit && len(bindings) > 1 }
	for _, of := range []func(Binding) bool{
		func(b Binding) bool { return b.right && !late(b) },
		func(b Binding) bool { return !b.right },
		late,
	} {
		for _, b := range bindings {
			need := style.Width(t.Mark.Say(b.footLabel())) + 1 + style.Width(b.Word)
			if b.Quiet || !of(b) || need > room {
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
		left[i].X = x
		x += left[i].Width + gap
	}
	x = w - 1
	for i := len(right) - 1; i >= 0; i-- {
		x -= right[i].Width
		right[i].X = x
		x -= gap
	}
	return append(left, right...)
}

// Footer is the line of keys, w cells wide, and the bindings that had room in it.
func Footer(t *style.Theme, bindings []Binding, w int) (line string, shown []Binding) {
	var b strings.Builder
	x := 0
	for _, at := range PlaceFooter(t, bindings, w) {
		b.WriteString(style.Spaces(at.X - x))
		b.WriteString(t.Key.Paint(t.Mark.Say(at.Binding.footLabel())) + " " + t.Dim.Paint(at.Binding.Word))
		x = at.X + at.Width
		shown = append(shown, at.Binding)
	}
	return b.String() + style.Spaces(w-x), shown
}
