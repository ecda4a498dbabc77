package jsonview

// How a difference of two JSON texts is drawn, by the path of each field, and one of other
// texts, by lines: the old value above the new one.

import (
	"encoding/json"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// A DiffLook is how a difference is drawn.
type DiffLook struct {
	W    int
	All  bool   // also the fields that are equal, and those that differ each time
	Show string // the key that shows them; empty: none does
}

// DrawnLines are the lines of a difference as they were drawn last, since they may be
// thousands, and a frame has room for some of them.
type DrawnLines struct {
	of    *Difference
	theme *style.Theme
	look  DiffLook
	kept  []string
}

// Lines draws a difference, unless that is what was drawn last.
func (l *DrawnLines) Lines(t *style.Theme, d *Difference, look DiffLook) []string {
	if l.of != d || l.theme != t || l.look != look {
		*l = DrawnLines{d, t, look, diffLines(t, d, look)}
	}
	return l.kept
}

// diffLines draws a difference: what differs, and then how much else there is, or all of it.
func diffLines(t *style.Theme, d *Difference, look DiffLook) []string {
	var lines []string
	w := look.W
	shown := func(f *jsondiff.Field) bool { return look.All || f.Change != jsondiff.Equal && !passing(f) }
	paths, fields := 0, 0
	for i := range d.Fields {
		if f := &d.Fields[i]; shown(f) {
			paths = max(paths, style.Width(visible.Line(f.Path)))
			fields++
		}
	}
	column, most := min(paths, w/3), 3
	if fields <= 4 { // a long text is most of what there is to see
		most = 8
	}
	for i := range d.Fields {
		field := &d.Fields[i]
		switch {
		case !shown(field):
		case field.Change != jsondiff.Equal:
			lines = append(lines, fieldLines(t, field, column, w, most)...)
		default:
			head := " " + t.Fit(visible.Line(field.Path), max(column, style.Width(visible.Line(field.Path)))) + "  = "
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
	if look.All && d.leftPassing+d.leftEqual > 0 {
		lines = append(lines, t.Dim.Paint(t.Cut(" "+t.Mark.Tail+" and "+style.Plural(int64(d.leftPassing+d.leftEqual), "field")+" more that are equal or differ each time", w)))
	}
	if !look.All {
		lines = append(lines, foldedLines(t, d, look)...)
	}
	if len(lines) == 0 {
		lines = []string{" No difference."}
	}
	return lines
}

// foldedLines say how much is not shown, and which key shows it.
func foldedLines(t *style.Theme, d *Difference, look DiffLook) []string {
	n, left := d.Counts[jsondiff.Equal], ""
	if d.Passing > 0 {
		left = t.Dim.Paint(" " + passed(d.Passing))
		if look.Show != "" {
			left += "   " + t.Key.Paint(look.Show) + t.Dim.Paint(" show")
		}
	}
	right := ""
	switch {
	case n > 0 && len(d.Fields) == 0 && len(d.Lines) > 0:
		right = style.Plural(int64(n), "line") + " equal "
	case n > 0:
		right = style.Plural(int64(n), "field") + " equal "
		if d.Same() {
			right = "" // which is said in other words
		}
	}
	switch {
	case left == "" && right == "":
		return nil
	case left == "":
		return []string{t.Dim.Paint(t.Cut(" "+right, look.W))}
	case style.Width(left)+style.Width(right)+2 > look.W:
		return []string{t.Cut(left, look.W), t.Dim.Paint(t.Cut(" "+right, look.W))}
	}
	return []string{t.Spread(left, t.Dim.Paint(right), look.W)}
}

// fieldLines are the lines of a field that differs: its values beside its path if there is
// room, else below it, each on as many lines as it may have.
func fieldLines(t *style.Theme, field *jsondiff.Field, column, w, most int) (lines []string) {
	path := visible.Line(field.Path)
	head := " " + t.Name.Paint(path)
	indent := 1 + column + 2
	if beside := w >= 40 && style.Width(path) <= column; beside {
		head += style.Spaces(column - style.Width(path) + 2)
	} else {
		lines, head, indent = []string{t.Cut(head, w)}, "   ", 3
	}
	value := func(look style.Style, sign, text string) {
		for _, part := range valueLines(t, text, w-indent-3, most) {
			lines = append(lines, head+look.Paint(sign+" "+part))
			head, sign = style.Spaces(indent), " "
		}
	}
	if field.Change != jsondiff.Added {
		value(t.Failed, "-", field.Old)
	}
	if field.Change != jsondiff.Removed {
		value(t.Ok, "+", field.New)
	}
	return lines
}

// valueLines are those of a value: of a text with line breaks its own.
func valueLines(t *style.Theme, value string, w, most int) (lines []string) {
	text, ok := "", false
	if strings.Contains(value, `\n`) {
		if cut, is := strings.CutSuffix(value, "…"); is { // it has no quote at its end
			value = cut + `…"`
		}
		ok = json.Unmarshal([]byte(value), &text) == nil
	}
	if !ok {
		return t.Wrap(visible.Line(value), w, most)
	}
	all := strings.Split(strings.TrimSuffix(visible.Block(text), "\n"), "\n")
	for i, line := range all {
		if len(lines) >= most-1 && i < len(all)-1 {
			return append(lines, t.Mark.Tail+" "+style.Plural(int64(len(all)-i), "more line"))
		}
		lines = append(lines, t.Wrap(line, w, max(most-len(lines), 1))...)
	}
	return lines
}
