package sqlite

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hfhook/event"
	"hfhook/store"
)

// rowColumns reads event.Row from the table events, called e, and those of rowJoins, each a
// lookup by key. rowDest returns where to scan them.
const (
	rowColumns = `e.seq, e.id, e.received, p.name, w.name, w.action, e.repo_type, r.name, e.label, e.subject, e.size,
	e.origin, e.parent, e.duplicate, e.same_body, e.same_body_at, e.warnings, e.unwanted, e.pin, nt.note, e.deliveries, ` + summaryColumns
	rowJoins = `
	LEFT JOIN names p ON p.id = e.path
	LEFT JOIN names w ON w.id = e.what
	LEFT JOIN names r ON r.id = e.repo
	LEFT JOIN notes nt ON nt.seq = e.seq
	LEFT JOIN deliveries d ON d.event = e.seq AND d.n = e.deliveries`
)

func rowDest(seq *int64, row *event.Row) []any {
	return append([]any{seq, scanID{&row.ID}, scanTime{&row.Received}, orZero(&row.Path), orZero(&row.Scope), orZero(&row.Action),
		&row.RepoType, orZero(&row.Repo), &row.Label, &row.Subject, &row.Size,
		&row.Origin, scanID{&row.Parent}, scanID{&row.Duplicate}, scanID{&row.SameBody}, scanTime{&row.SameBodyAt}, &row.Warnings, orZero(&row.Unwanted), orZero(&row.Pin), orZero(&row.Note), &row.Deliveries}, summaryDest(&row.Last)...)
}

// finished completes a row that was scanned into rowDest.
func finished(row event.Row) event.Row {
	if row.Deliveries > 0 {
		row.Last.Event = row.ID
	}
	if len(row.Note) > event.MaxRowNote {
		end := event.MaxRowNote
		for !utf8.RuneStart(row.Note[end]) {
			end--
		}
		row.Note = strings.Clone(row.Note[:end])
	}
	return row
}

// List is documented at [store.Store].
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	list := s.list
	switch {
	case sortedBy(q):
		list = s.sorted
	case q.Filter != nil:
		list = s.search
	}
	page, err := list(ctx, q)
	if err == nil {
		err = s.addOutcomes(ctx, page.Rows)
	}
	if err == nil {
		err = s.addAckStatus(ctx, page.Rows)
	}
	if err != nil {
		return store.Page{}, s.explain(ctx, "list events", err)
	}
	return page, nil
}

// addOutcomes reads the outcomes of events at their targets.
func (s *Store) addOutcomes(ctx context.Context, rows []event.Row) error {
	byKey := make(map[int64]*event.Row, len(rows))
	var keys []int64
	for i := range rows {
		if rows[i].Deliveries > 0 {
			key, _, err := split(rows[i].ID)
			if err != nil {
				return err
			}
			byKey[key], keys = &rows[i], append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	p, err := s.presence(ctx)
	if err != nil {
		return err
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	places := make(map[int64][]int64, len(keys)) // of the outcomes of each row
	var key, column int64
	var d event.Delivery
	err = s.read.each(ctx, "SELECT d.event, d.outcome, "+summaryColumns+" FROM deliveries d WHERE d.event IN (SELECT value FROM json_each(?)) AND d.outcome IS NOT NULL ORDER BY d.event, d.n",
		[]any{string(list)}, append([]any{&key, &column}, summaryDest(&d)...), func() error {
			row := byKey[key]
			d.Event = row.ID
			o := event.Outcome{Target: d.Target, Last: d, LeftOver: !isFree(column) && p.leftOver(d.Target)}
			place := p.place(d.Target, placeOf(column))
			at, _ := slices.BinarySearch(places[key], place)
			row.Outcomes, places[key] = slices.Insert(row.Outcomes, at, o), slices.Insert(places[key], at, place)
			return nil
		})
	return err
}

// addAckStatus reads which senders were told what --ack STATUS says.
func (s *Store) addAckStatus(ctx context.Context, rows []event.Row) error {
	byKey := make(map[int64]*event.Row, len(rows))
	var keys []int64
	for i := range rows {
		key, _, err := split(rows[i].ID)
		if err != nil {
			return err
		}
		byKey[key], keys = &rows[i], append(keys, key)
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	var key int64
	var status int
	return s.read.each(ctx, "SELECT seq, status FROM answers WHERE seq IN (SELECT value FROM json_each(?)) AND substr(reason, 1, ?) = ?",
		[]any{string(list), len(event.ByRule), event.ByRule}, []any{&key, &status}, func() error {
			byKey[key].AckStatus = status
			return nil
		})
}

// span returns the keys between which the rows of a query are, exclusive. An ID that no event
// has may share its key with one that lies on its other side.
func (s *Store) span(ctx context.Context, q store.Query) (after, before int64, err error) {
	after, before = -1, math.MaxInt64
	if q.After != "" {
		key, raw, err := split(q.After)
		if err != nil {
			return 0, 0, err
		}
		beyond, err := s.exists(ctx, "seq = ? AND id > ?", key, raw)
		if err != nil {
			return 0, 0, err
		}
		if after = key; beyond {
			after--
		}
	}
	if q.Before != "" {
		key, raw, err := split(q.Before)
		if err != nil {
			return 0, 0, err
		}
		beyond, err := s.exists(ctx, "seq = ? AND id < ?", key, raw)
		if err != nil {
			return 0, 0, err
		}
		if before = key; beyond {
			before++
		}
	}
	return after, before, nil
}

// exists reports whether any event matches.
func (s *Store) exists(ctx context.Context, where string, args ...any) (found bool, err error) {
	err = s.read.row(ctx, "SELECT EXISTS (SELECT 1 FROM events WHERE "+where+")", args, &found)
	return found, err
}

// limit returns how many rows a query wants.
func limit(q store.Query) int {
	if q.Limit <= 0 {
		return 50
	}
	return q.Limit
}

func (s *Store) list(ctx context.Context, q store.Query) (page store.Page, err error) {
	after, before, err := s.span(ctx, q)
	if err != nil {
		return page, err
	}
	order := "DESC"
	if q.After != "" {
		order = "ASC" // the nearest to it
	}

	var first, last, seq int64 // keys of the page's ends, in the order of reading
	var row event.Row
	err = s.read.each(ctx, "SELECT "+rowColumns+" FROM events e"+rowJoins+" WHERE e.seq > ? AND e.seq < ? ORDER BY e.seq "+order+" LIMIT ?",
		[]any{after, before, limit(q)}, rowDest(&seq, &row), func() error {
			if page.Rows == nil {
				first = seq
			}
			last = seq
			page.Rows = append(page.Rows, finished(row))
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
		// There is nothing between its ends, so they give its position.
		first, last = before-1, after+1
	}
	err = s.read.row(ctx, "SELECT EXISTS (SELECT 1 FROM events WHERE seq < ?), EXISTS (SELECT 1 FROM events WHERE seq > ?)",
		[]any{last, first}, &page.Older, &page.Newer)
	if n := len(page.Rows); n > 0 {
		switch {
		case q.After != "" && page.Newer:
			page.Next = page.Rows[0].ID
		case q.After == "" && page.Older:
			page.Next = page.Rows[n-1].ID
		}
	}
	return page, err
}
