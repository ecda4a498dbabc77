package sqlite

// The sources of a search: which index has the fewest entries, and how it is read.

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"hfhook/filter"
)

// A source is a part of an index: the entries in which column has one of the values or, without
// a column, all that meet cond. The entries of one value are in the order of the keys.
type source struct {
	index  string
	column string
	values string // a JSON list
	count  int    // of the values
	cond   string
	keys   string // a JSON list of them: the source is these events

	// The source is the events of the attempts whose outcome is one of the JSON list
	// outcomes, and those that wait for one of the targets of the JSON list waiting.
	outcomes, waiting string

	either *[]source // the source is the events of one of these
}

// sourceOf returns a source that has all events that meet an expression, if an index has them.
func (c *compiler) sourceOf(x filter.Expr) (source, bool) {
	if groups, ok := groupsOf(x); ok {
		return c.groupSource(groups)
	}
	if s, ok := rareSource(x); ok {
		return s, true
	}
	if note, ok := x.(filter.Note); ok { // people write notes, so these are few
		keys := c.notes(note)
		return source{keys: c.list(keys), count: len(keys)}, true
	}
	if s, ok := c.set(x); ok {
		return s, slices.Contains(indexed, s.column)
	}
	parts, ok := x.(filter.Or)
	if !ok {
		return source{}, false
	}
	made := source{either: &[]source{}}
	for _, part := range parts {
		s, ok := c.sourceOf(part)
		if !ok {
			return source{}, false
		}
		*made.either = append(*made.either, s)
		made.count += max(s.count, 1)
	}
	return made, true
}

// table is the source of a filter that no index fits.
var table = source{cond: "TRUE"}

// by names the index for a query.
func (s source) by() string {
	if s.index == "" || s.outcomes != "" || s.either != nil {
		return ""
	}
	return " INDEXED BY " + s.index
}

// where returns the condition for the entries between two keys, exclusive.
func (s source) where(lo, hi int64) (cond string, args []any) {
	switch {
	case s.either != nil:
		var parts []string
		for _, part := range *s.either {
			part, more := part.events(lo, hi)
			parts, args = append(parts, part), append(args, more...)
		}
		return "e.seq IN (" + strings.Join(parts, " UNION ") + ")", args
	case s.keys != "":
		// The events are looked up one by one: + prevents SQLite from reading all between the
		// two.
		return "e.seq IN (SELECT value FROM json_each(?)) AND +e.seq > ? AND +e.seq < ?", []any{s.keys, lo, hi}
	case s.outcomes != "":
		attempts, args := s.attempts(lo, hi)
		return "e.seq IN (" + attempts + ")", args
	case s.column == "":
		cond = s.cond
	case s.count == 1:
		cond, args = "e."+s.column+" = (SELECT value FROM json_each(?))", []any{s.values} // this needs no sorting
	default:
		cond, args = "e."+s.column+" IN (SELECT value FROM json_each(?))", []any{s.values}
	}
	return cond + " AND e.seq > ? AND e.seq < ?", append(args, lo, hi)
}

// Entries of the indexes of attempts.
const (
	byOutcome = "FROM deliveries INDEXED BY deliveries_outcome WHERE outcome >= 0 AND outcome"
	byWaiting = "FROM deliveries INDEXED BY deliveries_waiting WHERE " + waits + " AND target"
)

// attempts selects the events of the attempts between two keys.
func (s source) attempts(lo, hi int64) (query string, args []any) {
	const list = " IN (SELECT value FROM json_each(?)) AND event > ? AND event < ?"
	return "SELECT event " + byOutcome + list + " UNION ALL SELECT event " + byWaiting + list, []any{s.outcomes, lo, hi, s.waiting, lo, hi}
}

// events selects the keys of its events between two keys.
func (s source) events(lo, hi int64) (query string, args []any) {
	if s.outcomes != "" {
		return s.attempts(lo, hi)
	}
	cond, args := s.where(lo, hi)
	return "SELECT e.seq FROM events e" + s.by() + " WHERE " + cond, args
}

// entries selects a row for each entry between two keys.
func (s source) entries(lo, hi int64) (query string, args []any) {
	if s.outcomes != "" {
		return s.attempts(lo, hi)
	}
	if s.either != nil {
		var parts []string
		for _, part := range *s.either {
			part, more := part.entries(lo, hi)
			parts, args = append(parts, part), append(args, more...)
		}
		return strings.Join(parts, " UNION ALL "), args
	}
	cond, args := s.where(lo, hi)
	return "SELECT 1 FROM events e" + s.by() + " WHERE " + cond, args
}

// choose returns the smallest source, and the number of its entries, which is counted up to a
// limit.
func (r *search) choose(ctx context.Context) (best source, smallest int, err error) {
	best, smallest = table, math.MaxInt
	sources := slices.DeleteFunc(r.where.sources, func(s source) bool { return s.count > r.steps.values })
	for _, s := range sources {
		n := 0
		if len(sources) > 1 || r.where.words != "" {
			query, args := s.entries(r.lo, r.hi)
			err := r.read.row(ctx, "SELECT count(*) FROM (SELECT 1 FROM ("+query+") LIMIT ?)", append(args, r.steps.probe), &n)
			if err != nil {
				return table, 0, err
			}
		}
		if n < smallest {
			best, smallest = s, n
		}
	}
	return best, smallest, nil
}

// end returns the key up to which there are about n events of the source, and whether there are
// more.
func (r *search) end(ctx context.Context, n int) (seq int64, ok bool, err error) {
	if r.source.either == nil {
		return r.endOf(ctx, r.source, n)
	}
	for _, s := range *r.source.either {
		key, found, err := r.endOf(ctx, s, max(n/len(*r.source.either), 1))
		if err != nil {
			return 0, false, err
		}
		if found && (!ok || r.forth == (key < seq)) {
			seq, ok = key, true
		}
	}
	return seq, ok, nil
}

// endOf is end for a single source.
func (r *search) endOf(ctx context.Context, s source, n int) (seq int64, ok bool, err error) {
	order, nearest := " ORDER BY seq DESC LIMIT 1 OFFSET ?", "max"
	if r.forth {
		order, nearest = " ORDER BY seq LIMIT 1 OFFSET ?", "min"
	}
	var query string
	args := []any{r.lo, r.hi}
	switch {
	case s.keys != "": // all of them at once
		return 0, false, nil
	case s.outcomes != "":
		share := max(n/max(s.count, 1), 1) - 1
		each := func(from, order string) string {
			return "SELECT " + nearest + "((SELECT event " + from + " = j.value AND event > ? AND event < ?" + order + ")) AS edge FROM json_each(?) j"
		}
		order = strings.Replace(order, "seq", "event", 1)
		query = "SELECT " + nearest + "(edge) FROM (" + each(byOutcome, order) + " UNION ALL " + each(byWaiting, order) + ")"
		args = []any{r.lo, r.hi, share, s.outcomes, r.lo, r.hi, share, s.waiting}
	case s.column == "":
		query = "SELECT (SELECT seq FROM events e" + s.by() + " WHERE " + s.cond + " AND seq > ? AND seq < ?" + order + ")"
		args = append(args, n-1)
	default:
		// Each value gets a share. If it has more entries, the rest waits.
		query = "SELECT seq FROM events e" + s.by() + " WHERE e." + s.column + " = j.value AND seq > ? AND seq < ?" + order
		query = "SELECT " + nearest + "((" + query + ")) FROM json_each(?) j"
		args = append(args, max(n/max(s.count, 1), 1)-1, s.values)
	}
	var key sql.Null[int64]
	err = r.read.row(ctx, query, args, &key)
	return key.V, key.Valid, err
}

// query returns the query that look needs: rows, and bodies if they matter.
func (r *search) query(lo, hi int64) (text string, args []any) {
	columns, joins := rowColumns, rowJoins
	if r.blind {
		columns, joins = "e.seq", ""
	}
	var sent, alone string // what match looks at, in the table bodies
	if r.needs.body {
		sent, alone = ", b.body", ", e.body"
	}
	if r.needs.header {
		sent, alone = sent+", b.header", alone+", e.header"
	}
	if sent != "" {
		columns, joins = columns+sent, joins+" LEFT JOIN bodies b ON b.seq = e.seq"
	}
	if r.needs.answers {
		columns += ", " + answersColumn
	} else if r.needs.outcomes {
		columns += ", " + outcomesColumn
	}
	if r.needs.missed {
		columns += ", e.delivery_id"
	}
	from := " FROM events e" + r.source.by() + joins
	if r.blind && !r.where.asksRow {
		columns, from = "e.seq"+alone, " FROM bodies e" // in the same order as the events
	}
	cond, args := r.source.where(lo, hi)
	args = append(args, r.where.args...)
	text = "SELECT " + columns + from + " WHERE " + cond + " AND " + r.where.cond + " ORDER BY e.seq"
	if !r.forth {
		text += " DESC"
	}
	return text, args
}
