package jsonview

// How a difference of two JSON texts is drawn, by the path of each field, and one of other
// texts, by lines. The new text is A and the old one B.

import (
	"fmt"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// DrawnLines are the lines of a difference as they were drawn last, since they may be
// thousands, and a frame has room for some of them.
type DrawnLines struct {
	of    *Difference
	theme *style.Theme
	w     int
	equal bool
	kept  []string
}

func (l *DrawnLines) Lines(t *style.Theme, d *Difference, w int, equal bool) []string {
	if l.of != d || l.theme != t || l.w != w || l.equal != equal {
		*l = DrawnLines{d, t, w, equal, diffLines(t, d, w, equal)}
	}
	return l.kept
}

// diffLines draws a difference on w cells: first how much is equal, or all of it.
func diffLines(t *style.Theme, d *Difference, w int, equal bool) []string {
	var lines []string
	if !equal {
		lines = equalLine(t, d, w)
	}
	paths := 0
	for i := range d.Fields {
		if f := &d.Fields[i]; f.Change != jsondiff.Equal || equal {
			paths = max(paths, style.Width(visible.Line(f.Path)))
		}
	}
	column := min(paths, w/3)
	for i := range d.Fields {
		field := &d.Fields[i]
		switch {
		case field.Change != jsondiff.Equal:
			lines = append(lines, fieldLines(t, field, column, w)...)
		case equal:
			head := " = " + t.Fit(visible.Line(field.Path), max(column, style.Width(visible.Line(field.Path)))) + "  both "
			lines = append(lines, t.Dim.Paint(t.Cut(head+visible.Line(Clipped(field.Old)), w)))
		}
	}
	for _, line := range d.Lines {
		if strings.HasPrefix(line, "@@") || strings.HasPrefix(line, `\`) {
			continue // where it is, and that a file would end otherwise
		}
		look := style.Style{}
		switch {
		case strings.HasPrefix(line, "+"):
			look = t.Ok
		case strings.HasPrefix(line, "-"):
			look = t.Failed
		}
		lines = append(lines, " "+look.Paint(t.Cut(line[:1]+" "+visible.Line(line[1:]), w-1)))
	}
	if d.left > 0 {
		what := "field"
		if len(d.Lines) > 0 {
			what = "line"
		}
		lines = append(lines, t.Dim.Paint(t.Cut(" "+t.Mark.Tail+" and "+style.Plural(int64(d.left), what)+" more that differ", w)))
	}
	if equal && d.leftEqual > 0 {
		lines = append(lines, t.Dim.Paint(t.Cut(" "+t.Mark.Tail+" and "+style.Plural(int64(d.leftEqual), "field")+" more that are equal", w)))
	}
	if len(lines) == 0 {
		lines = []string{" No difference."}
	}
	return lines
}

// fieldLines are the lines of a field that is not equal: the values beside its path where
// there is room, else below it.
func fieldLines(t *style.Theme, field *jsondiff.Field, column, w int) (lines []string) {
	path := visible.Line(field.Path)
	sign, look, only := "~", t.Warn, ""
	switch field.Change {
	case jsondiff.Added:
		sign, look, only = "+", t.Ok, "  only A has it"
	case jsondiff.Removed:
		sign, look, only = "-", t.Failed, "  only B has it"
	}
	head := " " + look.Paint(sign+" "+path)
	indent := len(" ~ ") + column + 2
	if beside := w >= 80 && style.Width(path) <= column; beside {
		head += style.Spaces(column - style.Width(path) + 2)
	} else {
		lines, head, indent = []string{t.Cut(head+t.Dim.Paint(only), w)}, "   ", 3
		only = ""
	}
	value := func(name, text string) {
		for i, part := range t.Wrap(visible.Line(text), w-indent-3, 3) {
			if i > 0 {
				name = " "
			}
			line := head + t.Dim.Paint(name) + " " + part
			if only != "" && style.Width(line)+style.Width(only) <= w {
				line += t.Dim.Paint(only)
			}
			lines = append(lines, line)
			head, only = style.Spaces(indent), ""
		}
	}
	if field.Change != jsondiff.Removed {
		value("A", field.New)
	}
	if field.Change != jsondiff.Added {
		value("B", field.Old)
	}
	return lines
}

// equalLine says how many fields are equal, and which parts of the texts as a whole.
func equalLine(t *style.Theme, d *Difference, w int) []string {
	n := d.Counts[jsondiff.Equal]
	if n == 0 {
		return nil
	}
	if len(d.Fields) == 0 {
		return []string{t.Dim.Paint("   " + style.Plural(int64(n), "line") + " equal")}
	}
	text := style.Plural(int64(n), "field") + " equal"
	var names []string
	for _, p := range d.Parts {
		names = append(names, fmt.Sprintf("%s (%d)", visible.Line(p.Name), p.Fields))
	}
	left := "   " + strings.Join(names, ", ")
	room := w - style.Width(text) - 4
	if room < 12 || len(names) == 0 {
		return []string{t.Dim.Paint(t.Cut("   "+text, w))}
	}
	left = t.Cut(left, room)
	return []string{t.Dim.Paint(t.Spread(left, text+" ", w))}
}
