package output

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize"

	"hfhook/event"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/payload"
)

// RepoLetter is the kind of a repository in a list.
func RepoLetter(t payload.RepoType) string {
	switch t {
	case payload.TypeModel, payload.TypeDataset, payload.TypeSpace, payload.TypeBucket, payload.TypeKernel:
		return strings.ToUpper(string(t[:1]))
	default:
		return "?"
	}
}

// WithheldText says why an event was withheld from a target.
func WithheldText(d *event.Delivery) string {
	return "same delivery as " + string(d.SameAs) + ", which this target has or is about to get."
}

// noteWidth is how much of a note ls shows, in cells.
const noteWidth = 60

// WriteRow writes one line of ls.
func WriteRow(w io.Writer, r *event.Row) error { return WriteRowAnd(w, r, "") }

// WriteRowAnd is WriteRow with a text at its end.
func WriteRowAnd(w io.Writer, r *event.Row, more string) error {
	result := rowResult(r)
	subject := visible.Line(r.Subject)
	switch {
	case r.Duplicate != "":
		subject = "dup " + subject
	case r.SameBody != "":
		subject = "=" + r.SameBodyAt.Local().Format(time.TimeOnly) + " " + subject
	}
	if r.AckStatus != 0 {
		subject = fmt.Sprintf("told %d ", r.AckStatus) + subject
	}
	took := ""
	if worst := r.Worst(); worst != nil && worst.Last.State == event.Done {
		took = duration.Text(worst.Last.Took)
	}
	pin := ""
	if r.Pin != "" {
		pin = "  " + visible.Line(r.Pin)
	}
	if r.Note != "" {
		pin += "  (" + ansi.Truncate(visible.Line(r.Note), noteWidth, "…") + ")"
	}
	if names := leftOverAt(r.Outcomes); names != "" {
		pin += "  left over at " + names
	}
	if more != "" {
		pin += "  " + more
	}
	_, err := fmt.Fprintf(w, "%s  %s  %-18s %s %-44s %7s %8s%s\n", r.ID, r.Received.Local().Format("2006-01-02 15:04:05"),
		visible.Line(r.Label), RepoLetter(r.RepoType), subject, result, took, pin)
	return err
}

// Size is a number of bytes as people read it.
func Size(n int64) string {
	if n < 0 {
		return "? B"
	}
	return humanize.IBytes(uint64(n))
}
