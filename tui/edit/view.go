package edit

// How the edit screen is drawn: the tree, and below it as much of change, checks,
// presets and command as there is room for.

import (
	"fmt"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/request"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A part is lines below a rule with words in it.
type part struct {
	title string // empty: no rule
	lines []string
	least int // lines that it has at least, where it is shown
}

func (p *Screen) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	title := " " + t.Bold.Paint("Edit "+visible.Line(p.Title))
	if f.W >= 80 {
		title += " " + t.Mark.Arrow + " new event (the original is never changed)"
	} else {
		title += " (the original is never changed)"
	}
	if p.Parent == "" {
		title = " " + t.Bold.Paint("Edit "+visible.Line(p.Title)) + " before it is sent"
	}
	lines = append(lines, t.Lead(title, t.Dim.Paint(f.Label(keymap.ActChoose)+" edit field   "+f.Label(keymap.ActEditor)+" $EDITOR")+" ", f.W), t.Line(f.W, ""))
	closing := f.H >= 16
	rest := f.H - len(lines)
	if closing {
		rest--
	}
	lines = append(lines, t.Fill(p.body(f, max(rest, 1)), f.W, rest)...)
	if closing {
		lines = append(lines, t.Line(f.W, ""))
	}
	return lines
}

// body is everything between the title and the status line.
func (p *Screen) body(f screen.Frame, h int) []string {
	t := f.Theme
	if p.Now == nil {
		return []string{t.Dim.Paint(" reading the payload" + t.Mark.Busy)}
	}
	shown := p.Now
	if p.live != nil {
		shown = p.live
	}
	parts := []*part{
		{title: "change", lines: append(p.requestLines(t, f.W), changeLines(t, shown, f.W)...), least: 2},
		{lines: p.commandLines(f), least: 1},
		{title: "checks", lines: checkLines(t, shown, f.W), least: 2},
		{title: p.presetTitle(f), lines: p.presetLines(f), least: 1},
	}
	tree := min(3, h)
	room := h - tree
	var chosen []*part
	for _, one := range parts {
		one.least = min(one.least, len(one.lines))
		if need := one.least + rule(one); need <= room && one.least > 0 {
			room -= need
			chosen = append(chosen, one)
		}
	}
	// What is left goes to the tree first, then to the parts.
	grow := func(have *int, want int) {
		more := min(max(want-*have, 0), room)
		*have += more
		room -= more
	}
	nodes := 1
	if p.Now.Tree != nil {
		nodes = len(p.Now.Tree.Nodes) + 1
	}
	grow(&tree, min(nodes, max(h/3, 3)))
	for _, one := range chosen {
		if one.title == "checks" || one.title == "" {
			grow(&one.least, min(len(one.lines), 5))
		}
	}
	for _, one := range chosen {
		grow(&one.least, min(len(one.lines), 8))
	}
	grow(&tree, nodes)
	for _, one := range chosen {
		grow(&one.least, len(one.lines))
	}

	lines := t.Fill(p.treeLines(f, tree), f.W, tree)
	order := []string{"change", "checks", "presets", ""}
	for _, name := range order {
		for _, one := range chosen {
			if title, _, _ := strings.Cut(one.title, " "); title != name {
				continue
			}
			if one.title != "" {
				lines = append(lines, t.Line(f.W, one.title))
			}
			cut := one.lines[:one.least]
			if name == "" && one.least < len(one.lines) {
				cut = append(cut[:one.least-1:one.least-1], t.Cut(cut[one.least-1]+" "+t.Mark.Tail, f.W))
			}
			if left := len(one.lines) - one.least; left > 0 && name == "change" && one.least > 1 {
				cut = append(cut[:one.least-1:one.least-1], t.Dim.Paint(fmt.Sprintf(" %s and %s more", t.Mark.Tail, style.Plural(int64(left+1), "line"))))
			}
			lines = append(lines, cut...)
		}
	}
	return lines
}

func rule(p *part) int {
	if p.title == "" {
		return 0
	}
	return 1
}

// treeLines are the fields, with the one that is being written.
func (p *Screen) treeLines(f screen.Frame, h int) []string {
	t := f.Theme
	d := p.Now
	if d.Tree == nil {
		lines := []string{t.Failed.Paint(t.Cut(" "+visible.Line("This body is not JSON: "+d.wrong.Error()), f.W)), t.Dim.Paint(" e edits its bytes in $EDITOR.")}
		raw := jsonview.RawView{}
		return append(lines, raw.Lines(t, d.Body, f.W, h-len(lines), "")...)
	}
	look := jsonview.TreeLook{W: f.W, H: h, Focused: p.field == nil, Wrap: min(3, max(h/2, 1))}
	add := ""
	switch {
	case p.field != nil && p.field.add:
		add = " + " + screen.Caret(t, &p.field.input, f.W-20) + t.Dim.Paint("   .path=value")
	case p.field != nil:
		look.Input = func(w int) string { return p.field.draw(t, w) }
	default:
		add = t.Dim.Paint(" + add field " + t.Mark.Tail + " a")
	}
	if add != "" && (p.field != nil || h > 2) {
		look.H--
		look.Wrap = min(look.Wrap, max(look.H, 1))
		return append(t.Fill(d.Tree.View(t, look, describe.Remarks{P: d.payload}), f.W, min(look.H, max(h-1, 0))), add)
	}
	return d.Tree.View(t, look, describe.Remarks{P: d.payload})
}

// draw is the input on w cells, with the type of what is written at its right.
func (e *fieldEdit) draw(t *style.Theme, w int) string {
	kind := jsonview.FieldInput{Text: e.input.Value(), AsText: e.asText}.Kind()
	room := max(w-style.Width(kind)-6, 8)
	look := t.Dim
	if e.err != nil {
		look = t.Warn
	}
	return t.Dim.Paint(t.Mark.Bar) + t.Bold.Paint(t.Fit(screen.Caret(t, &e.input, room-1), room)) + t.Dim.Paint(t.Mark.Bar) + "  " + look.Paint(t.Cut(kind, max(w-room-4, 0)))
}

// requestLines say what is changed besides the body.
func (p *Screen) requestLines(t *style.Theme, w int) []string {
	text := request.Summary(p.request)
	if text == "" {
		return nil
	}
	return []string{t.Cut(" "+t.Warn.Paint("~")+" request   "+text, w)}
}

// changeLines say what differs from the original.
func changeLines(t *style.Theme, d *draft, w int) []string {
	if d.changes() == 0 {
		return []string{t.Dim.Paint(" no changes yet")}
	}
	var lines []string
	paths := 0
	for _, field := range d.diff.Fields {
		paths = max(paths, style.Width(visible.Line(field.Path)))
	}
	paths = min(paths, w/3)
	beside := w >= 80
	for i := range d.diff.Fields {
		field := &d.diff.Fields[i]
		sign, look := "~", t.Warn
		switch field.Change {
		case jsondiff.Added:
			sign, look = "+", t.Ok
		case jsondiff.Removed:
			sign, look = "-", t.Failed
		}
		head := " " + look.Paint(sign) + " " + t.Fit(visible.Line(field.Path), paths) + "   "
		if !beside {
			if len(d.diff.Fields) > 1 || field.Change != jsondiff.Changed {
				lines = append(lines, t.Cut(" "+look.Paint(sign)+" "+visible.Line(field.Path), w))
			}
			head = " "
		}
		indent := style.Width(head)
		value := func(sign, text string, look style.Style) {
			for k, piece := range t.Wrap(visible.Line(text), w-indent-3, 2) {
				if k > 0 {
					sign = " "
				}
				lines = append(lines, t.Cut(head+look.Paint(sign+" "+piece), w))
				head = style.Spaces(indent)
			}
		}
		if field.Change != jsondiff.Added {
			value("-", field.Old, t.Failed)
		}
		if field.Change != jsondiff.Removed {
			value("+", field.New, t.Ok)
		}
	}
	if left := d.changes() - len(d.diff.Fields); left > 0 && d.diff.Lines == nil {
		lines = append(lines, t.Dim.Paint(t.Cut(" "+t.Mark.Tail+" and "+style.Plural(int64(left), "field")+" more that differ", w)))
	}
	for _, line := range d.diff.Lines {
		var look style.Style
		switch {
		case strings.HasPrefix(line, "+"):
			look = t.Ok
		case strings.HasPrefix(line, "-"):
			look = t.Failed
		default:
			continue
		}
		lines = append(lines, " "+look.Paint(t.Cut(visible.Line(line), w-1)))
		if len(lines) > 200 {
			break
		}
	}
	return lines
}

// checkLines are the checks, what is wrong first.
func checkLines(t *style.Theme, d *draft, w int) []string {
	var bad, good []string
	for _, c := range d.checks() {
		text := c.text
		if style.Width(text)+3 > w {
			text = c.brief
		}
		switch text = visible.Line(text); {
		case c.good:
			good = append(good, t.Ok.Paint(t.Mark.Ok)+" "+text)
		case c.grave:
			bad = append(bad, " "+t.Cut(t.Failed.Paint(t.Mark.Failed+" "+text), w-2))
		default:
			bad = append(bad, " "+t.Cut(t.Warn.Paint(t.Mark.Warn+" "+text), w-2))
		}
	}
	lines := bad
	for i := 0; i < len(good); i++ {
		line := " " + good[i]
		// Where they are short, two stand side by side.
		if i+1 < len(good) && style.Width(line)+3+style.Width(good[i+1]) <= w {
			line += "   " + good[i+1]
			i++
		}
		lines = append(lines, t.Cut(line, w))
	}
	return lines
}

func (p *Screen) presetTitle(f screen.Frame) string {
	if f.W < 80 {
		return "presets p"
	}
	return "presets"
}

// presetLines are the presets with the numbers that apply them.
func (p *Screen) presetLines(f screen.Frame) []string {
	t := f.Theme
	if p.Now.Tree == nil {
		return nil
	}
	lines, used := []string{" "}, 1
	for i, one := range p.Now.presets() {
		name := one.Name
		if f.W >= 80 && one.tag != "" {
			name += " (" + one.tag + ")"
		}
		if f.W < 80 {
			name, _, _ = strings.Cut(name, " repo.")
		}
		text, need := t.Key.Paint(fmt.Sprint(i+1))+" "+name, style.Width(name)+5
		if one.Apply == nil {
			text = t.Dim.Paint(fmt.Sprint(i+1) + " " + name)
		}
		if used+need > f.W && used > 1 {
			lines, used = append(lines, " "), 1
		}
		lines[len(lines)-1] += " " + text + "  "
		used += need
	}
	return lines
}

// commandLines are the command that does the same.
func (p *Screen) commandLines(f screen.Frame) []string {
	t := f.Theme
	command := visible.Line(p.Shell(f))
	if f.W < 80 {
		command = strings.Replace(command, string(p.Parent), p.Parent.Short(), 1) // y copies all of it
		return []string{t.Cut(" $ "+command, f.W)}
	}
	lines := []string{" As a command:"}
	for _, line := range t.Wrap(command, f.W-5, 3) {
		lines = append(lines, "   "+line)
	}
	return lines
}
