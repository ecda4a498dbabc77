package tui

// How a difference of two JSON texts is drawn, by the path of each field, and one of other
// texts, by lines. The new text is A and the old one B.

import (
	"fmt"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// drawnLines are the lines of a difference as they were drawn last, since they may be
// thousands, and a frame has room for some of them.
type drawnLines struct {
	of    *difference
	theme *theme
	w     int
	equal bool
	kept  []string
}

func (l *drawnLines) lines(t *theme, d *difference, w int, equal bool) []string {
	if l.of != d || l.theme != t || l.w != w || l.equal != equal {
		*l = drawnLines{d, t, w, equal, t.diffLines(d, w, equal)}
	}
	return l.kept
}

// diffLines draws a difference on w cells: first how much is equal, or all of it.
func (t *theme) diffLines(d *difference, w int, equal bool) []string {
	var lines []string
	if !equal {
		lines = t.equalLine(d, w)
	}
	paths := 0
	for i := range d.Fields {
		if f := &d.Fields[i]; f.Change != jsondiff.Equal || equal {
			paths = max(paths, width(visible.Line(f.Path)))
		}
	}
	column := min(paths, w/3)
	for i := range d.Fields {
		field := &d.Fields[i]
		switch {
		case field.Change != jsondiff.Equal:
			lines = append(lines, t.fieldLines(field, column, w)...)
		case equal:
			head := " = " + t.fit(visible.Line(field.Path), max(column, width(visible.Line(field.Path)))) + "  both "
			lines = append(lines, t.dim.paint(t.cut(head+visible.Line(clipped(field.Old)), w)))
		}
	}
	for _, line := range d.Lines {
		if strings.HasPrefix(line, "@@") || strings.HasPrefix(line, `\`) {
			continue // where it is, and that a file would end otherwise
		}
		look := style{}
		switch {
		case strings.HasPrefix(line, "+"):
			look = t.ok
		case strings.HasPrefix(line, "-"):
			look = t.failed
		}
		lines = append(lines, " "+look.paint(t.cut(line[:1]+" "+visible.Line(line[1:]), w-1)))
	}
	if d.left > 0 {
		what := "field"
		if len(d.Lines) > 0 {
			what = "line"
		}
		lines = append(lines, t.dim.paint(t.cut(" "+t.mark.tail+" and "+plural(int64(d.left), what)+" more that differ", w)))
	}
	if equal && d.leftEqual > 0 {
		lines = append(lines, t.dim.paint(t.cut(" "+t.mark.tail+" and "+plural(int64(d.leftEqual), "field")+" more that are equal", w)))
	}
	if len(lines) == 0 {
		lines = []string{" No difference."}
	}
	return lines
}

// fieldLines are the lines of a field that is not equal: the values beside its path where
// there is room, else below it.
func (t *theme) fieldLines(field *jsondiff.Field, column, w int) (lines []string) {
	path := visible.Line(field.Path)
	sign, look, only := "~", t.warn, ""
	switch field.Change {
	case jsondiff.Added:
		sign, look, only = "+", t.ok, "  only A has it"
	case jsondiff.Removed:
		sign, look, only = "-", t.failed, "  only B has it"
	}
	head := " " + look.paint(sign+" "+path)
	indent := len(" ~ ") + column + 2
	if beside := w >= 80 && width(path) <= column; beside {
		head += spaces(column - width(path) + 2)
	} else {
		lines, head, indent = []string{t.cut(head+t.dim.paint(only), w)}, "   ", 3
		only = ""
	}
	value := func(name, text string) {
		for i, part := range t.wrap(visible.Line(text), w-indent-3, 3) {
			if i > 0 {
				name = " "
			}
			line := head + t.dim.paint(name) + " " + part
			if only != "" && width(line)+width(only) <= w {
				line += t.dim.paint(only)
			}
			lines = append(lines, line)
			head, only = spaces(indent), ""
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
func (t *theme) equalLine(d *difference, w int) []string {
	n := d.Counts[jsondiff.Equal]
	if n == 0 {
		return nil
	}
	if len(d.Fields) == 0 {
		return []string{t.dim.paint("   " + plural(int64(n), "line") + " equal")}
	}
	text := plural(int64(n), "field") + " equal"
	var names []string
	for _, p := range d.Parts {
		names = append(names, fmt.Sprintf("%s (%d)", visible.Line(p.Name), p.Fields))
	}
	left := "   " + strings.Join(names, ", ")
	room := w - width(text) - 4
	if room < 12 || len(names) == 0 {
		return []string{t.dim.paint(t.cut("   "+text, w))}
	}
	left = t.cut(left, room)
	return []string{t.dim.paint(t.spread(left, text+" ", w))}
}
