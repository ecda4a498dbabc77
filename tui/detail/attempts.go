package detail

// The tab deliveries: what became of the event at each target, every attempt, and the answer
// and the times of the one under the cursor.

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// AttemptColumns are the widths of the table's columns: of those of no width there is no
// room for more.
func AttemptColumns(w int) (c columnsOfAttempts) {
	switch {
	case w >= 90:
		c = columnsOfAttempts{When: 12, why: 8, payload: 8}
	case w >= 72:
		c = columnsOfAttempts{When: 8, why: 8}
	case w >= 56:
		c = columnsOfAttempts{When: 8, payload: 8}
	default:
		c = columnsOfAttempts{When: 8}
	}
	c.to = w - len("xxx ") - c.When - len("    result ") - 2 - len("198ms ")
	for _, more := range []int{c.why, c.payload} {
		if more > 0 {
			c.to -= more + 3
		}
	}
	return c
}

type columnsOfAttempts struct{ When, to, why, payload int }

func (c columnsOfAttempts) Row(t *style.Theme, mark, n, when, to, result, duration, why, payload string) string {
	outcome := t.Fit(result, 7) + " " + t.Right(duration, 6)
	if duration == "" {
		outcome = t.Fit(result, 14)
	}
	line := t.Fit(mark+t.Right(n, 2), 3) + " " + t.Fit(when, c.When) + "  " + t.Fit(to, c.to) + "  " + outcome
	if c.why > 0 {
		line += "   " + t.Fit(why, c.why)
	}
	if c.payload > 0 {
		line += "   " + t.Fit(payload, c.payload)
	}
	return line
}

// Time is when an attempt was made: of another day its date, too.
func (c columnsOfAttempts) Time(f screen.Frame, at time.Time) string {
	text := f.Moment(at)
	switch {
	case len(text) == len(time.TimeOnly) && c.When >= len("15:04:05.000"):
		return f.At(at).Format("15:04:05.000")
	case len(text) > c.When:
		return text[:len("01-02")]
	}
	return text
}

// address is where it went: whole where there is room.
func (c columnsOfAttempts) address(url string) string {
	switch {
	case style.Width(url) <= c.to:
		return url
	case style.Width(style.Address(url, false)) <= c.to:
		return style.Address(url, false)
	}
	return style.Address(url, true)
}

func attemptsView(d *Pane, f screen.Frame, w, h int, focused bool) []string {
	t := f.Theme
	if len(d.Deliveries) == 0 {
		lines := []string{"", " Not sent anywhere yet.", ""}
		if len(f.State.Targets) == 0 {
			return append(lines, t.Dim.Paint(" No handler yet: start one, for example hfhook dev 8000."))
		}
		return append(lines, t.Dim.Paint(" "+f.Label(keymap.ActReplay)+" sends it to every handler now."))
	}
	cols := AttemptColumns(w)
	var lines []string
	results := describe.Results(d.Item.Row, d.Deliveries, f.State)
	if len(results) > 1 && h >= 10 {
		lines = append(lines, t.Cut(" "+d.byTarget(results, t), w))
	}
	lines = append(lines, t.Dim.Paint(cols.Row(t, " ", "#", "when", "to", "result", "took", "why", "payload")))
	sent := "original"
	if d.Item.Row.Parent != "" {
		sent = "edited"
	}
	table := min(len(d.Deliveries), max((h-1)/3, 1))
	from := min(max(d.Attempt-table+1, 0), len(d.Deliveries)-table)
	for i := from; i < from+table; i++ {
		a := &d.Deliveries[i]
		when := "-"
		if !a.Started.IsZero() {
			when = cols.Time(f, a.Started)
		}
		status, duration := describe.AttemptCells(a, f)
		mark := " "
		if i == d.Attempt {
			mark = t.Mark.Cursor
		}
		if !a.Accepted.IsZero() {
			status += " " + t.Mark.Ok
		}
		number := strconv.Itoa(a.N)
		if d.Paired[a.N] {
			number = t.Mark.Marked + number
		}
		line := cols.Row(t, mark, number, when, visible.Line(cols.address(a.URL)), status, duration, visible.Line(string(a.Kind)), sent)
		switch {
		case i == d.Attempt && focused:
			line = t.Selected.Paint(t.Fit(line, w))
		case i == d.Attempt:
			line = t.Marked.Paint(line)
		}
		lines = append(lines, line)
	}
	a := &d.Deliveries[d.Attempt]
	title := fmt.Sprintf("attempt %d: response", a.N)
	if len(results) > 1 && a.Attempt > 0 {
		title = fmt.Sprintf("#%d, attempt %d at %s: response", a.N, a.Attempt, visible.Line(a.Target))
	}
	if !a.Accepted.IsZero() {
		title += ", accepted as the right one"
	}
	lines = append(lines, t.Line(w, title))
	if line := d.Answer.right.line(t, w); line != "" {
		lines = append(lines, line)
	}

	compared := d.compared(f, w)
	answer := hubAnswer(d.Event, f, w)
	room := h - len(lines)
	response := answerHead(d.Event, a, f, w)
	if hit := d.Search.hit(TabDeliveries); hit != nil && hit.Way[0] == d.Attempt {
		response = append(response, t.Cut(" "+t.Key.Paint(f.Label(keymap.ActFind))+" "+jsonview.Highlight(t, hit.Excerpt, d.Sought(), t.Text), w))
	}
	body := d.Answer.view(f, a, w, max(room-len(response)-len(compared)-1, 2))
	response = append(response, body...)
	lines = append(lines, response[:min(len(response), max(room, 0))]...)
	if len(lines)+len(compared)+1 == h {
		answer = []string{t.Cut(" "+t.Dim.Paint(hubAnswerText(d.Event, f)), w)}
	}
	for _, part := range [][]string{compared, answer} {
		if len(lines)+len(part) <= h {
			lines = append(lines, part...)
		}
	}
	return lines
}

// byTarget says in one line how the attempts at each target went, in their order, for example
// "app: 1st 500, 2nd 200 │ staging: held".
func (d *Pane) byTarget(results []describe.Result, t *style.Theme) string {
	parts := make([]string, 0, len(results))
	for i := range results {
		var tries []string
		for k := range d.Deliveries {
			if a := &d.Deliveries[k]; a.Target == results[i].Target && (a.Target != "" || a.URL == results[i].Last.URL) {
				if a.State == event.Waiting {
					tries = append(tries, "held")
					continue
				}
				tries = append(tries, ordinal(len(tries)+1)+" "+attempt.Word(a))
			}
		}
		name := describe.TargetName(results[i].Target, results[i].Last.URL)
		parts = append(parts, t.Bold.Paint(name+":")+" "+strings.Join(tries, ", "))
	}
	return strings.Join(parts, t.Dim.Paint(" "+t.Mark.Bar+" "))
}

// compared are the lines about an attempt and the one before it at the same target or, of
// the first of an edited copy, the last one of its original.
func (d *Pane) compared(f screen.Frame, w int) []string {
	a := &d.Deliveries[d.Attempt]
	if pair := d.Answer.Pair; pair != nil {
		return against(fmt.Sprintf("compared with attempt %d", pair.was.N), &pair.was, a, d.Answer.Diff, f, w)
	}
	k := d.Compare.Known
	if k == nil || k.B == nil || k.B.ID != d.Item.Row.Parent || k.first == nil {
		return nil
	}
	if k.first.Target != a.Target {
		return nil
	}
	lines := against("compared with the original "+k.B.ID.Short(), k.first, a, k.firstAnswer, f, w)
	if lines == nil {
		return nil
	}
	return append(lines, sentLines(f.Theme, k.payload, w)...)
}

// sentLines are what was sent otherwise than with the original.
func sentLines(t *style.Theme, d *jsonview.Difference, w int) (lines []string) {
	const most = 4
	n := d.Counts[jsondiff.Changed] + d.Counts[jsondiff.Added] + d.Counts[jsondiff.Removed]
	for i := range d.Fields {
		field := &d.Fields[i]
		if field.Change == jsondiff.Equal {
			continue
		}
		if len(lines) == most-1 && n > most {
			return append(lines, t.Dim.Paint(fmt.Sprintf(" sent    %s and %s more", t.Mark.Tail, style.Plural(int64(n-most+1), "field"))))
		}
		path := visible.Line(field.Path)
		switch field.Change {
		case jsondiff.Added:
			path = t.Ok.Paint("+ "+path) + "  " + visible.Line(jsonview.Clipped(field.New))
		case jsondiff.Removed:
			path = t.Failed.Paint("- " + path)
		default:
			was, is := visible.Line(jsonview.Clipped(field.Old)), visible.Line(jsonview.Clipped(field.New))
			room := max(w-style.Width(path)-len(" sent    ~   ")-style.Width(t.Mark.Arrow)-2, 8)
			path = t.Warn.Paint("~ "+path) + "  " + t.Cut(was, max(room/2, room-style.Width(is))) + " " + t.Mark.Arrow + " " + is
		}
		lines = append(lines, t.Cut(" sent    "+path, w))
	}
	return lines
}

// answerHead is what the target said in its first line, or why it said nothing.
func answerHead(e *event.Event, a *event.Delivery, f screen.Frame, w int) []string {
	t := f.Theme
	result, look := describe.AttemptResult(a, f)
	if a.State != event.Done || a.Status == 0 {
		lines := []string{" " + look.Paint(result)}
		why := a.Err
		if a.State == event.Withheld {
			why = f.Label(keymap.ActReplay) + " sends it anyway, and so does " + dev.SendCommand(e, a)
		}
		for _, line := range t.Wrap(visible.Line(why), w-2, 4) {
			if line != "" {
				lines = append(lines, " "+line)
			}
		}
		return lines
	}
	about := []string{look.Paint(a.Result())}
	if !a.Exited {
		about[0] += " " + http.StatusText(a.Status)
	}
	for _, name := range []string{"Content-Type", "Server"} {
		for _, field := range a.ResponseHeader {
			if strings.EqualFold(field.Name, name) {
				about = append(about, t.Dim.Paint(visible.Line(field.Value)))
			}
		}
	}
	size := style.Plural(a.ResponseSize, "byte")
	if a.ResponseCut {
		size += fmt.Sprintf(", the first %s kept", style.Count(int64(len(a.ResponseBody))))
	}
	lines := []string{t.Cut(" "+strings.Join(append(about, t.Dim.Paint(size)), "  "), w)}
	if a.Err != "" {
		lines = append(lines, " "+t.Failed.Paint(visible.Line(a.Err)))
	}
	for _, line := range t.Wrap(cmp.Or(visible.Line(a.Advice()), describe.RouteText(f, a), describe.SecretText(f, a)), w-2, 4) {
		if line != "" {
			lines = append(lines, " "+t.Warn.Paint(line))
		}
	}
	return lines
}

// against compares an attempt with an earlier one.
func against(title string, first, a *event.Delivery, body *comparedAnswer, f screen.Frame, w int) []string {
	if first.State != event.Done || a.State != event.Done {
		return nil
	}
	t := f.Theme
	was, _ := describe.AttemptCells(first, f)
	is, _ := describe.AttemptCells(a, f)
	status := is + " as before"
	if was != is {
		status = fmt.Sprintf("%s %s %s", was, t.Mark.Arrow, is)
	}
	lines := []string{
		t.Line(w, title),
		fmt.Sprintf(" status  %s    time  %s %s %s (%s)", status, duration.Text(first.Took), t.Mark.Arrow, duration.Text(a.Took), t.Mark.Say(duration.Difference(a.Took-first.Took))),
	}
	if body == nil {
		return lines
	}
	for _, line := range t.Wrap(visible.Line(body.bodyText()), w-10, 3) {
		if line != "" {
			lines = append(lines, " body    "+line)
		}
	}
	if !body.bodies.Same() {
		lines = append(lines, changes(t, body.bodies, w)...)
	}
	return lines
}

// changes are the lines of a difference, what was before and what is now.
func changes(t *style.Theme, d *jsonview.Difference, w int) (lines []string) {
	const most = 6
	n := 2*d.Counts[jsondiff.Changed] + d.Counts[jsondiff.Removed] + d.Counts[jsondiff.Added]
	add := func(look style.Style, sign, path, value string) {
		lines = append(lines, " body    "+look.Paint(t.Cut(visible.Line(sign+" "+path+"  "+value), w-9)))
	}
	for _, field := range d.Fields {
		if len(lines) > most {
			break
		}
		if field.Change == jsondiff.Removed || field.Change == jsondiff.Changed {
			add(t.Failed, "-", field.Path, field.Old)
		}
		if field.Change == jsondiff.Added || field.Change == jsondiff.Changed {
			add(t.Ok, "+", field.Path, field.New)
		}
	}
	for _, line := range d.Lines {
		if len(lines) > most {
			break
		}
		switch {
		case strings.HasPrefix(line, "+"):
			add(t.Ok, "+", "", line[1:])
		case strings.HasPrefix(line, "-"):
			add(t.Failed, "-", "", line[1:])
		}
	}
	if n > most {
		lines = append(lines[:most-1], t.Dim.Paint(" body    "+t.Mark.Tail+" and "+style.Plural(int64(n-most+1), "line")+" more"))
	}
	return lines
}

// timing says how long the parts of an attempt took.
func timing(a *event.Delivery) []string {
	p := a.Phases
	if p == (event.Phases{}) {
		return nil
	}
	return []string{fmt.Sprintf(" connect %s  write %s  first byte %s  body %s",
		duration.Text(p.Connect), duration.Text(p.Write), duration.Text(p.FirstByte), duration.Text(p.Body))}
}

// hubAnswer says what the sender of the event was told.
func hubAnswer(e *event.Event, f screen.Frame, w int) (lines []string) {
	for _, line := range f.Theme.Wrap(hubAnswerText(e, f), w-2, 2) {
		lines = append(lines, " "+f.Theme.Dim.Paint(line))
	}
	return lines
}

func hubAnswerText(e *event.Event, f screen.Frame) string {
	switch {
	case e.Origin == event.Synthetic && e.Answer.ByRule():
		return fmt.Sprintf("Synthetic event: created here, and answered %d by %s.", e.Answer.Status, visible.Line(e.Answer.Reason))
	case e.Origin == event.Synthetic:
		return "Synthetic event: created here, not on the Hub."
	case e.Origin != event.FromHub:
		return "This event didn't come from the Hub."
	case e.Answer.Status == 0:
		return fmt.Sprintf("It was stored at %s, before your handler got it.", f.At(e.Received).Format(time.TimeOnly))
	}
	text := fmt.Sprintf("The Hub got %d at %s (%s)", e.Answer.Status, f.At(e.Answer.At).Format("15:04:05.000"), duration.Text(e.Answer.Took))
	switch {
	case e.Answer.Target != "":
		text += ", which is what " + visible.Line(e.Answer.Target) + " answered."
	case e.Answer.ByRule():
		text += ", as told by " + visible.Line(e.Answer.Reason) + "."
	case e.Answer.Reason != "":
		text += ", and not the handler's answer: " + visible.Line(e.Answer.Reason)
	default:
		text += ", independently of your handler (ack: stored)."
	}
	return text
}

// turn says which of the attempts at its target one is, and at which target if the event went
// to several.
func (d *Pane) turn(at int) string {
	target := d.Deliveries[at].Target
	n, of := 0, 0
	for i := range d.Deliveries {
		if d.Deliveries[i].Target != target {
			continue
		}
		if of++; i <= at {
			n++
		}
	}
	text := fmt.Sprintf("attempt %d of %d", n, of)
	if of < len(d.Deliveries) {
		text += " at " + visible.Line(target)
	}
	return text
}
