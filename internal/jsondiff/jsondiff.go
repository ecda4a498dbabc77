// Package jsondiff compares two JSON texts by structure: which paths were added,
// removed and changed. The order of members, spacing and the way in which a number or
// a string is written make no difference; nothing else is overlooked, be it a digit of
// a number of any size or a member whose name comes twice. What is not JSON is
// compared by lines.
//
//	d := jsondiff.Compare(before, after)
//	if !d.Same() {
//		fmt.Println(d)
//	}
package jsondiff

import (
	"bytes"

	"hfhook/internal/jsontree"
)

// A Change says what became of a field.
type Change string

// The changes.
const (
	Equal   Change = "equal"
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// A Field is a place in the texts: one with a scalar or an empty list or object in
// it or, if a whole part was added, removed or became of another type, that part.
type Field struct {
	Path   string // for example .updatedRefs[0].newSha
	Change Change

	// Old and New are the values as JSON on one line, in the digits and escapes of the
	// text; empty if there is none. Of an equal field New is as Old.
	Old, New string

	// Shadowed is true of a member that a later one of the same name hides from most
	// readers.
	Shadowed bool
}

// How fine a difference is. A part in which something differs is one field, with all that
// is in it, if it is nested deeper, or if the fields in it would be out of proportion to
// the texts.
const (
	maxDepth  = 64        // steps of a path
	fieldSize = 100       // bytes, without its path and values: a line of JSON has them
	minSize   = 256 << 10 // of all fields without their values
	sizeTimes = 10        // and so many times the texts
)

// What a Diff holds at most.
const (
	maxFields = 150_000 // that differ: more than the texts have of which 256 KiB are kept
	maxEqual  = 1_000   // fields that are equal
	maxParts  = 1_000   // members in which all is equal
	minPaths  = 64 << 10
)

// A Diff is what two texts differ in.
type Diff struct {
	// Fields are the first of those that differ and the first of those that are equal, in
	// the order of the old text, what was added to an object or list behind its others.
	// Nil if one of the texts is not JSON.
	Fields []Field

	// Left is how many fields that differ are not in Fields.
	Left int

	// Coarse is true if some of the fields hold more than one that differs: the texts
	// are nested too deep there, or differ in too much.
	Coarse bool

	// Parts are the first of the members of the whole in which all is equal.
	Parts []Part

	// Lines are the difference of texts that are no JSON, each beginning with a space,
	// a - or a +, with parts that begin with @@ and three lines around each. Nil if the
	// texts are equal. If there are too many lines to be compared one by one, all that
	// are gone are one element, and all that are new another.
	Lines []string

	Counts map[Change]int // of all fields, or of lines; every Change is in it
}

// A Part is a member of the whole.
type Part struct {
	Name   string
	Fields int // in it
}

func newDiff() *Diff {
	return &Diff{Counts: map[Change]int{Equal: 0, Added: 0, Removed: 0, Changed: 0}}
}

// CompareText compares two texts by lines, JSON laid out a value a line.
func CompareText(before, after []byte) *Diff {
	d := newDiff()
	d.compareLines(laidOut(before), laidOut(after))
	return d
}

func laidOut(text []byte) []byte {
	doc, err := jsontree.Parse(text)
	if err != nil {
		return text
	}
	// The size first: a buffer that grows by doubling takes far more than it holds.
	var size counter
	_, _ = doc.Layout(&size)
	b := bytes.NewBuffer(make([]byte, 0, int(size)+1))
	_, _ = doc.Layout(b) // a Buffer takes all
	b.WriteByte('\n')
	return b.Bytes()
}

// A counter counts the bytes that are written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// Same reports whether there is no difference.
func (d *Diff) Same() bool { return d.Counts[Added]+d.Counts[Removed]+d.Counts[Changed] == 0 }

// Compare compares two texts. What the paths of ignore lead to, and all within it,
// makes no difference; ignored fields are not in the Diff, nor counted.
func Compare(before, after []byte, ignore ...jsontree.Path) *Diff {
	var fields []Field
	kept := 0
	d, _ := compare(before, after, ignore, maxEqual, func(f func() Field, c Change) error {
		if c != Equal {
			kept++
		}
		if c == Equal || kept <= maxFields {
			fields = append(fields, f())
		}
		return nil
	})
	d.Fields, d.Left = fields, max(kept-maxFields, 0)
	return d
}

// Each is Compare for texts that may differ in very much: it calls do with each field
// that differs, and the Diff that it returns has no Fields. An error of do ends it.
func Each(before, after []byte, ignore []jsontree.Path, do func(*Field) error) (*Diff, error) {
	return compare(before, after, ignore, 0, func(f func() Field, _ Change) error {
		field := f()
		return do(&field)
	})
}

// compare calls emit with what makes a field.
func compare(before, after []byte, ignore []jsontree.Path, equal int, emit func(func() Field, Change) error) (*Diff, error) {
	d := newDiff()
	a, err1 := jsontree.Parse(before)
	b, err2 := jsontree.Parse(after)
	if err1 != nil || err2 != nil {
		d.compareLines(before, after)
		return d, nil
	}
	w := &walker{ignore: ignore, diff: d, emit: emit, size: minSize + sizeTimes*(len(before)+len(after)), equal: equal, equalPaths: minPaths}
	w.compare(a.Root, b.Root, false)
	return d, w.err
}
