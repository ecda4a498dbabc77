package jsonview

// Strings of more than one line, or too long for the tree: their beginning, how long they are,
// and how much is not shown.

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// A length is how long a string is.
type length struct{ lines, chars int }

// length of a string, found once. ok is false if it is too long to be looked through here.
func (n *Node) length() (l length, ok bool) {
	if len(n.Raw) > UnfoldAside {
		return l, false
	}
	if n.long == nil {
		text := n.whole()
		n.long = &length{strings.Count(strings.TrimSuffix(text, "\n"), "\n") + 1, utf8.RuneCountInString(text)}
	}
	return *n.long, true
}

// size says how long a string is, for example "21 lines, 842 characters".
func (n *Node) size() string {
	l, ok := n.length()
	switch {
	case !ok:
		return fmt.Sprintf("%.1f MB", float64(len(n.Raw))/1e6)
	case l.lines > 1:
		return style.Plural(int64(l.lines), "line") + ", " + style.Plural(int64(l.chars), "character")
	}
	return style.Plural(int64(l.chars), "character")
}

// blockOf are the lines of a string that has several, w cells wide and most of them at most.
// ok is false of a string of one line.
func (n *Node) blockOf(th *style.Theme, w, most int) (lines []string, left string, ok bool) {
	text := decode(loneEscapes(n.Raw), maxText)
	cut := len(n.Raw) > maxText
	if cut {
		text = strings.TrimSuffix(text, "…")
	}
	text = strings.TrimSuffix(text, "\n")
	if !strings.Contains(text, "\n") {
		return nil, "", false
	}
	shown, source := visible.Block(text), 0
	total := strings.Count(text, "\n") + 1
	for line := range strings.SplitSeq(shown, "\n") {
		parts := th.Wrap(line, w, most+2)
		if over := len(lines) + len(parts) - most; over > 0 && (over > 1 || source+1 < total || cut) {
			break // the rest is one line more, which says how much it is
		}
		lines = append(lines, parts...)
		source++
	}
	if source == 0 { // the first line alone is longer
		lines, source = th.Wrap(shown[:strings.IndexByte(shown, '\n')], w, most), 1
	}
	if l, known := n.length(); known {
		total = l.lines
	} else {
		return lines, "more", true
	}
	if total > source {
		left = style.Plural(int64(total-source), "more line")
	}
	return lines, left, true
}

// longValue draws a string in more lines than others may have. It returns nil for a string
// that the tree shows whole in one.
func (t *Tree) longValue(th *style.Theme, n *Node, look TreeLook, prefix, name, found string, current bool) []string {
	indent := style.Width(prefix) + style.Width(name)
	bar := th.Mark.Bar + " "
	w := look.W - indent - style.Width(bar) - 1
	if !n.IsString() || look.Wrap < 2 || w < 12 {
		return nil
	}
	block, left, ok := n.blockOf(th, w, look.Wrap)
	if !ok {
		return nil
	}
	lines := make([]string, 0, len(block)+1)
	for i, text := range block {
		note := ""
		if size := n.size(); i == 0 && style.Width(text)+style.Width(size)+3 <= w {
			note = style.Spaces(w-style.Width(text)-style.Width(size)) + size
		}
		switch {
		case i == 0 && current && look.Focused:
			lines = append(lines, th.Selected.Paint(th.Fit(th.Mark.Cursor+prefix[1:]+name+bar+text+note, look.W)))
			continue
		case i == 0:
			lines = append(lines, prefix+highlight(th, name, look.Find, th.Name)+th.Dim.Paint(bar)+highlight(th, text, found, th.Text)+th.Dim.Paint(note))
		default:
			lines = append(lines, style.Spaces(indent)+th.Dim.Paint(bar)+highlight(th, text, found, th.Text))
		}
	}
	if left != "" {
		rest := th.Dim.Paint(bar + th.Mark.Tail + " " + left)
		if look.Read != "" {
			rest += "   " + th.Key.Paint(look.Read) + th.Dim.Paint(" read")
		}
		lines = append(lines, style.Spaces(indent)+rest)
	}
	return lines
}

// leftOf says how much of a string of one line is not in the parts that are shown, with the
// key that shows it.
func (n *Node) leftOf(th *style.Theme, look TreeLook, parts []string) string {
	last := parts[len(parts)-1]
	if !n.IsString() || look.Wrap < 2 || len(parts) < 2 || !strings.HasSuffix(last, th.Mark.Tail) {
		return ""
	}
	left := th.Mark.Tail + " " + n.size() + " in all"
	if l, ok := n.length(); ok {
		shown := 0
		for _, part := range parts {
			shown += utf8.RuneCountInString(part)
		}
		if l.chars <= shown {
			return ""
		}
		left = th.Mark.Tail + " " + style.Plural(int64(l.chars-shown), "more character")
	}
	left = th.Dim.Paint(left)
	if look.Read != "" {
		left += "   " + th.Key.Paint(look.Read) + th.Dim.Paint(" read")
	}
	return left
}
