package tui

// How a difference of two JSON texts is drawn, by the path of each field, and one of other
// texts, by lines. The new text is A and the old one B.

import (
	"fmt"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// diffLines draws a difference on w cells: first how much is equal, or all of it.
func (t *theme) diffLines(d *jsondiff.Diff, w int, equal bool) []string {
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
func (t *theme) equalLine(d *jsondiff.Diff, w int) []string {
	n := d.Counts[jsondiff.Equal]
	if n == 0 {
		return nil
	}
	if len(d.Fields) == 0 {
		return []string{t.dim.paint("   " + plural(int64(n), "line") + " equal")}
	}
	text := plural(int64(n), "field") + " equal"
	type part struct {
		name  string
		equal int
		all   bool
	}
	var parts []part
	for i := range d.Fields {
		name := topOf(d.Fields[i].Path)
		if len(parts) == 0 || parts[len(parts)-1].name != name {
			parts = append(parts, part{name: name, all: true})
		}
		last := &parts[len(parts)-1]
		if last.all = last.all && d.Fields[i].Change == jsondiff.Equal; last.all {
			last.equal++
		}
	}
	var names []string
	for _, p := range parts {
		if p.all {
			names = append(names, fmt.Sprintf("%s (%d)", visible.Line(p.name), p.equal))
		}
	}
	left := "   " + strings.Join(names, ", ")
	room := w - width(text) - 4
	if room < 12 || len(names) == 0 {
		return []string{t.dim.paint(t.cut("   "+text, w))}
	}
	left = t.cut(left, room)
	return []string{t.dim.paint(t.spread(left, text+" ", w))}
}

// topOf is the member of the whole that a path leads into, as repo of .repo.name.
func topOf(path string) string {
	rest := strings.TrimPrefix(path, ".")
	if i := strings.IndexAny(rest, ".["); i > 0 {
		rest = rest[:i]
	}
	return rest
}
