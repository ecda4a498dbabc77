package screen

import (
	"cmp"
	"strings"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// How a form is drawn: a line for each field, or more for one whose choices need them.

// A Fit is how much room there is for a form.
type Fit int

// The fits: all choices are seen, or those of the field that has the keys, or what is chosen
// alone.
const (
	Roomy Fit = iota
	Tight
	Tightest
)

// Lines draw the fields on lines of w cells. from and to are those of the field that has the
// keys.
func (f *Form) Lines(t *style.Theme, w int, fit Fit) (lines []string, from, to int) {
	names := 0
	for i := range f.Fields {
		names = max(names, style.Width(f.Fields[i].Name))
	}
	for i := range f.Fields {
		field, here := &f.Fields[i], i == f.At
		head, look := t.Fit("  "+field.Name, names+3), t.Dim
		if here {
			head, look = t.Fit(t.Mark.Cursor+" "+field.Name, names+3), t.Bold
			from = len(lines)
		}
		lines = append(lines, field.lines(t, look.Paint(head), w, here, fit == Tightest || fit == Tight && !here)...)
		if here {
			to = len(lines)
		}
	}
	return lines, from, to
}

// View draws the fields on h lines of w cells, around the one that has the keys, and what
// there is to know of it where there is room.
func (f *Form) View(t *style.Theme, w, h int) []string {
	for fit := Roomy; ; fit++ {
		lines, from, to := f.Lines(t, w, fit)
		if len(lines) <= h {
			return f.withAbout(t, lines, w, h)
		}
		if fit == Tightest {
			from = min(max(to-h, 0), from)
			return lines[from : from+h]
		}
	}
}

// withAbout puts what there is to know of a field below the form.
func (f *Form) withAbout(t *style.Theme, lines []string, w, h int) []string {
	if f.At >= 0 && f.Fields[f.At].About != "" {
		lines = append(lines, "")
		for line := range strings.SplitSeq(f.Fields[f.At].About, "\n") {
			for _, part := range t.Wrap(line, w-4, 3) {
				lines = append(lines, "  "+t.Dim.Paint(part))
			}
		}
	}
	return lines[:min(len(lines), h)]
}

func (f *Field) lines(t *style.Theme, head string, w int, here, tight bool) []string {
	look := style.Style{}
	if here {
		look = t.Bold
	}
	room := w - style.Width(head)
	switch f.kind {
	case choiceKind:
		return f.choices(t, head, w, here, tight)
	case switchKind:
		mark := "[ ] "
		if f.On {
			mark = "[x] "
		}
		line := head + look.Paint(mark+f.Text)
		if f.Note != "" {
			line += "  " + t.Cut(f.Note, w-style.Width(line)-2)
		}
		return []string{line}
	case screenKind:
		if f.Text == "" && tight {
			return nil // other lines are needed more
		}
		return []string{t.Lead(head+cmp.Or(f.Text, f.Hint), t.Dim.Paint(f.Note)+" ", w)}
	}
	text := visible.Line(f.Value())
	switch {
	case here:
		text = Caret(t, &f.Input, room-2)
		if f.Value() == "" {
			text += t.Dim.Paint(f.Hint)
		}
	case text == "":
		text = t.Dim.Paint(f.Hint)
	}
	return []string{t.Lead(head+look.Paint(t.Cut(text, room)), f.Note, w)}
}

// choices are beside each other where they fit, in fewer words if need be, else below each
// other or, where it is tight, the one that is chosen alone.
func (f *Field) choices(t *style.Theme, head string, w int, here, tight bool) []string {
	names := style.Width(head)
	dot := "•"
	if t.Mark.Words != nil {
		dot = "*"
	}
	part := func(i int, text string) string {
		mark, look := "( ) ", style.Style{}
		if i == f.Chosen {
			mark = "(" + dot + ") "
			if here {
				look = t.Bold
			}
		}
		if f.Open && i == len(f.Choices)-1 && f.Written() {
			text = "to " + visible.Line(f.Input.Value())
			if here {
				text = "to " + Caret(t, &f.Input, max(w-names-12, 4))
			}
		}
		return look.Paint(mark + t.Cut(text, w-names-6))
	}
	all := func(texts []string) []string {
		parts := make([]string, len(texts))
		for i, text := range texts {
			parts[i] = part(i, text)
		}
		return parts
	}
	if f.Notes == nil {
		if line := head + strings.Join(all(f.Choices), "   "); style.Width(line)+3 <= w {
			return []string{line}
		}
		if line := head + strings.Join(all(f.Short), "  "); f.Short != nil && style.Width(line) <= w {
			return []string{line}
		}
	}
	var lines []string
	for i, choice := range all(f.Choices) {
		if tight && i != f.Chosen {
			continue
		}
		note := ""
		if i < len(f.Notes) {
			note = f.Notes[i]
			if brief, _, ok := strings.Cut(note, ","); ok && style.Width(head+choice)+style.Width(note)+3 > w {
				note = brief
			}
		}
		lines = append(lines, t.Lead(head+choice, note+" ", w))
		head = style.Spaces(names)
	}
	return lines
}

// Page draws the form below a title.
func (p *FormPage) Page(f Frame, title, right string) []string {
	t := f.Theme
	lines := f.Header(Arrange(f.W, f.H, NoBanner))
	lines = append(lines, t.Lead(" "+t.Bold.Paint(title), t.Dim.Paint(right)+" ", f.W), t.Line(f.W, ""))
	lines = append(lines, p.Form.View(t, f.W, max(f.H-len(lines)-1, 1))...)
	return append(t.Fill(lines, f.W, f.H-1), t.Line(f.W, ""))
}
