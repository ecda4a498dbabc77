package jsondiff

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// String is the difference as lines of text:
//
//	~ .comment.content
//	    - "LGTM, merging"
//	    + "@bot please re-run"
//	+ .repo.tags  ["audio"]
//	- .discussion.pinned  true
//	1 changed, 1 added, 1 removed, 18 equal
//
// What stands in it came from outside: whoever shows it makes it harmless.
func (d *Diff) String() string {
	var b strings.Builder
	_ = d.Print(&b) // a Builder takes all
	return b.String()
}

// Print writes what String returns, a part at a time. The error is that of w.
func (d *Diff) Print(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10) // keeps the first error
	for _, line := range d.Lines {
		out.WriteString(line)
		out.WriteByte('\n')
	}
	for _, f := range d.Fields {
		if f.Change == Equal {
			continue
		}
		path := f.Path
		if f.Shadowed {
			path += " (hidden by a later one of the same name)"
		}
		path = oneLine.Replace(path)
		parts := []string{"~ ", path, "\n    - ", unescaped(f.Old), "\n    + ", unescaped(f.New), "\n"}
		switch f.Change {
		case Added:
			parts = []string{"+ ", path, "  ", unescaped(f.New), "\n"}
		case Removed:
			parts = []string{"- ", path, "  ", unescaped(f.Old), "\n"}
		}
		for _, part := range parts {
			out.WriteString(part)
		}
	}
	out.WriteString(d.Summary())
	return out.Flush()
}

// oneLine keeps a name with a line break in it from looking like two fields.
var oneLine = strings.NewReplacer("\n", "␊", "\r", "␍")

// Summary counts, as in "1 changed, 0 added, 0 removed, 18 equal".
func (d *Diff) Summary() string {
	if d.Lines != nil {
		return fmt.Sprintf("no JSON: %d lines added, %d removed", d.Counts[Added], d.Counts[Removed])
	}
	return fmt.Sprintf("%d changed, %d added, %d removed, %d equal", d.Counts[Changed], d.Counts[Added], d.Counts[Removed], d.Counts[Equal])
}
