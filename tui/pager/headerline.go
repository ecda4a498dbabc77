package pager

import (
	"strings"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// ShownPath is how many characters of a path are in a sentence, behind which there is more
// to read.
const ShownPath = 50

// A HeaderLine is a field and what to know about it. Name and value are as they came.
type HeaderLine struct {
	Name, Value, Note string

	Secret bool // whose value is nowhere
	Fact   bool // about the request, and no field of it
}

// Draw is the field on w cells: on more lines where it is the one under the cursor.
func (l HeaderLine) Draw(t *style.Theme, names, w int, current, focused bool) (lines []string) {
	name := " " + t.Fit(visible.Line(l.Name), names) + "  "
	room, most := w-style.Width(name), 4
	value := visible.Line(l.Value)
	if l.Secret {
		value = strings.TrimSpace(t.Mark.Block + " " + value)
	}
	if current {
		most = 16
	}
	note := ""
	if l.Note != "" && style.Width(value)+2+style.Width(l.Note) <= room {
		note = l.Note
		if value != "" {
			note = "  " + note
		}
	}
	for i, part := range t.Wrap(value, room, most) {
		if i > 0 {
			name, note = style.Spaces(style.Width(name)), ""
		}
		switch {
		case current && focused:
			lines = append(lines, t.Selected.Paint(t.Fit(t.Mark.Cursor+name[1:]+part+t.Mark.Say(note), w)))
		case l.Fact:
			lines = append(lines, t.Dim.Paint(name)+part+t.Dim.Paint(t.Mark.Say(note)))
		default:
			lines = append(lines, t.Name.Paint(name)+part+t.Dim.Paint(t.Mark.Say(note)))
		}
	}
	return lines
}

// Shortened is a text with its middle left out where it has more than n characters.
func Shortened(s string, n int) string {
	if text := []rune(s); len(text) > n {
		return string(text[:n/2]) + "…" + string(text[len(text)-n/2+1:])
	}
	return s
}
