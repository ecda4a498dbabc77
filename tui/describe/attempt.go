package describe

// What came of an attempt, in a few words.

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
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
		from := style.HostPart(d.URL, true)
		if d.Status != 0 && d.Err == "" {
			parts[i] = fmt.Sprintf("%s in %s from %s", d.Result(), style.Took(d.Took), from)
			if to := d.Advice(); to != "" {
				parts[i] += ": " + to
			}
		} else {
			parts[i] = fmt.Sprintf("no answer from %s: %s", from, d.Err)
		}
		ok = ok && d.OK()
	}
	return strings.Join(parts, ", "), ok
}

// AttemptResult is how an attempt went, for example "✗ 500 in 198ms".
func AttemptResult(a *event.Delivery, f screen.Frame) (string, style.Style) {
	t := f.Theme
	switch {
	case a.State == event.Waiting && Holds(f.State, a.Target):
		return t.Mark.Held + " held: " + whyHeld(f, a.Target), t.Warn
	case a.State == event.Waiting:
		return t.Mark.Busy + " queued: target is down", t.Warn
	case a.State == event.Sending:
		return fmt.Sprintf("%s in progress, %s", t.Mark.Busy, style.Took(f.Now.Sub(a.Started).Truncate(100*time.Millisecond))), t.Warn
	case a.State == event.Dropped:
		return t.Mark.Off + " dropped", t.Dim
	case a.State == event.Withheld:
		return t.Mark.Off + " withheld: same delivery as " + visible.Line(a.SameAs.Short()), t.Warn
	case a.State == event.Interrupted:
		return t.Mark.Off + " interrupted", t.Warn
	case a.Status == 0:
		return fmt.Sprintf("%s no answer after %s", t.Mark.Failed, style.Took(a.Took)), t.Failed
	case a.OK():
		return fmt.Sprintf("%s %s in %s", t.Mark.Ok, a.Result(), style.Took(a.Took)), t.Ok
	}
	return fmt.Sprintf("%s %s in %s", t.Mark.Failed, a.Result(), style.Took(a.Took)), t.Failed
}

// AttemptCells are status and duration of a line of the table.
func AttemptCells(a *event.Delivery, f screen.Frame) (status, duration string) {
	switch {
	case a.State == event.Waiting && Holds(f.State, a.Target):
		return "held", ""
	case a.State == event.Waiting:
		return "waiting", ""
	case a.State == event.Sending:
		return "sending", style.Took(f.Now.Sub(a.Started).Truncate(100 * time.Millisecond))
	case a.State == event.Dropped:
		return "dropped", ""
	case a.State == event.Withheld:
		return "withheld", ""
	case a.State == event.Interrupted:
		return "interrupted", ""
	case a.Status == 0:
		return "ERR", style.Took(a.Took)
	}
	return a.Result(), style.Took(a.Took)
}

// Delta is how much longer something took, for example "−137ms".
func Delta(d time.Duration) string {
	if d < 0 {
		return "−" + style.Took(-d)
	}
	return "+" + style.Took(d)
}

func TargetText(t dev.Target) string {
	if t.URL == "" {
		return t.Name
	}
	return t.URL
}

// OutcomeOf is the answer to an attempt in few words.
func OutcomeOf(d *event.Delivery) string {
	if result := d.Result(); result != "" {
		return fmt.Sprintf("%s in %s", result, style.Took(d.Took))
	}
	return "no answer"
}
