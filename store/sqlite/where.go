package sqlite

// A filter as a condition over the rows of events, called e. What only a body can decide is
// left open; conditions on outcomes are in group.go.

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/payload"
	"hfhook/store"
)

// A where is the part of a filter that SQLite can evaluate. Every event that matches meets cond
// and has a key from first to last; each of the sources has them all.
type where struct {
	cond         string // never NULL
	args         []any
	asksRow      bool // cond is about more than the key
	asksOutcomes bool // cond is about attempts, too
	first, last  int64
	sources      []source
	words        string           // the query of the index of words that finds them all; empty: there is none
	hasWords     filter.Predicate // reports whether the index finds a body, approximately
	never        bool             // nothing can match
}

// indexed are the columns of which the index events_<column> is.
var indexed = []string{"what", "repo", "repo_type"}

// where compiles a filter.
func (s *Store) where(ctx context.Context, x filter.Expr, gaps []store.Gap) (*where, error) {
	c := compiler{Store: s, ctx: ctx, gaps: gaps}
	w := &where{last: math.MaxInt64}
	parts, ok := x.(filter.And)
	if !ok {
		parts = filter.And{x}
	}
	var asked filter.And
	if w.words, asked = match(parts); w.words != "" {
		w.hasWords = filter.Compile(asked)
	}
	w.cond = c.and(parts, true, w)
	w.args, w.asksRow, w.asksOutcomes = c.args, len(c.args) > 0 || c.asksRow, c.asksOutcomes
	return w, c.err
}

// A compiler goes through a filter once, in the order of the resulting text, and gathers the
// arguments.
type compiler struct {
	*Store
	ctx          context.Context
	gaps         []store.Gap // in which events may have been missed, if the filter asks
	args         []any
	asksRow      bool
	asksOutcomes bool
	err          error
}

// arg adds an argument and returns its place in the text.
func (c *compiler) arg(v any) string {
	c.args = append(c.args, v)
	return "?"
}

// condition writes a condition that is true if x may match: open is used for a part that only
// the body can decide, so that a negation reverses it.
func (c *compiler) condition(x filter.Expr, open bool) string {
	if set, ok := c.set(x); ok {
		return c.within(set)
	}
	if group, ok := groupOf(x); ok {
		c.asksRow, c.asksOutcomes = true, true
		return c.group(group, open)
	}
	c.asksRow = c.asksRow || filter.NeedsRow(x)
	switch x := x.(type) {
	case filter.And:
		return c.and(x, open, nil)
	case filter.Or:
		var parts []string
		for _, part := range x {
			parts = append(parts, c.condition(part, open))
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	case filter.Not:
		return "NOT " + c.condition(x.X, !open)
	case filter.ID:
		return c.identity(x)
	case filter.Among:
		return c.among(x)
	case filter.Size:
		return "e.size " + string(x.Op) + " " + c.arg(x.N)
	case filter.Recorded:
		op := ">="
		if x.Before {
			op = "<"
		}
		return "e.seq " + op + " " + c.arg(firstSeq(x.At))
	case filter.Origin:
		return "e.origin = " + c.arg(string(x))
	case filter.Pin:
		return "ifnull(e.pin IN (SELECT value FROM json_each(" + c.arg(c.list(c.pins(x))) + ")), FALSE)"
	case filter.Note:
		return "e.seq IN (SELECT value FROM json_each(" + c.arg(c.list(c.notes(x))) + "))"
	case filter.Is:
		if x == filter.Missed && open {
			return c.missed()
		}
		if cond, ok := states[x]; ok {
			return cond
		}
		return "FALSE"
	}
	if open {
		return "TRUE"
	}
	return "FALSE"
}

var states = map[filter.Is]string{
	filter.Edited:    "e.origin = 'edit'",
	filter.Synthetic: "e.origin = 'synthetic'",
	filter.Pinned:    pinnedCond,
	filter.Duplicate: "e.duplicate IS NOT NULL",
	filter.SameBody:  "e.same_body IS NOT NULL",
	filter.Warned:    "e.warnings > 0",
}

// pinnedCond is the condition of an index, as in the schema.
const pinnedCond = "e.pin IS NOT NULL"

// missed returns the condition that an event may have been missed: its Webhook-Id is checked
// later.
func (c *compiler) missed() string {
	first := int64(math.MaxInt64)
	for _, g := range c.gaps {
		first = min(first, nanos(g.To))
	}
	return "(e.delivery_id <> '' AND e.duplicate IS NULL AND e.origin IN ('hub', 'import') AND e.received >= " + c.arg(first) + ")"
}

// and writes the condition that all parts hold. What they say about keys and indexes goes to
// top, if that is set.
func (c *compiler) and(parts filter.And, open bool, top *where) string {
	// What is asked of scope and action is asked of both at once.
	what := slices.DeleteFunc(slices.Clone(parts), func(x filter.Expr) bool { return !aboutWhat(x) })
	if len(what) > 1 {
		parts = append(filter.And{what}, slices.DeleteFunc(slices.Clone(parts), aboutWhat)...)
	}
	conds := []string{"TRUE"}
	for _, x := range parts {
		if at, ok := x.(filter.Recorded); ok && top != nil {
			top.note(at)
			continue
		}
		if set, ok := c.set(x); ok {
			conds = append(conds, c.within(set))
			if top != nil {
				top.never = top.never || set.count == 0
				if slices.Contains(indexed, set.column) {
					top.sources = append(top.sources, set)
				}
			}
			continue
		}
		conds = append(conds, c.condition(x, open))
		if top != nil {
			top.note(x)
			top.never = top.never || x == filter.Expr(filter.Missed) && len(c.gaps) == 0
			if s, ok := c.sourceOf(x); ok {
				top.never = top.never || (s.outcomes != "" || s.keys != "") && s.count == 0
				top.sources = append(top.sources, s)
			}
		}
	}
	return "(" + strings.Join(conds, " AND ") + ")"
}

// note takes from a term that must hold where its events are.
func (w *where) note(x filter.Expr) {
	if first, last, ok := keysOf(x); ok {
		w.first, w.last = max(w.first, first), min(w.last, last)
		w.never = w.never || first > last
	}
	switch x := x.(type) {
	case filter.Recorded:
		if x.Before {
			w.last = min(w.last, firstSeq(x.At)-1)
		} else {
			w.first = max(w.first, firstSeq(x.At))
		}
	}
}

// firstSeq is the smallest key of an event that was recorded at t or later.
func firstSeq(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	if ms >= 1<<47 {
		return math.MaxInt64
	}
	return max(ms, 0) << 16
}

// aboutWhat reports whether an expression is only about scope and action.
func aboutWhat(x filter.Expr) bool {
	switch x := x.(type) {
	case filter.Scope, filter.Action:
		return true
	case filter.And:
		return !slices.ContainsFunc(x, func(x filter.Expr) bool { return !aboutWhat(x) })
	case filter.Or:
		return !slices.ContainsFunc(x, func(x filter.Expr) bool { return !aboutWhat(x) })
	case filter.Not:
		return aboutWhat(x.X)
	}
	return false
}

// set returns the values of one column that an expression amounts to, if it does.
func (c *compiler) set(x filter.Expr) (source, bool) {
	column, values := c.values(x)
	if column == "" {
		return source{}, false
	}
	return source{index: "events_" + column, column: column, values: c.list(values), count: len(values)}, true
}

func (c *compiler) values(x filter.Expr) (column string, values []any) {
	if aboutWhat(x) {
		return "what", c.names("what", "", false, x)
	}
	switch x := x.(type) {
	case filter.Type:
		return "repo_type", []any{string(x)}
	case filter.Not:
		if t, ok := x.X.(filter.Type); ok {
			return c.otherTypes(string(t))
		}
	case filter.Repo:
		prefix, only := filter.Glob(x).Prefix()
		return "repo", c.names("repo", prefix, only, x)
	case filter.Path:
		prefix, only := filter.Glob(x).Prefix()
		return "path", c.names("path", prefix, only, x)
	case filter.Or:
		column, values = c.values(x[0])
		for _, part := range x[1:] {
			if column == "" {
				return "", nil
			}
			other, more := c.values(part)
			if other != column {
				return "", nil
			}
			values = append(values, more...)
		}
		return column, values
	}
	return "", nil
}

// typesMost is how many types of repositories are listed. The Hub has five.
const typesMost = 64

// otherTypes returns all types of repositories in the store except one, if they are few. Each
// is found by one step in their index, however many events have it.
func (c *compiler) otherTypes(but string) (column string, values []any) {
	values = []any{}
	n := 0
	var one string
	err := c.read.each(c.ctx, `WITH RECURSIVE types(t) AS (
			SELECT min(repo_type) FROM events
			UNION ALL SELECT (SELECT min(repo_type) FROM events WHERE repo_type > t) FROM types WHERE t IS NOT NULL LIMIT ?)
		SELECT t FROM types WHERE t IS NOT NULL`, []any{typesMost + 1}, []any{&one}, func() error {
		if n++; one != but {
			values = append(values, one)
		}
		return nil
	})
	if err != nil {
		c.err = err
	}
	if n > typesMost {
		return "", nil
	}
	return "repo_type", values
}

// names returns the keys of the names of a kind that match.
func (c *compiler) names(kind, prefix string, only bool, x filter.Expr) []any {
	match := filter.Compile(x)
	values := []any{}
	query, args := "SELECT id, name, action FROM names WHERE kind = ?", []any{kind}
	switch {
	case only:
		query, args = query+" AND name = ?", append(args, prefix)
	case prefix != "":
		query, args = query+" AND name >= ? AND name < ?", append(args, prefix, after(prefix))
	}
	var id int64
	var n, action string
	err := c.read.each(c.ctx, query, args, []any{&id, &n, &action}, func() error {
		row := event.Row{Repo: n, Path: n, Scope: payload.Scope(n), Action: payload.Action(action)}
		ok, err := match(&row, filter.Rest{}) // which needs no body
		if ok {
			values = append(values, id)
		}
		return err
	})
	if err != nil {
		c.err = err
	}
	return values
}

// after returns the first text after all that have this prefix.
func after(prefix string) string {
	last := len(prefix) - 1
	return prefix[:last] + string([]byte{prefix[last] + 1}) // no byte of UTF-8 is the largest
}

// within writes the condition that the column has one of the values.
func (c *compiler) within(s source) string {
	return "ifnull(e." + s.column + " IN (SELECT value FROM json_each(" + c.arg(s.values) + ")), FALSE)"
}
