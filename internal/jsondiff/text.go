package jsondiff

import (
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
	for i := range d.Fields {
		if f := &d.Fields[i]; f.Change != Equal {
			if err := f.Print(w); err != nil {
				return err
			}
		}
	}
	return d.PrintEnd(w)
}

// Print writes a field that differs as String has it, with a line break behind it. The
// error is that of w.
func (f *Field) Print(w io.Writer) error {
	path := f.Path
	if f.Shadowed {
		path += " (overridden by a later one of the same name)"
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
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}

// PrintEnd writes what String has behind the fields: the lines of texts that are no JSON,
// and the counts. The error is that of w.
func (d *Diff) PrintEnd(w io.Writer) error {
	for _, line := range d.Lines {
		for _, part := range []string{line, "\n"} {
			if _, err := io.WriteString(w, part); err != nil {
				return err
			}
		}
	}
	end := d.Summary()
	switch {
	case d.Left == 1:
		end = "… and one field more that differs\n" + end
	case d.Left > 1:
		end = fmt.Sprintf("… and %d more differing fields\n%s", d.Left, end)
	}
	_, err := io.WriteString(w, end)
	return err
}

// oneLine keeps a name with a line break in it from looking like two fields.
var oneLine = strings.NewReplacer("\n", "␊", "\r", "␍")

// Summary counts, for example "1 changed, 0 added, 0 removed, 18 equal".
func (d *Diff) Summary() string {
	if d.Lines != nil {
		lines := "lines"
		if d.Counts[Added] == 1 {
			lines = "line"
		}
		return fmt.Sprintf("no JSON: %d %s added, %d removed", d.Counts[Added], lines, d.Counts[Removed])
	}
	return fmt.Sprintf("%d changed, %d added, %d removed, %d equal", d.Counts[Changed], d.Counts[Added], d.Counts[Removed], d.Counts[Equal])
}
