package jsonview

// A difference as far as it is shown. Two bodies may have a million fields; a frame has
// room for some dozens, and nobody pages through more than a thousand.

import (
	"runtime/debug"
	"strings"

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
	// left are the fields, or lines, that differ and are not in it, leftEqual the fields
	// that are equal and are not.
	left, leftEqual int
}

// NewDifference takes what is shown of d, which it does not keep. It goes over all of d,
// which is too much for a frame.
func NewDifference(d *jsondiff.Diff) *Difference {
	short := *d
	x := &Difference{Diff: &short}
	short.Fields = make([]jsondiff.Field, 0, min(len(d.Fields), 2*shownFields))
	differ, equal := 0, 0
	for _, f := range d.Fields {
		of := &differ
		if f.Change == jsondiff.Equal {
			of = &equal
		}
		if *of < shownFields {
			*of++
			short.Fields = append(short.Fields, f)
		}
	}
	if d.Fields != nil {
		x.left = d.Counts[jsondiff.Changed] + d.Counts[jsondiff.Added] + d.Counts[jsondiff.Removed] - differ
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
