package describe

// What came of an attempt, in a few words.

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// Replayed is the sentence about a replay, for example "200 in 38ms from :8000 (replay 2
// of 01JD4X7M9C)".
func Replayed(id event.ID, sent []event.Delivery, err error) (text string, ok bool) {
	if unrecorded := errors.Is(err, dev.ErrUnrecorded); unrecorded && len(sent) > 0 {
		text, _ = Replayed(id, sent, nil)
		return text + "; not recorded: " + screen.Plain(err), false
	} else if err != nil {
		return fmt.Sprintf("replay of %s: %s", id.Short(), screen.Plain(err)), false
	}
	if len(sent) == 0 {
		return fmt.Sprintf("%s was not replayed: no target", id.Short()), false
	}
	text, ok = AnswersOf(sent)
	return fmt.Sprintf("%s (replay %d of %s)", text, sent[len(sent)-1].N, id.Short()), ok
}

// AnswersOf are the answers to attempts, for example "200 in 38ms from :8000"; ok: all from 200
// to 299.
func AnswersOf(sent []event.Delivery) (text string, ok bool) {
	ok = true
	parts := make([]string, len(sent))
	for i, d := range sent {
		parts[i] = attempt.Text(&d) + " from " + TargetName(d.Target, d.URL)
		if why := cmp.Or(d.Err, d.Advice()); why != "" {
			parts[i] += ": " + why
		}
		ok = ok && d.OK()
	}
	return strings.Join(parts, ", "), ok
}

// AttemptResult is how an attempt went, for example "✗ 500 in 198ms".
func AttemptResult(a *event.Delivery, f screen.Frame) (string, style.Style) {
	t := f.Theme
	switch {
	case a.State == event.Waiting && IsHolding(f.State, a.Target):
		return t.Mark.Held + " held: " + whyHeld(f, a.Target), t.Warn
	case a.State == event.Waiting:
		return t.Mark.Busy + " " + attempt.Text(a), t.Warn
	case a.State == event.Sending:
		return t.Mark.Busy + " " + attempt.Text(a) + ", " + elapsed(a, f), t.Warn
	case a.State == event.Dropped:
		return t.Mark.Off + " " + attempt.Text(a), t.Dim
	case a.State != event.Done:
		return t.Mark.Off + " " + visible.Line(attempt.Text(a)), t.Warn
	case a.OK():
		return t.Mark.Ok + " " + attempt.Text(a), t.Ok
	}
	return t.Mark.Failed + " " + attempt.Text(a), t.Failed
}

// elapsed is for how long an attempt is being sent.
func elapsed(a *event.Delivery, f screen.Frame) string {
	return duration.Text(f.Now.Sub(a.Started).Truncate(100 * time.Millisecond))
}

// AttemptCells are status and duration of a line of the table.
func AttemptCells(a *event.Delivery, f screen.Frame) (status, took string) {
	switch {
	case a.State == event.Waiting && IsHolding(f.State, a.Target):
		return "held", ""
	case a.State == event.Sending:
		took = elapsed(a, f)
	case a.State == event.Done:
		took = duration.Cell(a.Took)
	}
	return attempt.Word(a), took
}

func TargetText(t dev.Target) string {
	if t.URL == "" {
		return t.Name
	}
	return t.URL
}
