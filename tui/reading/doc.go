// Package reading lays out long texts to be read: as they are, or as Markdown. It knows
// nothing of screens; what a text is comes from outside, so all of it is made harmless first.
package reading

// A text in blocks, which is laid out on lines of any width.

import (
	"strings"

	"hfhook/internal/visible"
)

// A Look is how a part of a text is meant to look. Looks add up.
type Look uint8

// The looks.
const (
	Strong Look = 1 << iota
	Emphasis
	Code
	Struck
	Link
	Address // where a link leads
	Aside   // what is not of the text itself: marks before a line, what was left out

	Plain Look = 0
)

// A Doc is a text that is safe to show. It is never changed once it was made.
type Doc struct {
	Text   string // without what stands before the lines
	Source int    // lines of the source
	Left   []Left // what is in the source and is not shown

	blocks []block
	spans  []span // in the order of the text, none over another
}

// Left is what a Doc does not show: so many of one kind, for example 2 of "image".
type Left struct {
	What string
	N    int
}

// A span is a part of the text that does not look plain.
type span struct {
	from, to int
	look     Look
}

type kind uint8

const (
	prose kind = iota // wrapped at spaces
	code              // wrapped anywhere
	rule
	table
)

// A block is a part of the text that begins on a line of its own.
type block struct {
	kind        kind
	from, to    int
	first, rest string // before its first line and the others
	rows        [][]cell
}

// A cell is a part of the text in a table.
type cell struct{ from, to int }

// Source is a text as it is, line by line. It takes a time that grows with the text.
func Source(text string) *Doc {
	d := &Doc{Text: strings.TrimSuffix(visible.Block(text), "\n")}
	for from := 0; ; {
		end := strings.IndexByte(d.Text[from:], '\n')
		if end < 0 {
			d.blocks = append(d.blocks, block{kind: prose, from: from, to: len(d.Text)})
			break
		}
		d.blocks = append(d.blocks, block{kind: prose, from: from, to: from + end})
		from += end + 1
	}
	d.Source = len(d.blocks)
	return d
}
