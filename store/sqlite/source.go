package sqlite

// The sources of a search: which index has the fewest entries, and how it is asked.

import (
	"context"
	"database/sql"
	"math"
	"slices"
)

// A source is a part of an index: its entries in which column has one of the values
// or, where there is no column, all that meet cond. Those of one value are in the
// order of the keys.
type source struct {
	index  string
	column string
	values string // a JSON list
	count  int    // of the values
	cond   string
	keys   string // a JSON list of them: the source is these events
}

// table is the source of a filter that no index fits.
var table = source{cond: "TRUE"}

// by names the index for a query.
func (s source) by() string {
	if s.index == "" {
		return ""
	}
	return " INDEXED BY " + s.index
}

// where is the condition for its entries.
func (s source) where() (cond string, args []any) {
	if s.keys != "" {
		return "e.seq IN (SELECT value FROM json_each(?))", []any{s.keys}
	}
	if s.column == "" {
		return s.cond, nil
	}
	if s.count == 1 {
		return "e." + s.column + " = (SELECT value FROM json_each(?))", []any{s.values} // which needs no sorting
	}
	return "e." + s.column + " IN (SELECT value FROM json_each(?))", []any{s.values}
}

// choose returns the smallest source, and how many entries it has, up to those that are
// counted.
func (r *search) choose(ctx context.Context) (best source, smallest int, err error) {
	best, smallest = table, math.MaxInt
	sources := slices.DeleteFunc(r.where.sources, func(s source) bool { return s.count > r.steps.values })
	for _, s := range sources {
		n := 0
		if len(sources) > 1 || r.where.words != "" {
			cond, args := s.where()
			err := r.read.row(ctx, "SELECT count(*) FROM (SELECT 1 FROM events e"+s.by()+" WHERE "+cond+" AND e.seq > ? AND e.seq < ? LIMIT ?)",
				append(args, r.lo, r.hi, r.steps.probe), &n)
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

// end returns the key to which there are about n events of the source, and whether
// there are more than these.
func (r *search) end(ctx context.Context, n int) (seq int64, ok bool, err error) {
	order, nearest := " ORDER BY seq DESC LIMIT 1 OFFSET ?", "max"
	if r.forth {
		order, nearest = " ORDER BY seq LIMIT 1 OFFSET ?", "min"
	}
	var query string
	args := []any{r.lo, r.hi}
	if s := r.source; s.column == "" {
		query = "SELECT (SELECT seq FROM events e" + s.by() + " WHERE " + s.cond + " AND seq > ? AND seq < ?" + order + ")"
		args = append(args, n-1)
	} else {
		// Each value has its share. Where it has more than that, what is behind waits.
		query = "SELECT seq FROM events e" + s.by() + " WHERE e." + s.column + " = j.value AND seq > ? AND seq < ?" + order
		query = "SELECT " + nearest + "((" + query + ")) FROM json_each(?) j"
		args = append(args, max(n/s.count, 1)-1, s.values)
	}
	var key sql.Null[int64]
	err = r.read.row(ctx, query, args, &key)
	return key.V, key.Valid, err
}

// query reads what look asks: rows, and bodies where they matter.
func (r *search) query(lo, hi int64) (text string, args []any) {
	columns, joins := rowColumns, rowJoins
	if r.blind {
		columns, joins = "e.seq", " LEFT JOIN deliveries d ON d.id = e.last"
	}
	if r.match != nil {
		columns, joins = columns+", b.body", joins+" LEFT JOIN bodies b ON b.seq = e.seq"
	}
	from := " FROM events e" + r.source.by() + joins
	if r.blind && !r.where.asksRow {
		columns, from = "e.seq, e.body", " FROM bodies e" // which are in one order with the events
	}
	cond, args := r.source.where()
	args = append(append(args, lo, hi), r.where.args...)
	text = "SELECT " + columns + from + " WHERE " + cond + " AND e.seq > ? AND e.seq < ? AND " + r.where.cond + " ORDER BY e.seq"
	if !r.forth {
		text += " DESC"
	}
	return text, args
}
