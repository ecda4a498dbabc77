package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"hfhook/event"
	"hfhook/store"
)

// dropRows is how many events lose deliveries in one transaction, so that a capture waits for
// milliseconds.
const dropRows = 250

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
	last := int64(math.MaxInt64)
	if through != "" {
		if last, _, err = split(through); err != nil {
			return 0, nil // no event has it
		}
	}
	n, err = s.drop(ctx, target, last, false)
	n += s.kept.drop(target, through)
	return n, s.explain(ctx, fmt.Sprintf("drop what waits for %q", target), err)
}

// drop discards what waits for a target, for events up to a key. If also is set it discards
// deliveries under way, too: nobody sends to the target.
func (s *Store) drop(ctx context.Context, target string, last int64, also bool) (n int, err error) {
	for {
		dropped := 0
		err := s.writer.do(ctx, 0, func(t *tx) (err error) {
			dropped, err = t.drop(target, last, also)
			return err
		})
		n += dropped
		if err != nil || dropped == 0 {
			return n, err
		}
	}
}

// drop discards some of what waits for a target, for events up to a key.
func (t *tx) drop(target string, last int64, also bool) (n int, err error) {
	states := "state = 'waiting'"
	if also {
		states = waits
	}
	var events []int64
	var seq int64
	err = t.w.on.each(context.Background(), "SELECT DISTINCT event FROM deliveries INDEXED BY deliveries_waiting WHERE "+waits+" AND "+states+" AND target = ? AND event <= ? ORDER BY event LIMIT ?",
		[]any{target, last, dropRows}, []any{&seq}, func() error {
			events = append(events, seq)
			return nil
		})
	for _, seq := range events {
		if err != nil {
			return 0, err
		}
		err = t.changeAttempts(seq, func(a *attempt) bool {
			dropped := dropUnsent(a, target, also)
			if dropped {
				n++
			}
			return dropped
		})
	}
	return n, err
}

// changeAttempts changes attempts of an event: f changes one, or returns false.
func (t *tx) changeAttempts(seq int64, f func(*attempt) bool) error {
	before, err := t.attempts(seq)
	if err != nil {
		return err
	}
	after := slices.Clone(before)
	for i := range after {
		a := &after[i]
		if !f(a) {
			continue
		}
		if _, err := t.exec("UPDATE deliveries SET state = ?, err = ?, cleared = ?, owner = ? WHERE id = ?", string(a.State), a.Err,
			sql.Null[bool]{V: true, Valid: a.Cleared}, sql.Null[string]{V: a.owner, Valid: a.owner != ""}, a.key); err != nil {
			return err
		}
	}
	return t.redecide(before, after, 0)
}
