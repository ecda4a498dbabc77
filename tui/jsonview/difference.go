package jsonview

// A difference as far as it is shown. Two bodies may have a million fields; a frame has
// room for some dozens, and nobody pages through more than a thousand.

import (
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"hfhook/internal/jsondiff"
)

const (
	shownFields = 1000 // of the fields that differ, and as many of those that are equal
	shownLines  = 2000 // of a difference by lines
)

// A Difference has the first fields and lines of a Diff, their values cut to what is
// shown, and the counts of all.
type Difference struct {
	*jsondiff.Diff
	// Passing is how many of the fields that differ do so each time, as ids do.
	Passing int

	// left are the fields, or lines, that differ and are not in it, leftPassing those that do
	// so each time, and leftEqual the fields that are equal and are not.
	left, leftPassing, leftEqual int
}

// NewDifference takes what is shown of d, which it does not keep. It goes over all of d,
// which is too much for a frame.
func NewDifference(d *jsondiff.Diff) *Difference {
	short := *d
	x := &Difference{Diff: &short}
	short.Fields = make([]jsondiff.Field, 0, min(len(d.Fields), 3*shownFields))
	differ, equal, inPassing := 0, 0, 0
	for i := range d.Fields {
		f := d.Fields[i]
		of := &differ
		switch {
		case f.Change == jsondiff.Equal:
			of = &equal
		case passing(&f):
			x.Passing++
			of = &inPassing
		}
		if *of < shownFields {
			*of++
			f.Old, f.New = fromWhereTheyDiffer(f.Old, f.New)
			short.Fields = append(short.Fields, f)
		}
	}
	if d.Fields != nil {
		x.left = d.Counts[jsondiff.Changed] + d.Counts[jsondiff.Added] + d.Counts[jsondiff.Removed] - x.Passing - differ
		x.leftPassing = x.Passing - inPassing
		x.leftEqual = d.Counts[jsondiff.Equal] - equal
	}
	if d.Lines != nil {
		short.Lines, x.left = shownOf(d)
	}
	readable := short.Readable()
	for i := range readable.Fields {
		f := &readable.Fields[i]
		f.Old, f.New = Clipped(f.Old), Clipped(f.New)
	}
	x.Diff = readable
	return x
}

// sameStart is how much two texts may have in common before that is left out, in bytes, and
// keptStart how much of it is kept.
const (
	sameStart = 300
	keptStart = 60
)

// fromWhereTheyDiffer are two texts without the most of what they begin with in common, so that
// a change at the end of a long one is seen.
func fromWhereTheyDiffer(old, new string) (string, string) {
	if len(old) < sameStart || len(new) < sameStart || old[0] != '"' || new[0] != '"' {
		return old, new
	}
	n := 0
	for n < min(len(old), len(new)) && old[n] == new[n] {
		n++
	}
	if n < sameStart || n == len(old) && n == len(new) {
		return old, new
	}
	for n -= keptStart; n > 0 && (!utf8.RuneStart(old[n]) || strings.ContainsRune(old[n-6:n], '\\')); {
		n-- // an escape stays whole
	}
	if n < sameStart/2 {
		return old, new
	}
	return `"… ` + old[n:], `"… ` + new[n:]
}

// shownOf returns the lines that are shown of a difference by lines, and how many of the
// others differ.
func shownOf(d *jsondiff.Diff) (lines []string, left int) {
	left = d.Counts[jsondiff.Added] + d.Counts[jsondiff.Removed]
	for _, element := range d.Lines {
		for line := range strings.SplitSeq(element, "\n") { // of a coarse one it has many
			if len(lines) == shownLines {
				return lines, left
			}
			if line != "" && (line[0] == '+' || line[0] == '-') {
				left--
			}
			lines = append(lines, Clipped(line))
		}
	}
	return lines, left
}

// large is the size of what is read or compared from which the memory that it took
// meanwhile is not left to be reclaimed when it happens.
const large = 2 << 20

// GiveBack returns to the system what work on n bytes has used, which is a multiple of
// them and would else be held for minutes. It takes some milliseconds, in a Cmd.
func GiveBack(n int) {
	if n >= large {
		debug.FreeOSMemory()
	}
}
