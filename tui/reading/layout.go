package reading

// A text on lines of some width.

import (
	"sort"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"hfhook/tui/style"
)

// Lines are a Doc on lines of one width.
type Lines struct {
	doc *Doc
	W   int
	all []line
}

// A line is what stands on it, from left to right.
type line struct {
	from  int // of the text: the first byte of it or after it
	parts []part
}

// A part of a line is a range of the text, or words that are not of the text.
type part struct {
	from, to int
	words    string
	look     Look
}

// Lay lays a Doc out on w cells. It takes a time that grows with the text.
func Lay(d *Doc, w int) *Lines {
	l := &Lines{doc: d, W: max(w, 1)}
	for i := range d.blocks {
		l.block(&d.blocks[i])
	}
	return l
}

// Len is how many lines there are.
func (l *Lines) Len() int { return len(l.all) }

// At is where a line begins in the text.
func (l *Lines) At(line int) int {
	if line < 0 || line >= len(l.all) {
		return 0
	}
	return l.all[line].from
}

// Of is the line that a byte of the text is on.
func (l *Lines) Of(offset int) int {
	return max(sort.Search(len(l.all), func(i int) bool { return l.all[i].from > offset })-1, 0)
}

func (l *Lines) block(b *block) {
	first, rest := l.before(b.first), l.before(b.rest)
	room := max(l.W-max(style.Width(first), style.Width(rest)), 1)
	switch b.kind {
	case rule:
		l.add(b.from, lead(first, part{words: strings.Repeat("─", min(room, 40)), look: Aside})...)
		return
	case table:
		l.table(b, first, rest, room)
		return
	}
	before := first
	for from := b.from; from <= b.to; {
		end := b.to
		if i := strings.IndexByte(l.doc.Text[from:b.to], '\n'); i >= 0 {
			end = from + i
		}
		wrap(l.doc.Text[from:end], room, b.kind == prose, func(a, z int) {
			l.add(from+a, lead(before, part{from: from + a, to: from + z})...)
			before = rest
		})
		from = end + 1
	}
}

// before is what stands before a line: at most half of it, however deep it is nested.
func (l *Lines) before(s string) string {
	for style.Width(s) > l.W/2 {
		s = s[:strings.LastIndexFunc(s, func(rune) bool { return true })]
	}
	return s
}

func lead(before string, parts ...part) []part {
	if before == "" {
		return parts
	}
	return append([]part{{words: before, look: Aside}}, parts...)
}

func (l *Lines) add(from int, parts ...part) { l.all = append(l.all, line{from, parts}) }

// wrap calls do with each line of a text on w cells: broken at spaces if words stay whole, and
// within a word that is longer than a line. A text without anything is one line.
func wrap(s string, w int, words bool, do func(from, to int)) {
	for start := 0; ; {
		end, next := breakAt(s, start, w, words)
		do(start, end)
		if next >= len(s) {
			return
		}
		start = next
	}
}

// breakAt is where the line ends that begins at start, and where the next one begins.
func breakAt(s string, start, w int, words bool) (end, next int) {
	cells, space := 0, -1
	for i := start; i < len(s); {
		size, wide := 1, 1
		if s[i] < ' ' || s[i] > '~' || i+1 < len(s) && s[i+1] > '~' {
			var cluster string
			cluster, wide = ansi.FirstGraphemeCluster(s[i:], ansi.GraphemeWidth)
			size = max(len(cluster), 1)
		}
		if words && s[i] == ' ' {
			space = i
		}
		if cells+wide > w && i > start {
			switch {
			case words && s[i] == ' ':
				return i, skipSpace(s, i)
			case words && space > start:
				return space, skipSpace(s, space)
			}
			return i, i
		}
		cells += wide
		i += size
		if words && wide == 2 { // between wide letters a line may end anywhere
			space = -1
			if next, ok := wideEnd(s, i, cells, w); ok {
				return next, next
			}
		}
	}
	return len(s), len(s)
}

// wideEnd reports whether a line ends behind a wide letter, because what follows it does not
// fit whole.
func wideEnd(s string, i, cells, w int) (end int, ok bool) {
	word := 0
	for k := i; k < len(s) && s[k] != ' ' && word <= w; {
		cluster, wide := ansi.FirstGraphemeCluster(s[k:], ansi.GraphemeWidth)
		if wide == 2 {
			if word == 0 {
				word = 2
			}
			break
		}
		word += wide
		k += max(len(cluster), 1)
	}
	return i, word > 0 && word <= w && cells+word > w
}

func skipSpace(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}
