package jsontree

// JSON as people read it, and as short as it gets.

import (
	"bufio"
	"io"
	"strings"
)

// How far a text is laid out: a value a line would else take the square of its size.
const (
	maxLevels = 32       // objects and lists within each other
	minIndent = 64 << 10 // bytes of white space before all lines, and as much again as
	indents   = 8        // so many times the text
)

// Layout writes the text with a value on each line, two spaces before it for each object
// or list that it is in, and no line break at the end. It has all values of the text, in
// the digits and escapes that they have there. flat reports whether some of them share a
// line: they are within more than 32 others, or the indentation of all lines would be out
// of proportion to the text. What is written is ten times the size of the text at most,
// or some 64 KiB more. The error is that of w.
func (d *Doc) Layout(w io.Writer) (flat bool, err error) {
	out := &layout{w: bufio.NewWriterSize(w, 64<<10), indent: minIndent + indents*len(d.Text)}
	out.value(d.Root, 0)
	return out.flat, out.w.Flush()
}

type layout struct {
	w      *bufio.Writer // keeps the first error
	indent int           // bytes of white space that there is room for
	flat   bool
}

func (l *layout) value(n Node, level int) {
	if !n.container() {
		l.w.Write(n.Raw())
		return
	}
	count := n.Len()
	white := 2 * (count*(level+1) + level)
	if count > 0 && (level >= maxLevels || white > l.indent) {
		l.flat = true
		n.compact(l.w)
		return
	}
	object := n.first() == '{'
	l.w.WriteByte(n.first())
	if count > 0 {
		l.indent -= white
		first := true
		begin := func() {
			if !first {
				l.w.WriteByte(',')
			}
			first = false
			l.line(level + 1)
		}
		for _, m := range n.Members() {
			begin()
			l.w.Write(m.quoted())
			l.w.WriteString(": ")
			l.value(m.Value, level+1)
		}
		for _, e := range n.Elements() {
			begin()
			l.value(e, level+1)
		}
		l.line(level)
	}
	if object {
		l.w.WriteByte('}')
	} else {
		l.w.WriteByte(']')
	}
}

const spaces = "                                                                " // of maxLevels

func (l *layout) line(level int) {
	l.w.WriteByte('\n')
	l.w.WriteString(spaces[:2*level])
}

// Compact writes the value without the white space between its parts. The error is that
// of w.
func (n Node) Compact(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	n.compact(out)
	return out.Flush()
}

// OnOneLine is the value without the white space between its parts.
func (n Node) OnOneLine() string {
	raw := n.Raw()
	if !n.container() {
		return string(raw)
	}
	var b strings.Builder
	b.Grow(len(raw))
	_ = n.Compact(&b) // a Builder takes all
	return b.String()
}

func (n Node) compact(w *bufio.Writer) {
	raw := n.Raw()
	done := 0
	for i := 0; i < len(raw); {
		switch raw[i] {
		case '"':
			i = skip(raw, i)
		case ' ', '\t', '\r', '\n':
			w.Write(raw[done:i])
			i = space(raw, i)
			done = i
		default:
			i++
		}
	}
	w.Write(raw[done:])
}
