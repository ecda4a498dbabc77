package tui

// One line of the list: mark, time, label, kind of repository, subject, status,
// duration.

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/payload"
)

// rowCells are the texts of a line, before they are given a width.
type rowCells struct {
	mark, when, label, kind, subject, status, took string
	look                                           style // of the status
}

// countAfter is how long a delivery may take before its row counts.
const countAfter = 100 * time.Millisecond

// pending tells whether the row counts up.
func pending(r *event.Row) bool {
	return r.Deliveries > 0 && (r.Last.State == event.Waiting || r.Last.State == event.Sending)
}

func eventCells(it item, f frame) rowCells {
	r, last := it.row, it.row.Last
	if it.first != nil {
		last = *it.first
	}
	c := rowCells{mark: " ", label: f.theme.mark.say(visible.Line(r.Label)), kind: kindLetter(r.RepoType), subject: f.theme.mark.tell(r.Subject), status: "-", look: f.theme.dim}
	switch {
	case r.Duplicate != "":
		c.subject = "dup " + c.subject
	case r.SameBody != "":
		c.subject = "=" + f.at(r.SameBodyAt).Format(time.TimeOnly) + " " + c.subject
	}
	if r.Deliveries > 0 {
		c.attempt(&last, r.Received, f)
	}
	return c
}

// replayCells are those of a replay, below its event.
func replayCells(it item, f frame) rowCells {
	t := f.theme
	c := rowCells{mark: " ", kind: " ", status: "-", look: t.dim, label: fmt.Sprintf("%s replay %d", t.mark.below, it.replay.N)}
	c.subject = "to " + visible.Line(address(it.replay.URL, true))
	if it.more > 0 {
		c.label, c.subject = fmt.Sprintf("%s %s more", t.mark.below, count(int64(it.more))), fmt.Sprintf("last: %d %s", it.replay.N, c.subject)
	}
	c.attempt(it.replay, it.row.Received, f)
	return c
}

// attempt tells how an attempt went, or for how long it has been under way.
func (c *rowCells) attempt(d *event.Delivery, received time.Time, f frame) {
	switch {
	case d.State == event.Waiting || d.State == event.Sending:
		c.status = f.theme.mark.busy
		since := received
		if d.State == event.Sending && !d.Started.IsZero() {
			since = d.Started
		}
		if waited := f.now.Sub(since); waited >= countAfter {
			c.took = took(waited.Truncate(100 * time.Millisecond))
		}
	case d.State == event.Dropped:
		c.took = "-"
	case d.State == event.Withheld:
		c.status, c.took, c.look = "withheld", "", f.theme.warn
	case d.State == event.Interrupted:
		c.status, c.took, c.look = "interrupted", "", f.theme.warn
	case d.Status == 0 || d.Err != "":
		c.status, c.took, c.look = "ERR", "-", f.theme.failed
	default:
		c.status, c.took, c.look = d.Result(), took(d.Took), f.theme.failed
		if d.OK() {
			c.look = f.theme.ok
		}
	}
}

func rejectedCells(r *event.Rejected, f frame) rowCells {
	return rowCells{
		mark: f.theme.failed.paint(f.theme.mark.failed), label: "rejected", kind: "-",
		subject: fmt.Sprintf("%d %s", r.Status, reasonWords(r.Reason)), status: "-", took: "-", look: f.theme.dim,
	}
}

// labelWidth is the column of the labels on rows of w cells: where there is little room
// the longest ones are cut, so that what follows stands in line.
func labelWidth(w int) int {
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
	if width(subject) <= room {
		return subject
	}
	return pushed.ReplaceAllString(subject, "$1$2$3")
}

// briefRepo shortens the repository at the beginning of a subject that has no room: rows of
// one repository differ in what comes after it, which gets half of the room if it needs
// that. The owner is the first to go.
func (t *theme) briefRepo(subject, repo string, room int) string {
	rest, ok := strings.CutPrefix(subject, repo)
	if !ok || rest == "" || width(subject) <= room || room < 12 {
		return subject
	}
	left := max(room-width(rest), room/2)
	if width(repo) > left {
		repo = t.cut(repo[strings.LastIndexByte(repo, '/')+1:], left)
	}
	return repo + rest
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

// rowLine draws an item on w cells. Compact leaves out seconds and duration.
func rowLine(it item, f frame, w int, cols columns, compact, selected, focused bool) string {
	if it.gap != nil {
		return gapLine(it.gap, f, w, selected, focused)
	}
	var c rowCells
	switch {
	case it.replay != nil:
		c = replayCells(it, f)
		c.when = cols.none(compact)
		if !it.replay.Started.IsZero() {
			c.when = cols.when(f, it.replay.Started, "", compact)
		}
	case it.row != nil:
		c = eventCells(it, f)
		c.when = cols.when(f, it.row.Received, it.row.ID, compact)
	default:
		c = rejectedCells(it.rejected, f)
		c.when = cols.when(f, it.rejected.At, "", compact)
	}
	t := f.theme
	tail := 5 // the status with the space before it, and the place of a pin
	if !compact {
		tail += 7
	}
	status := t.fit(c.status, max(width(c.status), 3)) // of a command it takes more, as in "exit 0"
	tail += width(status) - 3
	label := c.label
	if width(label) > labelWidth(w) {
		label = strings.Replace(label, "comment ", "com. ", 1) // what became of it matters more
	}
	label = t.fit(label, labelWidth(w))
	used := 1 + width(c.when) + 1 + width(label) + 1 + 2
	room := max(w-used-tail-1, 0)
	duration := ""
	if !compact {
		duration = "  " + t.right(c.took, 5)
	}
	gap := "  "
	switch {
	case it.rejected == nil:
		c.subject = briefShas(c.subject, room)
		if it.row != nil && it.replay == nil {
			c.subject = t.briefRepo(c.subject, visible.Line(it.row.Repo), room)
		}
	case width(c.subject) > room: // it has neither status nor duration, and needs their room
		room += len(gap) + width(status) + width(duration)
		gap, status, duration = "", "", ""
	default:
		if from := " from " + peerHost(it.rejected); width(c.subject)+width(from) <= room {
			c.subject += from
		}
	}
	subject := t.fit(c.subject, room)

	pin := " "
	if it.row != nil && it.replay == nil && it.row.Pin != "" {
		pin = "*"
	}
	if it.marked {
		pin = t.mark.marked
	}
	if selected {
		line := t.mark.cursor + c.when + " " + label + " " + c.kind + " " + subject + gap + status + duration + pin
		look := t.marked
		if focused {
			look = t.selected
		}
		return look.paint(t.fit(line, w))
	}
	labelLook := style{}
	if it.row == nil {
		labelLook = t.failed
	}
	line := c.mark + t.dim.paint(c.when) + " " + labelLook.paint(label) + " " + t.dim.paint(c.kind) + " " +
		subject + gap + c.look.paint(status) + t.dim.paint(duration) + t.bold.paint(pin)
	return t.fit(line, w)
}
