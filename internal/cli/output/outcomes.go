package output

// What became of events at their targets, as rows, text and JSON say it.

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/visible"
	"hfhook/store"
)

// UnwantedText says why an event has gone nowhere.
const UnwantedText = "no target's when= takes it"

// outcomeMark is one character for what became of an event at a target.
func outcomeMark(o *event.Outcome) string {
	switch o.Rank() {
	case event.Taken:
		return "✓"
	case event.UnderWay, event.StillWaiting:
		return "…"
	case event.Unknown:
		return "-"
	}
	return "✗"
}

// rowResult is what became of an event in a column: the worst of its targets and, of
// several, a mark for each, or how many of each there are.
func rowResult(r *event.Row) string {
	worst := r.Worst()
	switch {
	case worst == nil && len(r.Outcomes) > 0:
		worst = &r.Outcomes[0]
	case worst == nil && r.Unwanted:
		return "no when="
	case worst == nil:
		return "-"
	}
	return outcomeMarks(r.Outcomes) + attempt.Word(&worst.Last)
}

// outcomeMarks is empty for one target.
func outcomeMarks(outcomes []event.Outcome) string {
	if len(outcomes) < 2 {
		return ""
	}
	marks, counts := "", map[string]int{}
	for i := range outcomes {
		mark := outcomeMark(&outcomes[i])
		marks += mark
		counts[mark]++
	}
	if len(outcomes) > 4 {
		var parts []string
		for _, mark := range []string{"✓", "…", "-", "✗"} {
			if counts[mark] > 0 {
				parts = append(parts, fmt.Sprintf("%d%s", counts[mark], mark))
			}
		}
		marks = strings.Join(parts, " ")
	}
	return marks + " "
}

// leftOverAt names the targets at which something of the event is left over.
func leftOverAt(outcomes []event.Outcome) string {
	var names []string
	for i := range outcomes {
		if o := &outcomes[i]; o.LeftOver && (o.Failed() || o.Pending()) {
			names = append(names, visible.Line(o.Target))
		}
	}
	return strings.Join(names, ", ")
}

// outcomePart is what became of an event at one target, in the JSON of the event.
type outcomePart struct {
	Target   string `json:"target"` // its name
	URL      string `json:"url"`
	State    string `json:"state"`
	Status   int    `json:"status"`
	OK       bool   `json:"ok"`
	N        int    `json:"n"` // of the attempt that decides
	Attempt  int    `json:"attempt"`
	Error    string `json:"error,omitempty"`
	LeftOver bool   `json:"left_over,omitempty"` // no running hfhook has the target
}

// OutcomeParts are outcomes as JSON lines have them.
func OutcomeParts(outcomes []event.Outcome) []outcomePart {
	var parts []outcomePart
	for i := range outcomes {
		o := &outcomes[i]
		parts = append(parts, outcomePart{
			Target: o.Target, URL: o.Last.URL, State: string(o.Last.State), Status: o.Last.Status, OK: o.OK(),
			N: o.Last.N, Attempt: o.Last.Attempt, Error: o.Last.Err, LeftOver: o.LeftOver,
		})
	}
	return parts
}

// WriteOutcomes lists what became of an event, one target a line, and behind them the results
// at others, which are addresses that are no target of it.
func WriteOutcomes(w io.Writer, outcomes, others []event.Outcome) {
	for i, o := range slices.Concat(outcomes, others) {
		fmt.Fprintf(w, "%s %-20s %s", outcomeMark(&o), visible.Line(o.Target), attempt.Text(&o.Last))
		fmt.Fprintf(w, "  #%d", o.Last.N)
		if o.Last.Attempt > 1 {
			fmt.Fprintf(w, ", attempt %d there", o.Last.Attempt)
		}
		if o.LeftOver {
			fmt.Fprint(w, "  left over: no running hfhook has this target")
		}
		if i >= len(outcomes) {
			fmt.Fprint(w, "  another address")
		}
		fmt.Fprintln(w)
	}
	if len(outcomes) > 0 {
		fmt.Fprintln(w)
	}
}

// OutcomesNow is what became of an event, by its attempts, in the order of the targets.
func OutcomesNow(ctx context.Context, events store.Store, attempts []event.Delivery) ([]event.Outcome, error) {
	stats, err := events.Stats(ctx)
	if err != nil {
		return nil, err
	}
	outcomes := event.Outcomes(attempts)
	for i := range outcomes {
		o := &outcomes[i]
		o.LeftOver = slices.ContainsFunc(stats.LeftOver, func(l store.LeftOver) bool { return l.Target == o.Target }) && (o.Failed() || o.Pending())
	}
	return outcomes, nil
}
