package sqlite

import (
	"context"
	"fmt"
	"math"

	"hfhook/event"
	"hfhook/store"
)

// dropRows is how many deliveries one transaction drops, so that a capture waits for
// milliseconds.
const dropRows = 1000

// waits is the condition of the index deliveries_waiting.
const waits = "kind = 'live' AND state IN ('waiting', 'sending')"

// Held is documented at [store.Store].
func (s *Store) Held(ctx context.Context) ([]store.Held, error) {
	var all []store.Held
	var h store.Held
	err := s.read.each(ctx, `SELECT target, events, (SELECT id FROM events WHERE seq = oldest)
		FROM (SELECT target, count(*) AS events, min(event) AS oldest FROM deliveries WHERE `+waits+` GROUP BY target) ORDER BY target`,
		nil, []any{&h.Target, &h.Events, scanID{&h.Oldest}}, func() error {
			all = append(all, h)
			return nil
		})
	if err != nil {
		return nil, s.explain(ctx, "count what waits", err)
	}
	return all, nil
}

// Drop is documented at [store.Store].
func (s *Store) Drop(ctx context.Context, target string, through event.ID) (n int, err error) {
	defer func() { err = s.explain(ctx, fmt.Sprintf("drop what waits for %q", target), err) }()
	last := int64(math.MaxInt64)
	if through != "" {
		if last, _, err = split(through); err != nil {
			return 0, nil // no event has it
		}
	}
	for {
		dropped := 0
		err := s.writer.do(ctx, 0, func(t *tx) error {
			if _, err := t.exec(`UPDATE deliveries SET state = 'dropped', err = '' WHERE id IN (
				SELECT id FROM deliveries WHERE `+waits+` AND state = 'waiting' AND target = ? AND event <= ? ORDER BY event, n LIMIT ?)`,
				target, last, dropRows); err != nil {
				return err
			}
			if err := t.row("SELECT changes()", nil, &dropped); err != nil {
				return err
			}
			t.waiting -= int64(dropped)
			return nil
		})
		n += dropped
		if err != nil || dropped < dropRows {
			return n, err
		}
	}
}
