package eventlist

// One line of the list: mark, time, label, kind of repository, subject, status,
// duration.

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// rowCells are the texts of a line, before they are given a width.
type rowCells struct {
	mark, when, label, kind, subject, status, took string
	look                                           style.Style // of the status
}

// countAfter is how long a delivery may take before its row counts.
const countAfter = 100 * time.Millisecond

func eventCells(it Item, f screen.Frame) rowCells {
	r := it.Row
	c := rowCells{mark: " ", label: f.Theme.Mark.Say(visible.Line(r.Label)), kind: kindLetter(r.RepoType), subject: f.Theme.Mark.Meaning(r.Subject), status: "-", look: f.Theme.Dim}
	switch {
	case r.Duplicate != "":
		c.subject = "dup " + c.subject
	case r.SameBody != "":
		c.subject = "=" + f.At(r.SameBodyAt).Format(time.TimeOnly) + " " + c.subject
	}
	c.outcomes(r, f)
	return c
}

// replayCells are those of a replay, below its event.
func replayCells(it Item, f screen.Frame) rowCells {
	t := f.Theme
	c := rowCells{mark: " ", kind: " ", status: "-", look: t.Dim, label: fmt.Sprintf("%s replay %d", t.Mark.Below, it.Replay.N)}
	c.subject = "to " + visible.Line(style.Address(it.Replay.URL, true))
	if it.More > 0 {
		c.label, c.subject = fmt.Sprintf("%s %s more", t.Mark.Below, style.Count(int64(it.More))), fmt.Sprintf("last: %d %s", it.Replay.N, c.subject)
	}
	c.attempt(it.Replay, it.Row.Received, f)
	return c
}

// attempt tells how an attempt went, or for how long it has been under way.
func (c *rowCells) attempt(d *event.Delivery, received time.Time, f screen.Frame) {
	switch {
	case d.State == event.Waiting || d.State == event.Sending:
		c.status = f.Theme.Mark.Busy
		since := received // it waits since then
		if d.State == event.Sending {
			since = d.Started
		}
		if waited := f.Now.Sub(since); !since.IsZero() && waited >= countAfter {
			c.took = duration.Cell(waited.Truncate(100 * time.Millisecond))
		}
	case d.State == event.Dropped:
		c.status = attempt.Word(d)
	case d.State != event.Done:
		c.status, c.look = attempt.Word(d), f.Theme.Warn
	default:
		c.status, c.took, c.look = attempt.Word(d), duration.Cell(d.Took), f.Theme.Failed
		if d.OK() {
			c.look = f.Theme.Ok
		}
	}
}

func rejectedCells(r *event.Rejected, f screen.Frame) rowCells {
	return rowCells{
		mark: f.Theme.Failed.Paint(f.Theme.Mark.Failed), label: "rejected", kind: "-",
		subject: fmt.Sprintf("%d %s", r.Status, describe.ReasonWords(r.Reason)), status: "-", took: "-", look: f.Theme.Dim,
	}
}

// LabelWidth is the column of the labels on rows of w cells: where there is little room
// the longest ones are cut, so that what follows stands in line.
func LabelWidth(w int) int {
	if w < 72 {
		return 11
	}
	return 14
}

// pushed are the commits that a push went from and to.
var pushed = regexp.MustCompile(`\b([0-9a-f]{3})[0-9a-f]{4}(→|->)([0-9a-f]{3})[0-9a-f]{4}\b`)

// briefShas shortens the commits in a subject that has no room: both of them say more than
// one.
func briefShas(subject string, room int) string {
	if style.Width(subject) <= room {
		return subject
	}
	return pushed.ReplaceAllString(subject, "$1$2$3")
}

// briefRepo shortens the repository at the beginning of a subject that has no room: rows of
// one repository differ in what comes after it, which gets half of the room if it needs
// that. The owner is the first to go.
func briefRepo(t *style.Theme, subject, repo string, room int) string {
	rest, ok := strings.CutPrefix(subject, repo)
	if !ok || rest == "" || style.Width(subject) <= room || room < 12 {
		return subject
	}
	left := max(room-style.Width(rest), room/2)
	if style.Width(repo) > left {
		repo = t.Cut(repo[strings.LastIndexByte(repo, '/')+1:], left)
	}
	return repo + rest
}

// personal is what a person called an event and wrote about it, on two fifths of the room
// that there is for its subject; empty if that is too little to read.
func personal(t *style.Theme, it Item, room int) (name, note string) {
	const readable = 5
	if it.Row == nil || it.Replay != nil {
		return "", ""
	}
	left := room*2/5 - 2
	add := func(text string) string {
		if text == "" || left < min(style.Width(text), readable) {
			return ""
		}
		text = "  " + t.Cut(text, left)
		left -= style.Width(text)
		return text
	}
	if it.Row.Pin != "" {
		name = add(visible.Line(it.Row.Pin))
	}
	if it.Row.Note != "" {
		note = add("(" + visible.Line(it.Row.Note) + ")")
	}
	return name, note
}

func kindLetter(t payload.RepoType) string {
	switch t {
	case payload.TypeModel:
		return "M"
	case payload.TypeDataset:
		return "D"
	case payload.TypeSpace:
		return "S"
	case payload.TypeBucket:
		return "B"
	case payload.TypeKernel:
		return "K"
	}
	return "?"
}

// RowLine draws an item on w cells. Compact leaves out seconds and duration.
func RowLine(it Item, f screen.Frame, w int, cols Columns, compact, selected, focused bool) string {
	if it.Gap != nil {
		return gapLine(it.Gap, f, w, selected, focused)
	}
	var c rowCells
	switch {
	case it.Replay != nil:
		c = replayCells(it, f)
		c.when = cols.none(compact)
		if !it.Replay.Started.IsZero() {
			c.when = cols.when(f, it.Replay.Started, "", compact)
		}
	case it.Row != nil:
		c = eventCells(it, f)
		c.when = cols.when(f, it.Row.Received, it.Row.ID, compact)
	default:
		c = rejectedCells(it.Rejected, f)
		c.when = cols.when(f, it.Rejected.At, "", compact)
	}
	t := f.Theme
	tail := 5 // the status with the space before it, and the place of a pin
	if !compact {
		tail += 7
	}
	status := t.Fit(c.status, max(style.Width(c.status), 3)) // of a command it takes more, for example "exit 0"
	tail += style.Width(status) - 3
	label := c.label
	if style.Width(label) > LabelWidth(w) {
		label = strings.Replace(label, "comment ", "com. ", 1) // what became of it matters more
	}
	label = t.Fit(label, LabelWidth(w))
	used := 1 + style.Width(c.when) + 1 + style.Width(label) + 1 + 2
	room := max(w-used-tail-1, 0)
	duration := ""
	if !compact {
		duration = "  " + t.Right(c.took, 5)
	}
	gap, name, note := "  ", "", ""
	switch {
	case it.Rejected == nil:
		name, note = personal(t, it, room)
		room -= style.Width(name + note)
		c.subject = briefShas(c.subject, room)
		if it.Row != nil && it.Replay == nil {
			c.subject = briefRepo(t, c.subject, visible.Line(it.Row.Repo), room)
		}
	case style.Width(c.subject) > room: // it has neither status nor duration, and needs their room
		room += len(gap) + style.Width(status) + style.Width(duration)
		gap, status, duration = "", "", ""
	default:
		if from := " from " + describe.PeerHost(it.Rejected); style.Width(c.subject)+style.Width(from) <= room {
			c.subject += from
		}
	}
	subject := t.Fit(c.subject, room)

	pin := " "
	if it.Row != nil && it.Replay == nil && it.Row.Pin != "" {
		pin = "*"
	}
	if it.Marked {
		pin = t.Mark.Marked
	}
	if selected {
		line := t.Mark.Cursor + c.when + " " + label + " " + c.kind + " " + subject + name + note + gap + status + duration + pin
		look := t.Marked
		if focused {
			look = t.Selected
		}
		return look.Paint(t.Fit(line, w))
	}
	if it.Past {
		return t.Dim.Paint(t.Fit(style.Spaces(1)+c.when+" "+label+" "+c.kind+" "+subject+name+note+gap+status+duration+pin, w))
	}
	labelLook := style.Style{}
	if it.Row == nil {
		labelLook = t.Failed
	}
	line := c.mark + t.Dim.Paint(c.when) + " " + labelLook.Paint(label) + " " + t.Dim.Paint(c.kind) + " " +
		subject + t.Bold.Paint(name) + t.Dim.Paint(note) + gap + c.look.Paint(status) + t.Dim.Paint(duration) + t.Bold.Paint(pin)
	return t.Fit(line, w)
}
