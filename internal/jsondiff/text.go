package jsondiff

import (
	"fmt"
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
	for _, line := range d.Lines {
		b.WriteString(line + "\n")
	}
	for _, f := range d.Readable().Fields {
		path := f.Path
		if f.Shadowed {
			path += " (hidden by a later one of the same name)"
		}
		path = oneLine.Replace(path)
		switch f.Change {
		case Added:
			fmt.Fprintf(&b, "+ %s  %s\n", path, f.New)
		case Removed:
			fmt.Fprintf(&b, "- %s  %s\n", path, f.Old)
		case Changed:
			fmt.Fprintf(&b, "~ %s\n    - %s\n    + %s\n", path, f.Old, f.New)
		}
	}
	b.WriteString(d.Summary())
	return b.String()
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
