package jsondiff

// The difference of texts that are not JSON.

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// maxLines is how many lines are compared one by one, of both texts.
const maxLines = 40_000

// around is how many equal lines stand around what differs.
const around = 3

func (d *Diff) compareLines(before, after []byte) {
	d.Counts[Equal] = bytes.Count(before, newline)
	if bytes.Equal(before, after) {
		return
	}
	// What is equal at the beginning and at the end needs no comparison.
	head, skipped := commonHead(before, after)
	a, b := before[head:], after[head:]
	tail := commonTail(a, b)
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	if bytes.Count(a, newline)+bytes.Count(b, newline) > maxLines {
		d.allLines(a, b, skipped)
		return
	}
	text := diff.Diff("a", a, "b", b)
	// The first three lines name the files.
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		switch {
		case i < 3:
			continue
		case strings.HasPrefix(line, "@@"):
			line = moved(line, skipped)
		case strings.HasPrefix(line, "+"):
			d.Counts[Added]++
		case strings.HasPrefix(line, "-"):
			d.Counts[Removed]++
		}
		d.Lines = append(d.Lines, line)
	}
	d.Counts[Equal] = max(d.Counts[Equal]-d.Counts[Removed], 0)
}

var newline = []byte("\n")

// commonHead returns how many bytes the lines have that two texts begin with, less the
// last ones, which are shown, and how many lines these are.
func commonHead(a, b []byte) (size, lines int) {
	var ends []int
	at := 0
	for {
		end := bytes.IndexByte(a[at:], '\n')
		if end < 0 || !bytes.HasPrefix(b[at:], a[at:at+end+1]) {
			break
		}
		at += end + 1
		lines++
		if ends = append(ends, at); len(ends) > around+1 {
			ends = ends[1:]
		}
	}
	if lines <= around {
		return 0, 0
	}
	return ends[0], lines - around
}

// commonTail returns how many bytes the lines have that two texts end with, less the
// first ones, which are shown.
func commonTail(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	// Only whole lines, and neither text is to end without its line break.
	tail := a[len(a)-n:]
	for range around + 1 {
		end := bytes.IndexByte(tail, '\n')
		if end < 0 {
			return 0
		}
		tail = tail[end+1:]
	}
	return len(tail)
}

// moved is the line @@ -1,4 +1,5 @@ of a part that begins so many lines later.
func moved(line string, lines int) string {
	var a, n, b, m int
	if _, err := fmt.Sscanf(line, "@@ -%d,%d +%d,%d @@", &a, &n, &b, &m); err != nil {
		return line
	}
	return fmt.Sprintf("@@ -%d,%d +%d,%d @@", a+lines, n, b+lines, m)
}

// allLines takes all lines of a for gone, and all of b for new.
func (d *Diff) allLines(a, b []byte, skipped int) {
	block := func(sign byte, text []byte) (string, int) {
		var s strings.Builder
		n := bytes.Count(text, newline) + 1
		s.Grow(len(text) + n)
		text = bytes.TrimSuffix(text, newline)
		for line := range bytes.SplitSeq(text, newline) {
			if s.Len() > 0 {
				s.WriteByte('\n')
			}
			s.WriteByte(sign)
			s.Write(line)
		}
		return s.String(), strings.Count(s.String(), "\n") + 1
	}
	gone, n := block('-', a)
	new, m := block('+', b)
	d.Coarse = true
	d.Lines = []string{fmt.Sprintf("@@ -%d,%d +%d,%d @@", skipped+1, n, skipped+1, m), gone, new}
	d.Counts[Removed], d.Counts[Added] = n, m
	d.Counts[Equal] = max(d.Counts[Equal]-n, 0)
}
