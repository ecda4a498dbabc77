package output

import (
	"bufio"
	"bytes"
	"io"

	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

// PrintDifference compares two bodies and prints what they differ in, for people. Errors
// of w come back.
func PrintDifference(w io.Writer, before, after []byte, ignore ...jsontree.Path) (d *jsondiff.Diff, err error) {
	err = PrintVisible(w, func(v io.Writer) error {
		if d, err = jsondiff.Each(before, after, ignore, func(f *jsondiff.Field) error { return f.Print(v) }); err != nil {
			return err
		}
		return d.PrintEnd(v)
	})
	return d, err
}

// WriteDifference writes a line of --json about a field, whose values may be large.
func WriteDifference(w io.Writer, f *jsondiff.Field) error {
	var head bytes.Buffer
	err := WriteLine(&head, struct {
		Schema int             `json:"schema"`
		Type   string          `json:"type"`
		Path   string          `json:"path"`
		Change jsondiff.Change `json:"change"`
	}{1, "difference", f.Path, f.Change})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w) // keeps the first error
	out.Write(bytes.TrimSuffix(head.Bytes(), []byte("}\n")))
	if f.Old != "" {
		out.WriteString(`,"old":`)
		_ = visible.WriteJSON(out, f.Old)
	}
	if f.New != "" {
		out.WriteString(`,"new":`)
		_ = visible.WriteJSON(out, f.New)
	}
	if f.Shadowed {
		out.WriteString(`,"hidden":true`)
	}
	out.WriteString("}\n")
	return out.Flush()
}
