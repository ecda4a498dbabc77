package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/baseline"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// runDiffAttempts compares the answers to two attempts of an event or, if one is given, to that
// and the previous one at the same target.
func runDiffAttempts(ctx context.Context, p *program, events *sqlite.Store, ref string, numbers []int, ignore []jsontree.Path, as output.Format) error {
	id, err := events.Resolve(ctx, ref)
	if err != nil {
		return err
	}
	all, err := events.Deliveries(ctx, id)
	if err != nil {
		return err
	}
	var sides []*event.Delivery
	for _, n := range numbers {
		at := slices.IndexFunc(all, func(d event.Delivery) bool { return d.N == n })
		if at < 0 {
			return &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("event %s has no attempt %d", id, n), Try: "hfhook show " + string(id) + " --deliveries"}
		}
		sides = append(sides, &all[at])
	}
	if len(sides) == 1 {
		before := baseline.Before(all, numbers[0])
		if before == nil {
			return &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("attempt %d of event %s is the first at %s", numbers[0], id, sides[0].Target), Try: "two numbers, for example --attempts 1,2"}
		}
		sides = []*event.Delivery{before, sides[0]}
	}
	c := baseline.Compare(sides[0], sides[1], ignore...)
	if c.Body == nil { // the sums are enough to tell that they are the same
		c.Body = jsondiff.Compare(c.Was.ResponseBody, c.Is.ResponseBody, ignore...)
	}
	out := p.stdout(ctx) // keeps the first error
	switch {
	case as.JSON:
		err = attemptsJSON(out, id, &c)
	case as.IDs:
		for i := range c.Body.Fields {
			_ = printPath(out, &c.Body.Fields[i])
		}
	default:
		attemptsText(out, &c)
	}
	printCoarse(p, c.Body)
	switch err = errors.Join(err, out.Flush()); {
	case err != nil:
		return err
	case c.Verdict == baseline.Unknown:
		return &exit.Error{Code: exit.CodeHandler, Err: fmt.Errorf("the answers to the attempts %d and %d could not be compared: %s", c.Was.N, c.Is.N, c.Why), Try: "hfhook show " + string(id) + " --deliveries"}
	case c.Verdict == baseline.Changed:
		return errDiffer
	}
	return nil
}

// attemptsText prints the comparison for people. Errors are those of w, which keeps them.
func attemptsText(w io.Writer, c *baseline.Comparison) {
	about := func(d *event.Delivery) string {
		return visible.Line(fmt.Sprintf("attempt %d  %s  %s  %s", d.N, attempt.Text(d), d.Kind, d.URL))
	}
	text := c.String()
	if c.Verdict != baseline.Changed {
		text = c.Body.String()
	}
	fmt.Fprintf(w, "--- %s\n+++ %s\n%s\n", about(c.Was), about(c.Is), strings.TrimSuffix(visible.Block(text), "\n"))
}

// attemptsJSON prints the differences, and a line that says what came of the comparison.
func attemptsJSON(w io.Writer, id event.ID, c *baseline.Comparison) error {
	line := diffLine{Schema: 1, Type: "diff", A: id, B: id, Same: c.Verdict == baseline.Same, Why: c.Why}
	line.Compared = output.ComparedWords[c.Verdict]
	return diffJSON(w, c.Body, line)
}
