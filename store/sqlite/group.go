package sqlite

// Filter terms about outcomes that one and the same target has to meet. The attempts of the row
// decide; the index of outcomes finds candidates.

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// groupOf returns the terms about one target, if x is about outcomes.
func groupOf(x filter.Expr) ([]filter.Expr, bool) {
	if same, ok := x.(filter.Same); ok {
		return same, true
	}
	return []filter.Expr{x}, filter.AboutOutcome(x)
}

// groupsOf returns the groups of which one has to match, if x is about outcomes only.
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

// group writes the condition that some target of the event meets all terms. For terms about the
// answer's content it uses open.
func (c *compiler) group(terms []filter.Expr, open bool) string {
	if !open && slices.ContainsFunc(terms, filter.NeedsAnswers) {
		return "FALSE"
	}
	conds := []string{"o.event = e.seq", "o.outcome IS NOT NULL", "(o.outcome >= 0 OR o.state IN ('waiting', 'sending'))"}
	for _, x := range terms {
		switch x := x.(type) {
		case filter.Status:
			conds = append(conds, "o.outcome >= 0 AND "+statusOf+" BETWEEN "+c.arg(x.From)+" AND "+c.arg(x.To))
		case filter.Pending:
			conds = append(conds, "o.state IN ('waiting', 'sending')")
		case filter.Target:
			conds = append(conds, c.target(x))
		case filter.Took:
			conds = append(conds, "o.outcome >= 0 AND o.state = 'done' AND o.took "+string(x.Op)+" "+c.arg(int64(x.D)))
		case filter.Answer:
			conds = append(conds, "o.outcome >= 0 AND o.state = 'done'")
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

// placeColumn is the key of the target's name and address in an outcome.
const placeColumn = "(CASE WHEN o.outcome < 0 THEN -o.outcome >> 1 ELSE o.outcome >> 17 END)"

// target writes the condition that an attempt is at a target.
func (c *compiler) target(x filter.Target) string {
	places, err := c.places(c.ctx)
	if err != nil {
		c.err = err
	}
	keys, byURL := []int64{}, false
	for _, p := range places {
		switch {
		case x.Match(p.target, p.address):
			keys = append(keys, p.key)
		case p.mayMatch(x):
			byURL = true
		}
	}
	cond := placeColumn + " IN (SELECT value FROM json_each(" + c.arg(c.list(keys)) + "))"
	if byURL {
		cond = "(" + cond + " OR o.url GLOB " + c.arg(strings.ReplaceAll(string(x), "[", "[[]")) + ")"
	}
	return cond
}

// A place is a target's name and an address that it had.
type place struct {
	key             int64
	target, address string
}

// mayMatch reports whether an attempt at the place may be meant: by its name, its address or
// its complete URL.
func (p *place) mayMatch(x filter.Target) bool {
	prefix, _ := filter.Glob(x).Prefix()
	return x.Match(p.target, p.address) || strings.HasPrefix(prefix, p.address) || strings.HasPrefix(p.address, prefix)
}

// places returns all places.
func (s *Store) places(ctx context.Context) (all []place, err error) {
	var p place
	err = s.read.each(ctx, "SELECT id, name, action FROM names WHERE kind = 'target'", nil, []any{&p.key, &p.target, &p.address}, func() error {
		all = append(all, p)
		return nil
	})
	return all, err
}

// groupSource returns the source of the events that meet one of the groups.
func (c *compiler) groupSource(groups [][]filter.Expr) (source, bool) {
	codes, err := c.outcomeCodes(c.ctx)
	if err != nil {
		c.err = err
		return source{}, false
	}
	outcomes, waiting := []int64{}, []string{}
	for i := range codes {
		o := &codes[i]
		if slices.ContainsFunc(groups, o.meetsAll) {
			outcomes = append(outcomes, o.code)
		}
	}
	if unsent := slices.DeleteFunc(slices.Clone(groups), func(g []filter.Expr) bool { return !maybeUnsent(g) }); len(unsent) > 0 {
		if waiting, err = c.waitingTargets(c.ctx, unsent); err != nil {
			c.err = err
			return source{}, false
		}
	}
	return source{index: "deliveries_outcome", count: len(outcomes) + len(waiting), outcomes: c.list(outcomes), waiting: c.list(waiting)}, true
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
		switch x.(type) {
		case filter.Pending, filter.Target:
			return false
		}
		return true
	})
}

// A code is a value of the column outcome, and its target.
type code struct {
	outcome
	place
	code int64
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
	case filter.Target:
		return o.mayMatch(x)
	case filter.Took:
		shortest, longest := o.durations()
		switch x.Op {
		case filter.Less:
			return done && shortest < x.D
		case filter.AtMost:
			return done && shortest <= x.D
		case filter.Greater:
			return done && longest > x.D
		}
		return done && longest >= x.D
	case filter.Is:
		if x == filter.Replayed {
			return o.replay
		}
		return o.failed()
	}
	return true
}

// outcomeCodes returns the codes that occur: each is found by one step in the index, however
// many attempts have it. SQLite starts at the first of the two bounds; the other one is the
// condition of the index.
func (s *Store) outcomeCodes(ctx context.Context) (all []code, err error) {
	var o code
	err = s.read.each(ctx, `WITH RECURSIVE codes(c) AS (
			SELECT min(outcome) FROM deliveries INDEXED BY deliveries_outcome WHERE outcome >= 0
			UNION ALL SELECT (SELECT min(outcome) FROM deliveries INDEXED BY deliveries_outcome WHERE outcome > c AND outcome >= 0) FROM codes WHERE c IS NOT NULL)
		SELECT c, n.name, n.action FROM codes JOIN names n ON n.id = c >> 17 WHERE c IS NOT NULL`, nil, []any{&o.code, &o.target, &o.address}, func() error {
		o.outcome = decode(o.code)
		all = append(all, o)
		return nil
	})
	return all, err
}

// waitingTargets returns the targets that live deliveries wait for, or are under way to, if one
// of the groups may match them.
func (c *compiler) waitingTargets(ctx context.Context, groups [][]filter.Expr) (all []string, err error) {
	places, err := c.places(ctx)
	if err != nil {
		return nil, err
	}
	meant := func(target string) bool {
		return slices.ContainsFunc(places, func(p place) bool {
			return p.target == target && slices.ContainsFunc(groups, func(terms []filter.Expr) bool {
				return !slices.ContainsFunc(terms, func(x filter.Expr) bool {
					t, ok := x.(filter.Target)
					return ok && !p.mayMatch(t)
				})
			})
		})
	}
	all = []string{}
	var target string
	least := "SELECT min(target) FROM deliveries INDEXED BY deliveries_waiting WHERE " + waits
	err = c.read.each(ctx, `WITH RECURSIVE targets(t) AS (`+least+`
			UNION ALL SELECT (`+least+` AND target > t) FROM targets WHERE t IS NOT NULL)
		SELECT t FROM targets WHERE t IS NOT NULL`, nil, []any{&target}, func() error {
		if meant(target) {
			all = append(all, target)
		}
		return nil
	})
	return all, err
}

// outcomesColumn selects the part of an event's outcomes that filters need: a JSON list of the
// deliveries that decide, by field names.
const outcomesColumn = `(SELECT json_group_array(json_object('Target', o.target, 'URL', o.url, 'Kind', o.kind, 'State', o.state,
	'Status', o.status, 'Err', o.err, 'Took', o.took, 'Cleared', json(iif(o.cleared, 'true', 'false'))))
	FROM deliveries o WHERE o.event = e.seq AND o.outcome IS NOT NULL)`

// answersColumn is outcomesColumn with the bodies of the answers, in hexadecimal digits.
var answersColumn = strings.Replace(outcomesColumn, "json_object(", "json_object('Answer', hex(o.response_body), ", 1)

// readOutcomes reads outcomesColumn or answersColumn.
func readOutcomes(column []byte) ([]event.Outcome, error) {
	var deciding []struct {
		event.Delivery
		Answer string
	}
	if err := json.Unmarshal(column, &deciding); err != nil {
		return nil, fmt.Errorf("%w: outcomes: %w", store.ErrDamaged, err)
	}
	outcomes := make([]event.Outcome, len(deciding))
	for i, d := range deciding {
		var err error
		if d.ResponseBody, err = hex.DecodeString(d.Answer); err != nil {
			return nil, fmt.Errorf("%w: an answer: %w", store.ErrDamaged, err)
		}
		outcomes[i] = event.Outcome{Target: d.Target, Last: d.Delivery}
	}
	return outcomes, nil
}
