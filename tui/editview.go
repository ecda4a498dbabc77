package tui

// How the edit screen is drawn: the tree, and below it as much of change, checks,
// presets and command as there is room for.

import (
	"fmt"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// health is what is known of a target, in a mark and a word.
func (t *theme) health(h dev.Health) (mark, word string, look style) {
	switch h {
	case dev.Healthy:
		return t.mark.ok, "up", t.ok
	case dev.Failing:
		return t.mark.failed, "failing", t.failed
	case dev.Away:
		return t.mark.warn, "away", t.warn
	}
	return t.mark.idle, "not tried yet", t.dim
}

// A part is lines below a rule with words in it.
type part struct {
	title string // empty: no rule
	lines []string
	least int // lines that it has at least, where it is shown
}

func (p *edit) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	title := " " + t.bold.paint("Edit "+visible.Line(p.title))
	if f.w >= 80 {
		title += " " + t.mark.arrow + " new event (the original is never changed)"
	} else {
		title += " (the original is never changed)"
	}
	if p.parent == "" {
		title = " " + t.bold.paint("Edit "+visible.Line(p.title)) + " before it is sent"
	}
	lines = append(lines, t.lead(title, t.dim.paint("e $EDITOR   s set one field")+" ", f.w), t.line(f.w, ""))
	closing := f.h >= 16
	rest := f.h - len(lines)
	if closing {
		rest--
	}
	lines = append(lines, t.fill(p.body(f, max(rest, 1)), f.w, rest)...)
	if closing {
		lines = append(lines, t.line(f.w, ""))
	}
	return lines
}

// body is everything between the title and the status line.
func (p *edit) body(f frame, h int) []string {
	t := f.theme
	if p.now == nil {
		return []string{t.dim.paint(" reading the payload" + t.mark.busy)}
	}
	shown := p.now
	if p.live != nil {
		shown = p.live
	}
	parts := []*part{
		{title: "change", lines: t.changeLines(shown, f.w), least: 2},
		{lines: p.commandLines(f), least: 1},
		{title: "checks", lines: t.checkLines(shown, f.w), least: 2},
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
	if p.now.tree != nil {
		nodes = len(p.now.tree.nodes) + 1
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

	lines := t.fill(p.treeLines(f, tree), f.w, tree)
	order := []string{"change", "checks", "presets", ""}
	for _, name := range order {
		for _, one := range chosen {
			if title, _, _ := strings.Cut(one.title, " "); title != name {
				continue
			}
			if one.title != "" {
				lines = append(lines, t.line(f.w, one.title))
			}
			cut := one.lines[:one.least]
			if name == "" && one.least < len(one.lines) {
				cut = append(cut[:one.least-1:one.least-1], t.cut(cut[one.least-1]+" "+t.mark.tail, f.w))
			}
			if left := len(one.lines) - one.least; left > 0 && name == "change" && one.least > 1 {
				cut = append(cut[:one.least-1:one.least-1], t.dim.paint(fmt.Sprintf(" %s and %s more", t.mark.tail, plural(int64(left+1), "line"))))
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
func (p *edit) treeLines(f frame, h int) []string {
	t := f.theme
	d := p.now
	if d.tree == nil {
		lines := []string{t.failed.paint(t.cut(" "+visible.Line("This body is no JSON: "+d.wrong.Error()), f.w)), t.dim.paint(" e edits its bytes in $EDITOR.")}
		raw := rawView{}
		return append(lines, raw.lines(t, d.body, f.w, h-len(lines), "")...)
	}
	look := treeLook{w: f.w, h: h, focused: p.field == nil, wrap: min(3, max(h/2, 1))}
	add := ""
	switch {
	case p.field != nil && p.field.add:
		add = " + " + t.caret(&p.field.input, f.w-20) + t.dim.paint("   .path=value")
	case p.field != nil:
		look.input = func(w int) string { return p.field.draw(t, w) }
	default:
		add = t.dim.paint(" + add field " + t.mark.tail + " a")
	}
	if add != "" && (p.field != nil || h > 2) {
		look.h--
		look.wrap = min(look.wrap, max(look.h, 1))
		return append(t.fill(d.tree.view(t, look, remarks{p: d.payload}), f.w, min(look.h, max(h-1, 0))), add)
	}
	return d.tree.view(t, look, remarks{p: d.payload})
}

// draw is the input on w cells, with the type of what is written at its right.
func (e *fieldEdit) draw(t *theme, w int) string {
	kind := fieldInput{text: e.input.Value(), asText: e.asText}.kind()
	room := max(w-width(kind)-6, 8)
	look := t.dim
	if e.err != nil {
		look = t.warn
	}
	return t.dim.paint(t.mark.bar) + t.bold.paint(t.fit(t.caret(&e.input, room-1), room)) + t.dim.paint(t.mark.bar) + "  " + look.paint(t.cut(kind, max(w-room-4, 0)))
}

// changeLines say what differs from the original.
func (t *theme) changeLines(d *draft, w int) []string {
	if d.changes() == 0 {
		return []string{t.dim.paint(" nothing differs from the original")}
	}
	var lines []string
	paths := 0
	for _, field := range d.diff.Fields {
		paths = max(paths, width(visible.Line(field.Path)))
	}
	paths = min(paths, w/3)
	beside := w >= 80
	for i := range d.diff.Fields {
		field := &d.diff.Fields[i]
		sign, look := "~", t.warn
		switch field.Change {
		case jsondiff.Added:
			sign, look = "+", t.ok
		case jsondiff.Removed:
			sign, look = "-", t.failed
		}
		head := " " + look.paint(sign) + " " + t.fit(visible.Line(field.Path), paths) + "   "
		if !beside {
			if len(d.diff.Fields) > 1 || field.Change != jsondiff.Changed {
				lines = append(lines, t.cut(" "+look.paint(sign)+" "+visible.Line(field.Path), w))
			}
			head = " "
		}
		indent := width(head)
		value := func(sign, text string, look style) {
			for k, piece := range t.wrap(visible.Line(text), w-indent-3, 2) {
				if k > 0 {
					sign = " "
				}
				lines = append(lines, t.cut(head+look.paint(sign+" "+piece), w))
				head = spaces(indent)
			}
		}
		if field.Change != jsondiff.Added {
			value("-", field.Old, t.failed)
		}
		if field.Change != jsondiff.Removed {
			value("+", field.New, t.ok)
		}
	}
	if left := d.changes() - len(d.diff.Fields); left > 0 && d.diff.Lines == nil {
		lines = append(lines, t.dim.paint(t.cut(" "+t.mark.tail+" and "+plural(int64(left), "field")+" more that differ", w)))
	}
	for _, line := range d.diff.Lines {
		var look style
		switch {
		case strings.HasPrefix(line, "+"):
			look = t.ok
		case strings.HasPrefix(line, "-"):
			look = t.failed
		default:
			continue
		}
		lines = append(lines, " "+look.paint(t.cut(visible.Line(line), w-1)))
		if len(lines) > 200 {
			break
		}
	}
	return lines
}

// checkLines are the checks, what is wrong first.
func (t *theme) checkLines(d *draft, w int) []string {
	var bad, good []string
	for _, c := range d.checks() {
		text := c.text
		if width(text)+3 > w {
			text = c.brief
		}
		switch text = visible.Line(text); {
		case c.good:
			good = append(good, t.ok.paint(t.mark.ok)+" "+text)
		case c.grave:
			bad = append(bad, " "+t.cut(t.failed.paint(t.mark.failed+" "+text), w-2))
		default:
			bad = append(bad, " "+t.cut(t.warn.paint(t.mark.warn+" "+text), w-2))
		}
	}
	lines := bad
	for i := 0; i < len(good); i++ {
		line := " " + good[i]
		// Where they are short, two stand side by side.
		if i+1 < len(good) && width(line)+3+width(good[i+1]) <= w {
			line += "   " + good[i+1]
			i++
		}
		lines = append(lines, t.cut(line, w))
	}
	return lines
}

func (p *edit) presetTitle(f frame) string {
	if f.w < 80 {
		return "presets p"
	}
	return "presets"
}

// presetLines are the presets with the numbers that apply them.
func (p *edit) presetLines(f frame) []string {
	t := f.theme
	if p.now.tree == nil {
		return nil
	}
	lines, used := []string{" "}, 1
	for i, one := range p.now.presets() {
		name := one.name
		if f.w >= 80 && one.tag != "" {
			name += " (" + one.tag + ")"
		}
		if f.w < 80 {
			name, _, _ = strings.Cut(name, " repo.")
		}
		text, need := t.key.paint(fmt.Sprint(i+1))+" "+name, width(name)+5
		if one.apply == nil {
			text = t.dim.paint(fmt.Sprint(i+1) + " " + name)
		}
		if used+need > f.w && used > 1 {
			lines, used = append(lines, " "), 1
		}
		lines[len(lines)-1] += " " + text + "  "
		used += need
	}
	return lines
}

// commandLines are the command that does the same.
func (p *edit) commandLines(f frame) []string {
	t := f.theme
	command := visible.Line(p.shell(f))
	if f.w < 80 {
		command = strings.Replace(command, string(p.parent), p.parent.Short(), 1) // y copies all of it
		return []string{t.cut(" $ "+command, f.w)}
	}
	lines := []string{" As a command:"}
	for _, line := range t.wrap(command, f.w-5, 3) {
		lines = append(lines, "   "+line)
	}
	return lines
}
