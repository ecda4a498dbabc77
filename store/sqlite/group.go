package sqlite

// What a filter asks of outcomes: terms that one and the same target has to meet. The row
// decides by its attempts; the index of outcomes finds the events in question.

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// groupOf returns the terms that speak of one target, if x is about outcomes.
func groupOf(x filter.Expr) ([]filter.Expr, bool) {
	switch x := x.(type) {
	case filter.Status, filter.Pending, filter.Took:
		return []filter.Expr{x}, true
	case filter.Is:
		return []filter.Expr{x}, x == filter.Failed || x == filter.Replayed
	}
	return nil, false
}

// groupsOf returns the groups of which one has to be met, if x is about outcomes alone.
func groupsOf(x filter.Expr) (groups [][]filter.Expr, ok bool) {
	parts, isOr := x.(filter.Or)
	if !isOr {
		parts = filter.Or{x}
	}
	for _, part := range parts {
		group, ok := groupOf(part)
		if !ok {
			return nil, false
		}
		groups = append(groups, group)
	}
	return groups, true
}

// statusOf is the status in an outcome that is not negative.
const statusOf = "(o.outcome >> 7 & 1023)"

// group writes the condition that some target of the event meets all terms.
func (c *compiler) group(terms []filter.Expr) string {
	conds := []string{"o.event = e.seq", "o.outcome IS NOT NULL", "(o.outcome >= 0 OR o.state IN ('waiting', 'sending'))"}
	for _, x := range terms {
		switch x := x.(type) {
		case filter.Status:
			conds = append(conds, "o.outcome >= 0 AND "+statusOf+" BETWEEN "+c.arg(x.From)+" AND "+c.arg(x.To))
		case filter.Pending:
			conds = append(conds, "o.state IN ('waiting', 'sending')")
		case filter.Took:
			conds = append(conds, "o.outcome >= 0 AND o.state = 'done' AND o.took "+string(x.Op)+" "+c.arg(int64(x.D)))
		case filter.Is:
			if x == filter.Failed {
				conds = append(conds, "o.outcome >= 0 AND "+statusOf+" NOT IN (1, 2) AND "+statusOf+" NOT BETWEEN 200 AND 299")
			} else {
				conds = append(conds, "o.outcome >= 0 AND o.outcome & 1")
			}
		}
	}
	return "EXISTS (SELECT 1 FROM deliveries o WHERE " + strings.Join(conds, " AND ") + ")"
}

// noteGroups adds the source of the events that meet one of the groups.
func (c *compiler) noteGroups(groups [][]filter.Expr, top *where) {
	codes, err := c.outcomeCodes(c.ctx)
	if err != nil {
		c.err = err
		return
	}
	outcomes, waiting := []int64{}, []string{}
	for i := range codes {
		o := &codes[i]
		if slices.ContainsFunc(groups, o.meetsAll) {
			outcomes = append(outcomes, o.code)
		}
	}
	if slices.ContainsFunc(groups, maybeUnsent) {
		if waiting, err = c.waitingTargets(c.ctx); err != nil {
			c.err = err
			return
		}
	}
	s := source{index: "deliveries_outcome", count: len(outcomes) + len(waiting), outcomes: c.list(outcomes), waiting: c.list(waiting)}
	top.never = top.never || s.count == 0
	top.sources = append(top.sources, s)
}

// list is a JSON list of values.
func (c *compiler) list(values any) string {
	text, err := json.Marshal(values)
	if err != nil {
		c.err = err
	}
	return string(text)
}

// maybeUnsent reports whether a live delivery that was not sent yet can meet the terms.
func maybeUnsent(terms []filter.Expr) bool {
	return !slices.ContainsFunc(terms, func(x filter.Expr) bool {
		_, ok := x.(filter.Pending)
		return !ok
	})
}

// A code is a value of the column outcome, and the target that it is about.
type code struct {
	outcome
	code            int64
	target, address string
}

// meetsAll reports whether attempts with the code may meet all terms.
func (o *code) meetsAll(terms []filter.Expr) bool {
	return !slices.ContainsFunc(terms, func(x filter.Expr) bool { return !o.meets(x) })
}

// meets reports whether attempts with the code may meet a term.
func (o *code) meets(x filter.Expr) bool {
	done := o.status != statusUnderWay && o.status != statusWaiting
	switch x := x.(type) {
	case filter.Status:
		return done && int64(x.From) <= o.status && o.status <= int64(x.To)
	case filter.Pending:
		return !done
	case filter.Took:
		if x.Op == filter.Less || x.Op == filter.AtMost {
			return done && o.duration <= bitsOf(x.D)
		}
		return done && o.duration >= bitsOf(x.D)
	case filter.Is:
		if x == filter.Replayed {
			return o.replay
		}
		return o.failed()
	}
	return true
}

// failed reports whether the target did not take the event.
func (o *code) failed() bool {
	return o.status != statusUnderWay && o.status != statusWaiting && (o.status < 200 || o.status > 299)
}

// outcomeCodes returns the codes that attempts have: each is found by one step in the
// index, however many attempts have it.
func (s *Store) outcomeCodes(ctx context.Context) (all []code, err error) {
	var o code
	err = s.read.each(ctx, `WITH RECURSIVE codes(c) AS (
			SELECT min(outcome) FROM deliveries INDEXED BY deliveries_outcome WHERE outcome >= 0
			UNION ALL SELECT (SELECT min(outcome) FROM deliveries INDEXED BY deliveries_outcome WHERE outcome >= 0 AND outcome > c) FROM codes WHERE c IS NOT NULL)
		SELECT c, n.name, n.action FROM codes JOIN names n ON n.id = c >> 17 WHERE c IS NOT NULL`, nil, []any{&o.code, &o.target, &o.address}, func() error {
		o.outcome = decode(o.code)
		all = append(all, o)
		return nil
	})
	return all, err
}

// waitingTargets returns the targets that live deliveries wait for, or are under way to.
func (s *Store) waitingTargets(ctx context.Context) (all []string, err error) {
	all = []string{}
	var target string
	least := "SELECT min(target) FROM deliveries INDEXED BY deliveries_waiting WHERE " + waits
	err = s.read.each(ctx, `WITH RECURSIVE targets(t) AS (`+least+`
			UNION ALL SELECT (`+least+` AND target > t) FROM targets WHERE t IS NOT NULL)
		SELECT t FROM targets WHERE t IS NOT NULL`, nil, []any{&target}, func() error {
		all = append(all, target)
		return nil
	})
	return all, err
}

// outcomesColumn is as much of an event's outcomes as a filter asks for: a JSON list of
// the deliveries that decide, by the names of their fields.
const outcomesColumn = `(SELECT json_group_array(json_object('Target', o.target, 'URL', o.url, 'Kind', o.kind, 'State', o.state,
	'Status', o.status, 'Err', o.err, 'Took', o.took, 'Cleared', json(iif(o.cleared, 'true', 'false'))))
	FROM deliveries o WHERE o.event = e.seq AND o.outcome IS NOT NULL)`

// readOutcomes reads outcomesColumn.
func readOutcomes(column []byte) ([]event.Outcome, error) {
	var deciding []event.Delivery
	if err := json.Unmarshal(column, &deciding); err != nil {
		return nil, fmt.Errorf("%w: outcomes: %w", store.ErrDamaged, err)
	}
	outcomes := make([]event.Outcome, len(deciding))
	for i, d := range deciding {
		outcomes[i] = event.Outcome{Target: d.Target, Last: d}
	}
	return outcomes, nil
}
