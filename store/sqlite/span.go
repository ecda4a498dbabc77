package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// PutSpan is documented at [store.Store].
func (s *Store) PutSpan(ctx context.Context, sp *store.Span) error {
	put := *sp
	columns := []any{nanos(put.Run), nanos(put.From), nanos(put.To), string(put.Why),
		sql.Null[bool]{V: true, Valid: put.Closed}, sql.Null[string]{V: put.Via, Valid: put.Via != ""}}
	err := s.writer.do(ctx, 0, func(t *tx) (err error) {
		if sp.ID == 0 {
			put.ID, err = t.exec("INSERT INTO spans (run, began, ended, why, closed, via) VALUES (?, ?, ?, ?, ?, ?)", columns...)
			return err
		}
		var there bool
		if err := t.row("SELECT EXISTS (SELECT 1 FROM spans WHERE id = ?)", []any{put.ID}, &there); err != nil {
			return err
		}
		if !there {
			return store.ErrNotFound
		}
		_, err = t.exec("UPDATE spans SET run = ?, began = ?, ended = ?, why = ?, closed = ?, via = ? WHERE id = ?", append(columns, put.ID)...)
		return err
	})
	if err != nil {
		return s.explain(ctx, "record since when events can be received", err)
	}
	sp.ID = put.ID
	return nil
}

// Spans is documented at [store.Store].
func (s *Store) Spans(ctx context.Context, limit int) (spans []store.Span, err error) {
	var sp store.Span
	err = s.read.each(ctx, "SELECT id, run, began, ended, why, closed, via FROM spans ORDER BY id DESC LIMIT ?", []any{max(limit, 0)},
		[]any{&sp.ID, scanTime{&sp.Run}, scanTime{&sp.From}, scanTime{&sp.To}, &sp.Why, orZero(&sp.Closed), orZero(&sp.Via)}, func() error {
			spans = append(spans, sp)
			return nil
		})
	slices.Reverse(spans)
	return spans, s.explain(ctx, "read the spans", err)
}

// counted is how many of the newest events are looked at by Triggers.
const counted = 20_000

// Triggers is documented at [store.Store].
func (s *Store) Triggers(ctx context.Context, since time.Time) (all []store.Triggers, err error) {
	var one store.Triggers
	err = s.read.each(ctx, `SELECT n.name, count(*) AS times
		FROM (SELECT webhook, origin, duplicate FROM events WHERE seq >= ? ORDER BY seq DESC LIMIT ?) e JOIN names n ON n.id = e.webhook
		WHERE e.origin = ? AND e.duplicate IS NULL
		GROUP BY n.name ORDER BY times DESC, n.name`, []any{firstSeq(since), counted, string(event.FromHub)},
		[]any{&one.Webhook, &one.N}, func() error {
			all = append(all, one)
			return nil
		})
	return all, s.explain(ctx, "count the triggers", err)
}
