package sqlite

// Lists that are not sorted by time: each page reads all matches, but only their keys and sort
// values.

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"hfhook/store"
)

// orders are the expressions that events e are sorted by.
var orders = map[store.Order]string{
	store.ByTime: "e.seq",
	store.BySize: "e.size",
	store.ByDuration: `ifnull((SELECT max(o.took) FROM deliveries o
		WHERE o.event = e.seq AND o.outcome IS NOT NULL AND o.state = 'done'), -1)`,
}

// sorted is List with a sort order.
func (s *Store) sorted(ctx context.Context, q store.Query) (page store.Page, err error) {
	by, ok := orders[q.Sort]
	switch {
	case !ok:
		return page, fmt.Errorf("unknown order %q", q.Sort)
	case q.After != "":
		return page, errors.New("a sorted list cannot use After")
	}
	dir, behind := "DESC", "<"
	if q.Reverse {
		dir, behind = "ASC", ">"
	}
	cond, args, never, err := s.allOf(ctx, q)
	if err != nil || never {
		return page, err
	}
	rest := "TRUE"
	var from []any
	if q.Before != "" {
		key, raw, err := split(q.Before)
		if err != nil {
			return page, err
		}
		var value int64
		err = s.read.row(ctx, "SELECT "+by+" FROM events e WHERE e.seq = ? AND e.id = ?", []any{key, raw}, &value)
		if errors.Is(err, sql.ErrNoRows) {
			err = store.ErrNotFound
		}
		if err != nil {
			return page, err
		}
		rest, from = "(v "+behind+" ? OR v = ? AND seq "+behind+" ?)", []any{value, value, key}
	}
	r := &search{Store: s}
	var seq int64
	err = s.read.eachOnce(ctx, "SELECT seq FROM (SELECT e.seq AS seq, "+by+" AS v FROM events e WHERE "+cond+") WHERE "+rest+
		" ORDER BY v "+dir+", seq "+dir+" LIMIT ?", append(append(args, from...), limit(q)+1), []any{&seq}, func() error {
		r.found = append(r.found, seq)
		return nil
	})
	if err != nil {
		return page, err
	}
	more := len(r.found) > limit(q)
	r.found = r.found[:min(len(r.found), limit(q))]
	if err := r.readRows(ctx); err != nil {
		return page, err
	}
	page.Rows, page.Older, page.Newer = r.rows, more, q.Before != ""
	if more && len(page.Rows) > 0 {
		page.Next = page.Rows[len(page.Rows)-1].ID
	}
	return page, nil
}

// allOf returns the condition of all events that match a query. Terms that only bodies can
// decide are searched first.
func (s *Store) allOf(ctx context.Context, q store.Query) (cond string, args []any, never bool, err error) {
	if q.Filter == nil {
		return "TRUE", nil, false, nil
	}
	r, err := s.newSearch(ctx, store.Query{Filter: q.Filter, Limit: math.MaxInt - 1})
	if err != nil || r.where.never {
		return "", nil, true, err
	}
	if r.match != nil {
		for more := true; more; {
			r.looked, r.bytes, r.rows = 0, 0, nil
			if more, err = r.run(ctx); err != nil {
				return "", nil, false, err
			}
		}
		keys, err := json.Marshal(r.found)
		return "e.seq IN (SELECT value FROM json_each(?))", []any{string(keys)}, len(r.found) == 0, err
	}
	r.lo, r.hi = max(r.lo, r.where.first-1), min(r.hi, r.where.last)
	if r.hi < math.MaxInt64 {
		r.hi++
	}
	best, _, err := r.choose(ctx)
	if err != nil {
		return "", nil, false, err
	}
	source, args := best.where(r.lo, r.hi)
	return source + " AND " + r.where.cond, append(args, r.where.args...), false, nil
}

// sortedBy reports whether a query has an order of its own.
func sortedBy(q store.Query) bool { return q.Sort != store.ByTime || q.Reverse }
