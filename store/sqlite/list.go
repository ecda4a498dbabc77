package sqlite

import (
	"context"
	"math"
	"slices"

	"hfhook/event"
	"hfhook/store"
)

// rowColumns reads event.Row from the tables events, called e, and those that it
// points to: each a look-up by key.
const rowColumns = `e.seq, e.id, e.received, p.name, w.name, w.action, e.repo_type, r.name, e.label, e.subject, e.size,
	e.origin, e.parent, e.duplicate, e.warnings, e.deliveries, ` + briefColumns + `
	FROM events e
	LEFT JOIN names p ON p.id = e.path
	LEFT JOIN names w ON w.id = e.what
	LEFT JOIN names r ON r.id = e.repo
	LEFT JOIN deliveries d ON d.id = e.last`

// List is documented at [store.Store].
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	page, err := s.list(ctx, q)
	if err != nil {
		return store.Page{}, s.explain(ctx, "list events", err)
	}
	return page, nil
}

func (s *Store) list(ctx context.Context, q store.Query) (page store.Page, err error) {
	after, before := int64(-1), int64(math.MaxInt64)
	if q.After != "" {
		if after, _, err = split(q.After); err != nil {
			return page, err
		}
	}
	if q.Before != "" {
		if before, _, err = split(q.Before); err != nil {
			return page, err
		}
	}
	order := "DESC"
	if q.After != "" {
		order = "ASC" // the nearest to it
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}

	var first, last, seq int64 // keys of the page's ends, in the order of reading
	var row event.Row
	dest := append([]any{&seq, scanID{&row.ID}, scanTime{&row.Received}, orZero(&row.Path), orZero(&row.Scope), orZero(&row.Action),
		&row.RepoType, orZero(&row.Repo), &row.Label, &row.Subject, &row.Size,
		&row.Origin, scanID{&row.Parent}, scanID{&row.Duplicate}, &row.Warnings, &row.Deliveries}, brief(&row.Last)...)
	err = s.read.each(ctx, "SELECT "+rowColumns+" WHERE e.seq > ? AND e.seq < ? ORDER BY e.seq "+order+" LIMIT ?",
		[]any{after, before, limit}, dest, func() error {
			if row.Deliveries > 0 {
				row.Last.Event = row.ID
			}
			if page.Rows == nil {
				first = seq
			}
			last = seq
			page.Rows = append(page.Rows, row)
			return nil
		})
	if err != nil {
		return page, err
	}
	if q.After != "" {
		slices.Reverse(page.Rows)
		first, last = last, first
	}
	if page.Rows == nil {
		// Between its two ends there is nothing, so they are where it lies.
		first, last = before-1, after+1
	}
	err = s.read.row(ctx, "SELECT EXISTS (SELECT 1 FROM events WHERE seq < ?), EXISTS (SELECT 1 FROM events WHERE seq > ?)",
		[]any{last, first}, &page.Older, &page.Newer)
	return page, err
}
