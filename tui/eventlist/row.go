package eventlist

// One line of the list: mark, time, label, kind of repository, subject, status,
// duration.

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// rowCells are the texts of a line, before they are given a width.
type rowCells struct {
	mark, when, label, kind, subject, status, took string

	glyphs []segment   // one for each target
	look   style.Style // of the status
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
	if r.AckStatus != 0 {
		c.subject = fmt.Sprintf("told %d ", r.AckStatus) + c.subject
	}
	c.outcomes(r, f)
	return c
}

// replayCells are those of a replay, below its event: its time is that since the event.
func replayCells(it Item, f screen.Frame) rowCells {
	t := f.Theme
	c := rowCells{mark: " ", kind: " ", status: "-", look: t.Dim, label: fmt.Sprintf("%s replay %d", t.Mark.Below, it.Replay.N)}
	if it.More > 0 {
		c.label = fmt.Sprintf("%s %s more", t.Mark.Below, style.Count(int64(it.More)))
		c.subject = fmt.Sprintf("#%d  ", it.Replay.N)
	}
	if at := it.Replay.Started; !at.IsZero() {
		c.subject += "+" + duration.Text(at.Sub(it.Row.Received)) + "  "
	}
	if it.fixes {
		c.subject += "fixed  "
	}
	if len(it.Row.Outcomes) > 1 || it.Replay.Target == "" {
		c.subject += "to " + describe.TargetName(it.Replay.Target, it.Replay.URL)
	}
	c.subject = strings.TrimRight(c.subject, " ")
	c.attempt(it.Replay, it.Row.Received, f)
	c.glyphs = replayGlyphs(it, f)
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
		mark: f.Theme.Mark.Failed, label: "rejected", kind: "-", look: rejectedLook(r, f.Theme),
		subject: fmt.Sprintf("%d %s", r.Status, describe.ReasonWords(r.Reason)), status: "-", took: "-",
	}
}

// rejectedLook is red for what may be the Hub's. Strangers who try a public URL need nobody's
// attention.
func rejectedLook(r *event.Rejected, t *style.Theme) style.Style {
	if r.LooksLikeHub {
		return t.Failed
	}
	return t.Dim
}

// LabelWidth is the column of the labels on rows of w cells: where there is little room
// the longest ones are shortened, so that what follows stands in line.
func LabelWidth(w int) int {
	switch {
	case w < 72:
		return 11
	case w < 100:
		return 14
	}
	return 18
}

// shortWords are those of a label that has no room, the first that is in it first.
var shortWords = [][2]string{{"discussion ", "disc. "}, {"comment ", "com. "}, {"deleted", "del."}, {"updated", "upd."}}

// briefLabel shortens a label to w cells. What is cut off the name of a branch is said in the
// subject then.
func briefLabel(t *style.Theme, label, subject string, w int) (string, string) {
	for _, words := range shortWords {
		if style.Width(label) <= w {
			return label, subject
		}
		label = strings.Replace(label, words[0], words[1], 1)
	}
	if style.Width(label) > w {
		if ref, ok := strings.CutPrefix(label, "push "); ok && !strings.HasSuffix(ref, t.Mark.Tail) {
			subject += " " + ref
		}
	}
	return t.Cut(label, w), subject
}

// pushed are the commits that a push went from and to.
var pushed = regexp.MustCompile(`\b(?:(new)|([0-9a-f]{3})[0-9a-f]{4})(→|->)(?:(gone)|([0-9a-f]{3})[0-9a-f]{4})\b`)

// shortenSHAs shortens the commits in a subject that has no room: both of them say more than
// one.
func shortenSHAs(subject string, room int) string {
	if style.Width(subject) <= room {
		return subject
	}
	return pushed.ReplaceAllString(subject, "$1$2$3$4$5")
}

// shortenRepo shortens the repository at the beginning of a subject that has no room: rows of
// one repository differ in what comes after it, which gets half of the room if it needs
// that. The owner is the first to go.
func shortenRepo(t *style.Theme, subject, repo string, room int) string {
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

// A Look is how the rows of a list are drawn.
type Look struct {
	Columns Columns
	Compact bool // without seconds and duration
	Focused bool // the keys move in the list

	glyphs, status int // widths of these columns, so that they stand in line
}

// Fit gives the columns the widths that these items need.
func (l Look) Fit(items []Item, f screen.Frame) Look {
	for i := range items {
		if it := &items[i]; it.Row != nil && it.Replay == nil {
			c := rowCells{status: "-"}
			c.outcomes(it.Row, f)
			l.glyphs, l.status = max(l.glyphs, widthOf(c.glyphs)), max(l.status, style.Width(c.status))
		}
	}
	return l
}

// Row draws an item on w cells.
func (l Look) Row(it Item, f screen.Frame, w int, selected bool) string {
	switch {
	case it.Gap != nil:
		return gapLine(it.Gap, f, w, selected, l.Focused)
	case !it.Day.IsZero():
		return dayLine(f, it.Day, w)
	}
	var c rowCells
	switch {
	case it.Replay != nil:
		c = replayCells(it, f)
		c.when = l.Columns.none(l.Compact)
	case it.Row != nil:
		c = eventCells(it, f)
		c.when = l.Columns.when(f, it.Row.Received, it.Row.ID, l.Compact)
	case it.Run != nil:
		c = runCells(it, f)
		c.when = l.Columns.when(f, it.Rejected.At, "", l.Compact)
	default:
		c = rejectedCells(it.Rejected, f)
		c.when = l.Columns.when(f, it.Rejected.At, "", l.Compact)
	}
	t := f.Theme
	outcome := l.outcome(&c, t)
	tail := 2 + widthOf(outcome) + 1 // the space before it, and the place of a pin
	if !l.Compact {
		tail += 7
	}
	label, subject := briefLabel(t, c.label, c.subject, LabelWidth(w))
	c.subject = subject
	label = t.Fit(label, LabelWidth(w))
	used := 1 + style.Width(c.when) + 1 + style.Width(label) + 1 + 2
	room := max(w-used-tail, 0)
	duration := ""
	if !l.Compact {
		duration = "  " + t.Right(c.took, 5)
	}
	gap, name, note := "  ", "", ""
	switch {
	case it.Rejected == nil:
		name, note = personal(t, it, room)
		room -= style.Width(name + note)
		c.subject = shortenSHAs(c.subject, room)
		if it.Row != nil && it.Replay == nil {
			c.subject = shortenRepo(t, c.subject, visible.Line(it.Row.Repo), room)
		}
	case style.Width(c.subject) > room: // it has neither status nor duration, and needs their room
		room += len(gap) + widthOf(outcome) + style.Width(duration)
		gap, outcome, duration = "", nil, ""
	case it.Run != nil:
		if hint := "   " + f.Label(keymap.ActRejected) + " why"; style.Width(c.subject)+style.Width(hint) <= room {
			c.subject += hint
		}
	default:
		if from := " from " + describe.PeerHost(it.Rejected); style.Width(c.subject)+style.Width(from) <= room {
			c.subject += from
		}
	}

	pin := segment{" ", t.Bold}
	switch {
	case it.Marked:
		pin.text = t.Mark.Marked
	case it.Row == nil || it.Replay != nil:
	case it.Row.Pin != "":
		pin.text = "*"
	case it.Row.Warnings > 0:
		pin = segment{t.Mark.Warn, t.Warn}
	}
	labelLook := style.Style{}
	if it.Rejected != nil {
		labelLook = c.look
	}
	line := slices.Concat([]segment{{c.mark, c.look}, {c.when, t.Dim}, {text: " "}, {label, labelLook}, {" " + c.kind + " ", t.Dim},
		{text: t.Fit(c.subject, room)}, {name, t.Bold}, {note, t.Dim}, {text: gap}}, outcome, []segment{{duration, t.Dim}, pin})
	switch {
	case selected:
		line[0].text = t.Mark.Cursor
		return bar(t, line, outcome, len(line)-len(outcome)-2, w, l.Focused)
	case it.Past:
		return t.Dim.Paint(t.Fit(plain(line), w))
	}
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.look.Paint(s.text))
	}
	return t.Fit(b.String(), w)
}

// outcome is the cell of what became of an event, or of an attempt.
func (l Look) outcome(c *rowCells, t *style.Theme) (cell []segment) {
	switch {
	case l.glyphs == 0:
		// Of a command the status takes more than three cells, for example "exit 0".
		return append(c.glyphs, segment{t.Fit(c.status, max(l.status, style.Width(c.status), 3)), c.look})
	case l.status == 0 && len(c.glyphs) == 0: // of a replay
		return []segment{{t.Fit(c.status, max(l.glyphs, style.Width(c.status))), c.look}}
	}
	cell = append(cell, c.glyphs...)
	cell = append(cell, segment{text: style.Spaces(l.glyphs - widthOf(c.glyphs))})
	if width := max(l.status, style.Width(c.status)); width > 0 {
		cell = append(cell, segment{text: " "}, segment{t.Fit(c.status, max(width, 3)), c.look})
	}
	return cell
}

func plain(line []segment) string {
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.text)
	}
	return b.String()
}

// bar draws the line under the cursor: in one look, except that the outcome at that place in
// it keeps its colours.
func bar(t *style.Theme, line, outcome []segment, at, w int, focused bool) string {
	look := t.Marked
	if focused {
		look = t.Selected
	}
	before, after := plain(line[:at]), plain(line[at+len(outcome):])
	var b strings.Builder
	b.WriteString(look.Paint(before))
	used := style.Width(before)
	for _, s := range outcome {
		if s.look == t.Dim { // it says nothing that matters
			s.look = style.Style{}
		}
		b.WriteString(look.With(s.look).Paint(s.text))
		used += style.Width(s.text)
	}
	if used > w {
		return look.Paint(t.Fit(plain(line), w))
	}
	b.WriteString(look.Paint(t.Fit(after, w-used)))
	return b.String()
}
