package detail

// What became of the event, above the tabs: the result, why, and what the handler printed
// meanwhile.

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/baseline"
	"hfhook/internal/traceback"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// VerdictHeight is how many lines the verdict may have in a detail of h lines: more if the
// event went to several targets.
func (d *Pane) VerdictHeight(h int) int {
	most := min(h/4, 8)
	switch {
	case h < 7:
		return 1
	case h < 12:
		most = 2
	case h < 17:
		most = 3
	}
	if d.Item.Row != nil && len(d.Item.Row.Outcomes) > 1 {
		most = max(most, min(h/2, len(d.Item.Row.Outcomes)+1))
	}
	return most
}

// Verdict says on at most h lines of w cells what became of the event. It is empty if the
// item is not an event, or its deliveries are not read yet.
func (d *Pane) Verdict(f screen.Frame, w, h int) []string {
	if d.Item.Row == nil || h <= 0 {
		return nil
	}
	if len(d.Deliveries) == 0 {
		return d.unsent(f, w)
	}
	results := describe.Results(d.Item.Row, d.Deliveries, f.State)
	if i := slices.IndexFunc(d.Deliveries, func(a event.Delivery) bool { return a.N == d.replay && d.replay > 0 }); i >= 0 {
		return d.attemptVerdict(f, &d.Deliveries[i], w, h)
	}
	switch len(results) {
	case 0:
		return d.attemptVerdict(f, &d.Deliveries[len(d.Deliveries)-1], w, h)
	case 1:
		return d.attemptVerdict(f, &results[0].Last, w, h)
	}
	worst := &results[0].Last
	for i := range results {
		if results[i].Last.Rank() < worst.Rank() {
			worst = &results[i].Last
		}
	}
	if len(results) > h {
		return append([]string{describe.ShortResult(results, f, w)}, d.printedLines(f, worst, nil, w, h-1)...)
	}
	lines := describe.ResultLines(results, f, w, h)
	return append(lines, d.printedLines(f, worst, nil, w, min(h-len(lines), 2))...)
}

// unsent is the verdict on an event that went to no target.
func (d *Pane) unsent(f screen.Frame, w int) []string {
	t := f.Theme
	switch {
	case d.Event == nil:
		return nil
	case len(f.State.Targets) == 0:
		return []string{t.Cut(" "+t.Dim.Paint(t.Mark.Off+" not sent: no handler yet   ")+t.Key.Paint(f.Label(keymap.ActTargets))+t.Dim.Paint(" adds one"), w)}
	}
	return []string{t.Cut(" "+t.Dim.Paint(t.Mark.Off+" not sent   ")+t.Key.Paint(f.Label(keymap.ActReplay))+t.Dim.Paint(" sends it"), w)}
}

// attemptVerdict is the verdict on one attempt.
func (d *Pane) attemptVerdict(f screen.Frame, a *event.Delivery, w, h int) []string {
	t := f.Theme
	result, look := describe.AttemptResult(a, f)
	where := style.HostPart(a.URL, true)
	causes := describe.Causes(a)
	if text := cmp.Or(describe.RouteText(f, a), describe.SecretText(f, a)); text != "" {
		causes = append([]describe.Cause{{Text: text}}, causes...)
	}
	if a.State == event.Withheld {
		causes = []describe.Cause{{Text: f.Label(keymap.ActReplay) + " sends it"}}
	}
	failed, said := a.State == event.Done && !a.OK(), causes
	if raised := d.raised(a); raised != "" && onlyStatus(causes, a.Status) {
		causes = nil
		if h <= 2 {
			causes = []describe.Cause{{Text: raised}}
			said = causes
		}
	}
	head := " " + look.Paint(result)
	if h <= 2 {
		room := w - style.Width(head) - style.Width(where) - 5
		if len(causes) > 0 && room >= 12 && (h == 1 || style.Width(causes[0].Text) <= room) {
			head += "  " + t.Cut(causes[0].Text, room)
			causes = causes[1:]
		}
		head = t.Spread(head, t.Dim.Paint(visible.Line(where))+" ", w)
	} else {
		head += "   " + visible.Line(where)
		try, before := d.tried(f, a)
		for _, more := range []string{"   " + try, " " + t.Mark.Dot + " " + before} {
			if strings.TrimSpace(more) != t.Mark.Dot && style.Width(head)+style.Width(more) <= w {
				head += t.Dim.Paint(more)
			}
		}
	}
	lines := []string{t.Cut(head, w)}
	most := h - 1
	if !failed && a.State == event.Done {
		most = min(most, 2)
		causes = causes[:min(len(causes), 1)]
	}
	names := 0
	for _, c := range causes {
		names = max(names, style.Width(c.Name))
	}
	printed := d.printedLines(f, a, said, w, min((most+1)/2, max(most-len(causes), 1)))
	for i, c := range causes {
		left := most + 1 - len(lines) - len(printed)
		if left <= 0 {
			break
		}
		if i == 0 || left < len(causes)-i {
			left = max(left-(len(causes)-i-1), 1) // the others need their lines
		}
		head := d.margin(t, failed)
		name := ""
		if names > 0 {
			name = t.Dim.Paint(t.Fit(c.Name, min(names, 12))) + " "
		}
		parts := t.Wrap(c.Text, w-style.Width(head)-style.Width(name)-1, left)
		for k, part := range parts {
			line := head + name + part
			if last := k == len(parts)-1 && (i == len(causes)-1 || len(lines)+len(printed) == most); last && failed && d.Tab != TabDeliveries && len(a.ResponseBody) > 0 {
				line = t.Lead(line, t.Key.Paint(f.Label(keymap.ActDeliveries))+t.Dim.Paint(" full answer "), w)
			}
			lines = append(lines, t.Cut(line, w))
			name = style.Spaces(style.Width(name))
		}
	}
	return append(lines, printed...)
}

// margin is before the lines of a verdict that explain the first one.
func (d *Pane) margin(t *style.Theme, failed bool) string {
	if failed {
		return " " + t.Failed.Paint(t.Mark.Bar) + " "
	}
	return " " + t.Dim.Paint(t.Mark.Bar) + " "
}

// tried says which attempt at its target this is, and how the one before it ended.
func (d *Pane) tried(f screen.Frame, a *event.Delivery) (try, before string) {
	n := 1
	for i := range d.Deliveries {
		if d.Deliveries[i].Target == a.Target && d.Deliveries[i].N < a.N {
			n++
		}
	}
	if last := baseline.Before(d.Deliveries, a.N); last != nil && last.State == event.Done {
		before = fmt.Sprintf("before: %s (%s)", attempt.Text(last), f.At(last.Started).Format(time.TimeOnly))
	}
	return ordinal(n) + " try", before
}

func ordinal(n int) string {
	suffix := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// onlyStatus reports whether the causes say nothing but what the status is called.
func onlyStatus(causes []describe.Cause, status int) bool {
	return len(causes) == 1 && strings.EqualFold(causes[0].Text, http.StatusText(status))
}

// raised is the error of the traceback that the handler printed during a failed attempt;
// empty if there is none.
func (d *Pane) raised(a *event.Delivery) string {
	if a.State != event.Done || a.OK() {
		return ""
	}
	var texts []string
	for _, line := range d.ask.session.PrintedDuring(a).Lines {
		texts = append(texts, visible.Line(line.Text))
	}
	if !traceback.In(texts) {
		return ""
	}
	return strings.TrimSpace(traceback.Summary(texts, 1)[0])
}

// printedLines are at most h lines of what the handler printed about the time of an attempt,
// those that say most and are not said by the answer.
func (d *Pane) printedLines(f screen.Frame, a *event.Delivery, said []describe.Cause, w, h int) (lines []string) {
	if h <= 0 {
		return nil
	}
	p := d.ask.session.PrintedDuring(a)
	if len(p.Lines) == 0 {
		return nil
	}
	t := f.Theme
	texts := make([]string, len(p.Lines))
	for i := range p.Lines {
		texts[i] = visible.Line(strings.TrimRight(p.Lines[i].Text, " \t"))
	}
	name := "printed"
	if p.Mixed {
		name = "printed meanwhile"
	}
	summary := traceback.Summary(texts, h)
	if more := unsaid(traceback.Summary(texts, h+1), said); len(more) > 0 {
		summary = more[:min(len(more), h)]
	}
	for i, text := range summary {
		head := d.margin(t, a.State == event.Done && !a.OK()) + t.Dim.Paint(name) + " "
		if i > 0 {
			head = d.margin(t, a.State == event.Done && !a.OK()) + style.Spaces(len(name)+1)
		}
		room, more := w-style.Width(head), ""
		if i == len(summary)-1 {
			more = " all output "
			if n := len(texts) - len(summary); n > 0 {
				more = fmt.Sprintf(" all %s ", style.Plural(int64(len(texts)), "line"))
			}
			more = t.Key.Paint(f.Label(keymap.ActHandler)) + t.Dim.Paint(more)
			room -= style.Width(more) + 2
		}
		if text = strings.TrimSpace(text); style.Width(text) > room { // of a path the end says most
			text = directories.ReplaceAllString(text, "")
		}
		lines = append(lines, t.Lead(t.Cut(head+text, max(w-style.Width(more)-3, w/2)), more, w))
	}
	return lines
}

// directories are those of a path in a line.
var directories = regexp.MustCompile(`(?:/[\w.@+-]+)+/`)

// unsaid are the lines that say something else than the answer does.
func unsaid(lines []string, said []describe.Cause) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		return slices.ContainsFunc(said, func(c describe.Cause) bool { return c.Text == strings.TrimSpace(line) })
	})
}
