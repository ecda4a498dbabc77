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
	case a.Status == 0:
		return fmt.Sprintf("%s no answer after %s", t.mark.failed, took(a.Took)), t.failed
	case a.OK():
		return fmt.Sprintf("%s %d in %s", t.mark.ok, a.Status, took(a.Took)), t.ok
	}
	return fmt.Sprintf("%s %d in %s", t.mark.failed, a.Status, took(a.Took)), t.failed
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
	case a.Status == 0:
		return "ERR", took(a.Took)
	}
	return strconv.Itoa(a.Status), took(a.Took)
}

func attemptsView(d *detail, f frame, w, h int, focused bool) []string {
	t := f.theme
	if len(d.deliveries) == 0 {
		lines := []string{"", " Not sent anywhere yet.", ""}
		if len(f.state.Targets) == 0 {
			return append(lines, t.dim.paint(" There is no handler: start with one, as in hfhook dev 8000."))
		}
		return append(lines, t.dim.paint(" r sends it to every handler now."))
	}
	short := w < 72
	to := w - 47
	if short {
		to = w - 34
	}
	row := func(mark, n, when, target, result, duration, why string) string {
		line := t.fit(mark+t.right(n, 2), 3) + " " + t.fit(when, 8) + "  " + t.fit(target, to) + "  " + t.fit(result, 7) + " " + t.right(duration, 6)
		if !short {
			line += "   " + t.fit(why, 11)
		}
		return line
	}
	lines := []string{t.dim.paint(row(" ", "#", "when", "to", "result", "took", "why"))}
	table := min(len(d.deliveries), max((h-1)/3, 1))
	from := min(max(d.attempt-table+1, 0), len(d.deliveries)-table)
	for i := from; i < from+table; i++ {
		a := &d.deliveries[i]
		when := "-"
		if !a.Started.IsZero() {
			when = f.at(a.Started).Format(time.TimeOnly)
		}
		status, duration := attemptCells(a, f)
		mark := " "
		if i == d.attempt {
			mark = t.mark.cursor
		}
		line := row(mark, strconv.Itoa(a.N), when, visible.Line(address(a.URL, short)), status, duration, visible.Line(string(a.Kind)))
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
	tail := append(timing(a, f), "", hubAnswer(d.event, f))
	if d.attempt > 0 {
		tail = append(against(&d.deliveries[d.attempt-1], a, f), tail...)
	}
	if h-len(lines)-len(tail) < 3 {
		tail = nil
	}
	response := answer(a, f, w)
	room := max(h-len(lines)-len(tail)-1, 1)
	if len(response) > room {
		response = response[:room]
		if room > 1 {
			response[room-1] = t.dim.paint(" " + t.mark.tail)
		}
	}
	lines = append(lines, response...)
	if len(tail) > 0 {
		lines = append(append(lines, ""), tail...)
	}
	return lines
}

// answer is what the target said, or why it did not.
func answer(a *event.Delivery, f frame, w int) []string {
	result, look := attemptResult(a, f)
	if a.State != event.Done || a.Status == 0 {
		lines := []string{" " + look.paint(result)}
		for _, line := range f.theme.wrap(visible.Line(a.Err), w-2, 4) {
			if line != "" {
				lines = append(lines, " "+line)
			}
		}
		return lines
	}
	head := fmt.Sprintf(" %s %s", look.paint(strconv.Itoa(a.Status)), http.StatusText(a.Status))
	for _, field := range a.ResponseHeader {
		if strings.EqualFold(field.Name, "Content-Type") {
			head += "  " + f.theme.dim.paint(visible.Line(field.Value))
		}
	}
	head += "  " + f.theme.dim.paint(plural(a.ResponseSize, "byte"))
	if a.ResponseCut {
		head += f.theme.dim.paint(fmt.Sprintf(", the first %s kept", count(int64(len(a.ResponseBody)))))
	}
	lines := []string{head}
	if a.Err != "" {
		lines = append(lines, " "+f.theme.failed.paint(visible.Line(a.Err)))
	}
	for line := range strings.Lines(visible.Block(string(a.ResponseBody[:min(len(a.ResponseBody), 8<<10)]))) {
		for _, part := range f.theme.wrap(strings.TrimSuffix(line, "\n"), w-2, 20) {
			lines = append(lines, " "+part)
		}
	}
	return lines
}

// against compares an attempt with the one before it.
func against(before, a *event.Delivery, f frame) []string {
	if before.State != event.Done || a.State != event.Done {
		return nil
	}
	was, _ := attemptCells(before, f)
	is, _ := attemptCells(a, f)
	status := "status " + is + " as before"
	if was != is {
		status = fmt.Sprintf("status %s %s %s", was, f.theme.mark.arrow, is)
	}
	return []string{fmt.Sprintf(" against attempt %d: %s, time %s %s %s", before.N, status, took(before.Took), f.theme.mark.arrow, took(a.Took))}
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
func hubAnswer(e *event.Event, f frame) string {
	switch e.Origin {
	case event.FromHub:
		return f.theme.dim.paint(fmt.Sprintf(" The Hub got 200 (stored) at %s, before your handler.", f.at(e.Received).Format(time.TimeOnly)))
	case event.Synthetic:
		return f.theme.dim.paint(" Synthetic: made here, the Hub knows nothing of it.")
	}
	return f.theme.dim.paint(" The Hub has no part in this event.")
}
