package sqlite

// Attempts that were under way when their process ended, for example because it was killed.
// Each has the name of the lock that its process holds while it runs.

import (
	"context"

	"hfhook/event"
)

// abandonedErr is the error of a replay that was under way when its process ended.
const abandonedErr = "hfhook ended before the answer was complete"

// endAbandoned ends attempts that the store has as under way and whose process is gone: a
// replay becomes interrupted, a live delivery waits again. Those of running processes are left
// alone.
func (s *Store) endAbandoned(ctx context.Context) error {
	gone := make(map[string]bool) // by owner
	events := make(map[int64]bool)
	var seq int64
	var owner string
	err := s.read.each(ctx, "SELECT event, owner FROM deliveries INDEXED BY deliveries_sending WHERE state = 'sending' AND event > ?", []any{-1}, []any{&seq, orZero(&owner)}, func() error {
		if _, known := gone[owner]; !known {
			gone[owner] = owner == "" || isGone(s.lockPath(owner))
		}
		if gone[owner] {
			events[seq] = true
		}
		return nil
	})
	if err != nil || len(events) == 0 {
		return err
	}
	s.sweepLocks()
	return s.writer.do(ctx, 0, func(t *tx) error {
		for seq := range events {
			err := t.changeAttempts(seq, func(a *attempt) bool {
				if a.State != event.Sending || !gone[a.owner] {
					return false
				}
				a.State, a.Err, a.owner = event.Waiting, "", ""
				if a.Kind != event.Live {
					a.State, a.Err = event.Interrupted, abandonedErr
				}
				return true
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
