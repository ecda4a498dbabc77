package tui

// The tab deliveries: every attempt, and the answer and the times of the one under
// the cursor.

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/jsondiff"
	"hfhook/internal/visible"
)

// attemptResult is how an attempt went, as in "✗ 500 in 198ms".
func attemptResult(a *event.Delivery, f frame) (string, style) {
	t := f.theme
	switch {
	case a.State == event.Waiting:
		return t.mark.busy + " waiting for the target", t.warn
	case a.State == event.Sending:
		return fmt.Sprintf("%s under way for %s", t.mark.busy, took(f.now.Sub(a.Started).Truncate(100*time.Millisecond))), t.warn
	case a.State == event.Dropped:
		return t.mark.off + " given up, not sent", t.dim
	case a.State == event.Withheld:
		return t.mark.off + " withheld: same delivery as " + visible.Line(a.SameAs.Short()), t.warn
	case a.State == event.Interrupted:
		return t.mark.off + " interrupted", t.warn
	case a.Status == 0:
		return fmt.Sprintf("%s no answer after %s", t.mark.failed, took(a.Took)), t.failed
	case a.OK():
		return fmt.Sprintf("%s %s in %s", t.mark.ok, a.Result(), took(a.Took)), t.ok
	}
	return fmt.Sprintf("%s %s in %s", t.mark.failed, a.Result(), took(a.Took)), t.failed
}

// attemptCells are status and duration of a line of the table.
func attemptCells(a *event.Delivery, f frame) (status, duration string) {
	switch {
	case a.State == event.Waiting:
		return "waiting", ""
	case a.State == event.Sending:
		return "sending", took(f.now.Sub(a.Started).Truncate(100 * time.Millisecond))
	case a.State == event.Dropped:
		return "dropped", ""
	case a.State == event.Withheld:
		return "withheld", ""
	case a.State == event.Interrupted:
		return "interrupted", ""
	case a.Status == 0:
		return "ERR", took(a.Took)
	}
	return a.Result(), took(a.Took)
}

// attemptColumns are the widths of the table's columns: of those of no width there is no
// room for more.
func attemptColumns(w int) (c columnsOfAttempts) {
	switch {
	case w >= 90:
		c = columnsOfAttempts{when: 12, why: 8, payload: 8}
	case w >= 72:
		c = columnsOfAttempts{when: 8, why: 8}
	case w >= 56:
		c = columnsOfAttempts{when: 8, payload: 8}
	default:
		c = columnsOfAttempts{when: 8}
	}
	c.to = w - len("xxx ") - c.when - len("    result ") - 2 - len("198ms ")
	for _, more := range []int{c.why, c.payload} {
		if more > 0 {
			c.to -= more + 3
		}
	}
	return c
}

type columnsOfAttempts struct{ when, to, why, payload int }

func (c columnsOfAttempts) row(t *theme, mark, n, when, to, result, duration, why, payload string) string {
	outcome := t.fit(result, 7) + " " + t.right(duration, 6)
	if duration == "" {
		outcome = t.fit(result, 14)
	}
	line := t.fit(mark+t.right(n, 2), 3) + " " + t.fit(when, c.when) + "  " + t.fit(to, c.to) + "  " + outcome
	if c.why > 0 {
		line += "   " + t.fit(why, c.why)
	}
	if c.payload > 0 {
		line += "   " + t.fit(payload, c.payload)
	}
	return line
}

// time is when an attempt was made: of another day its date, too.
func (c columnsOfAttempts) time(f frame, at time.Time) string {
	text := f.moment(at)
	switch {
	case len(text) == len(time.TimeOnly) && c.when >= len("15:04:05.000"):
		return f.at(at).Format("15:04:05.000")
	case len(text) > c.when:
		return text[:len("01-02")]
	}
	return text
}

// address is where it went: whole where there is room.
func (c columnsOfAttempts) address(url string) string {
	switch {
	case width(url) <= c.to:
		return url
	case width(address(url, false)) <= c.to:
		return address(url, false)
	}
	return address(url, true)
}

func attemptsView(d *detail, f frame, w, h int, focused bool) []string {
	t := f.theme
	if len(d.deliveries) == 0 {
		lines := []string{"", " Not sent anywhere yet.", ""}
		if len(f.state.Targets) == 0 {
			return append(lines, t.dim.paint(" There is no handler: start with one, as in hfhook dev 8000."))
		}
		return append(lines, t.dim.paint(" "+f.label(actReplay)+" sends it to every handler now."))
	}
	cols := attemptColumns(w)
	lines := []string{t.dim.paint(cols.row(t, " ", "#", "when", "to", "result", "took", "why", "payload"))}
	sent := "original"
	if d.item.row.Parent != "" {
		sent = "edited"
	}
	table := min(len(d.deliveries), max((h-1)/3, 1))
	from := min(max(d.attempt-table+1, 0), len(d.deliveries)-table)
	for i := from; i < from+table; i++ {
		a := &d.deliveries[i]
		when := "-"
		if !a.Started.IsZero() {
			when = cols.time(f, a.Started)
		}
		status, duration := attemptCells(a, f)
		mark := " "
		if i == d.attempt {
			mark = t.mark.cursor
		}
		number := strconv.Itoa(a.N)
		if d.paired[a.N] {
			number = t.mark.marked + number
		}
		line := cols.row(t, mark, number, when, visible.Line(cols.address(a.URL)), status, duration, visible.Line(string(a.Kind)), sent)
		switch {
		case i == d.attempt && focused:
			line = t.selected.paint(t.fit(line, w))
		case i == d.attempt:
			line = t.marked.paint(line)
		}
		lines = append(lines, line)
	}
	a := &d.deliveries[d.attempt]
	lines = append(lines, t.line(w, fmt.Sprintf("attempt %d: response", a.N)))

	compared := d.compared(f, w)
	tail := timing(a, f)
	room := h - len(lines)
	response := answerHead(d.event, a, f, w)
	body := d.answer.view(f, a, w, max(room-len(response)-len(compared)-len(tail)-2, 2))
	response = append(response, body...)
	lines = append(lines, response[:min(len(response), max(room, 0))]...)
	told := hubAnswer(d.event, f, w)
	if len(tail) > 0 && len(lines)+len(compared)+len(tail)+2 <= h {
		tail = append([]string{t.line(w, "timing")}, tail...)
	}
	if len(lines)+len(compared)+len(tail)+1 == h {
		told = []string{t.cut(" "+t.dim.paint(hubAnswerText(d.event, f)), w)}
	}
	for _, part := range [][]string{compared, tail, told} {
		if len(lines)+len(part) <= h {
			lines = append(lines, part...)
		}
	}
	return lines
}

// compared are the lines about an attempt and the first one or, of an edited copy, the
// first attempt of its original.
func (d *detail) compared(f frame, w int) []string {
	a := &d.deliveries[d.attempt]
	if d.attempt > 0 {
		first := &d.deliveries[0]
		return against(fmt.Sprintf("compared with attempt %d", first.N), first, a, d.answer.diff, f, w)
	}
	k := d.compare.known
	if k == nil || k.b == nil || k.b.ID != d.item.row.Parent || k.first == nil {
		return nil
	}
	lines := against("compared with the original "+k.b.ID.Short(), k.first, a, k.firstAnswer, f, w)
	if lines == nil {
		return nil
	}
	return append(lines, f.theme.sentLines(k.payload, w)...)
}

// sentLines are what was sent otherwise than with the original.
func (t *theme) sentLines(d *difference, w int) (lines []string) {
	const most = 4
	n := d.Counts[jsondiff.Changed] + d.Counts[jsondiff.Added] + d.Counts[jsondiff.Removed]
	for i := range d.Fields {
		field := &d.Fields[i]
		if field.Change == jsondiff.Equal {
			continue
		}
		if len(lines) == most-1 && n > most {
			return append(lines, t.dim.paint(fmt.Sprintf(" sent    %s and %s more", t.mark.tail, plural(int64(n-most+1), "field"))))
		}
		path := visible.Line(field.Path)
		switch field.Change {
		case jsondiff.Added:
			path = t.ok.paint("+ "+path) + "  " + visible.Line(clipped(field.New))
		case jsondiff.Removed:
			path = t.failed.paint("- " + path)
		default:
			was, is := visible.Line(clipped(field.Old)), visible.Line(clipped(field.New))
			room := max(w-width(path)-len(" sent    ~   ")-width(t.mark.arrow)-2, 8)
			path = t.warn.paint("~ "+path) + "  " + t.cut(was, max(room/2, room-width(is))) + " " + t.mark.arrow + " " + is
		}
		lines = append(lines, t.cut(" sent    "+path, w))
	}
	return lines
}

// answerHead is what the target said in its first line, or why it said nothing.
func answerHead(e *event.Event, a *event.Delivery, f frame, w int) []string {
	t := f.theme
	result, look := attemptResult(a, f)
	if a.State != event.Done || a.Status == 0 {
		lines := []string{" " + look.paint(result)}
		why := a.Err
		if a.State == event.Withheld {
			why = f.label(actAgain) + " sends it all the same, as does " + dev.SendCommand(e, a)
		}
		for _, line := range t.wrap(visible.Line(why), w-2, 4) {
			if line != "" {
				lines = append(lines, " "+line)
			}
		}
		return lines
	}
	about := []string{look.paint(a.Result())}
	if !a.Exited {
		about[0] += " " + http.StatusText(a.Status)
	}
	for _, name := range []string{"Content-Type", "Server"} {
		for _, field := range a.ResponseHeader {
			if strings.EqualFold(field.Name, name) {
				about = append(about, t.dim.paint(visible.Line(field.Value)))
			}
		}
	}
	size := plural(a.ResponseSize, "byte")
	if a.ResponseCut {
		size += fmt.Sprintf(", the first %s kept", count(int64(len(a.ResponseBody))))
	}
	lines := []string{t.cut(" "+strings.Join(append(about, t.dim.paint(size)), "  "), w)}
	if a.Err != "" {
		lines = append(lines, " "+t.failed.paint(visible.Line(a.Err)))
	}
	for _, line := range t.wrap(visible.Line(a.Advice()), w-2, 4) {
		if line != "" {
			lines = append(lines, " "+t.warn.paint(line))
		}
	}
	return lines
}

// against compares an attempt with the first one.
func against(title string, first, a *event.Delivery, body *difference, f frame, w int) []string {
	if first.State != event.Done || a.State != event.Done {
		return nil
	}
	t := f.theme
	was, _ := attemptCells(first, f)
	is, _ := attemptCells(a, f)
	status := is + " as then"
	if was != is {
		status = fmt.Sprintf("%s %s %s", was, t.mark.arrow, is)
	}
	lines := []string{
		t.line(w, title),
		fmt.Sprintf(" status  %s    time  %s %s %s (%s)", status, took(first.Took), t.mark.arrow, took(a.Took), t.mark.say(delta(a.Took-first.Took))),
	}
	switch {
	case body == nil:
	case body.Same():
		lines = append(lines, " body    the same")
	default:
		lines = append(lines, changes(t, body, w)...)
	}
	return lines
}

// delta is how much longer something took, as in "−137ms".
func delta(d time.Duration) string {
	if d < 0 {
		return "−" + took(-d)
	}
	return "+" + took(d)
}

// changes are the lines of a difference, what was before and what is now.
func changes(t *theme, d *difference, w int) (lines []string) {
	const most = 6
	n := 2*d.Counts[jsondiff.Changed] + d.Counts[jsondiff.Removed] + d.Counts[jsondiff.Added]
	add := func(look style, sign, path, value string) {
		lines = append(lines, " body    "+look.paint(t.cut(visible.Line(sign+" "+path+"  "+value), w-9)))
	}
	for _, field := range d.Fields {
		if len(lines) > most {
			break
		}
		if field.Change == jsondiff.Removed || field.Change == jsondiff.Changed {
			add(t.failed, "-", field.Path, field.Old)
		}
		if field.Change == jsondiff.Added || field.Change == jsondiff.Changed {
			add(t.ok, "+", field.Path, field.New)
		}
	}
	for _, line := range d.Lines {
		if len(lines) > most {
			break
		}
		switch {
		case strings.HasPrefix(line, "+"):
			add(t.ok, "+", "", line[1:])
		case strings.HasPrefix(line, "-"):
			add(t.failed, "-", "", line[1:])
		}
	}
	if n > most {
		lines = append(lines[:most-1], t.dim.paint(" body    "+t.mark.tail+" and "+plural(int64(n-most+1), "line")+" more"))
	}
	return lines
}

func timing(a *event.Delivery, f frame) []string {
	p := a.Phases
	if p == (event.Phases{}) {
		return nil
	}
	return []string{fmt.Sprintf(" connect %s  write %s  first byte %s  body %s",
		took(p.Connect), took(p.Write), took(p.FirstByte), took(p.Body))}
}

// hubAnswer says what the sender of the event was told.
func hubAnswer(e *event.Event, f frame, w int) (lines []string) {
	for _, line := range f.theme.wrap(hubAnswerText(e, f), w-2, 2) {
		lines = append(lines, " "+f.theme.dim.paint(line))
	}
	return lines
}

func hubAnswerText(e *event.Event, f frame) string {
	switch {
	case e.Origin == event.Synthetic:
		return "Synthetic: made here, the Hub knows nothing of it."
	case e.Origin != event.FromHub:
		return "The Hub has no part in this event."
	case e.Answer.Status == 0:
		return fmt.Sprintf("It was stored at %s, before your handler got it.", f.at(e.Received).Format(time.TimeOnly))
	}
	text := fmt.Sprintf("The Hub got %d at %s (%s)", e.Answer.Status, f.at(e.Answer.At).Format("15:04:05.000"), took(e.Answer.Took))
	switch {
	case e.Answer.Target != "":
		text += ", which is what " + visible.Line(e.Answer.Target) + " answered."
	case e.Answer.Reason != "":
		text += ", and not the handler's answer: " + visible.Line(e.Answer.Reason)
	default:
		text += ", before and apart from your handler (ack: stored)."
	}
	return text
}
