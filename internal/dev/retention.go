package dev

// What is old, or too much, is deleted while the session runs.

import (
	"context"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// retainEvery is how often the store is looked over.
const retainEvery = time.Minute

// retainBatch is how many events are deleted before the size is asked for again.
const retainBatch = 250

// retain deletes what the options say, now and every minute. What goes wrong is logged,
// and tried again.
func (s *Session) retain(ctx context.Context) error {
	tick := time.NewTicker(retainEvery)
	defer tick.Stop()
	for {
		old, err := s.deleteOld(ctx)
		excess := 0
		if err == nil {
			excess, err = s.deleteExcess(ctx)
		}
		if old+excess > 0 {
			s.log.Info("deleted events", "old", old, "for the size", excess)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Warn("delete old events", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (s *Session) deleteOld(ctx context.Context) (int, error) {
	if s.opts.KeepSince == nil {
		return 0, nil
	}
	return s.store.Prune(ctx, s.opts.KeepSince(), false)
}

// deleteExcess deletes the oldest events that are not pinned until the store is no larger
// than it may be.
func (s *Session) deleteExcess(ctx context.Context) (n int, err error) {
	if s.opts.MaxStore <= 0 {
		return 0, nil
	}
	// Older than every event.
	const beginning event.ID = "00000000000000000000000000"
	for q := (store.Query{After: beginning, Limit: retainBatch}); ; {
		stats, err := s.store.Stats(ctx)
		if err != nil || stats.Used <= s.opts.MaxStore {
			return n, err
		}
		page, err := s.store.List(ctx, q)
		if err != nil {
			return n, err
		}
		var ids []event.ID
		for i := range page.Rows {
			if page.Rows[i].Pin == "" {
				ids = append(ids, page.Rows[i].ID)
			}
		}
		gone, err := s.store.Delete(ctx, ids...)
		n += gone
		if err != nil {
			return n, err
		}
		if q.After = page.Next; page.Next == "" {
			s.log.Warn("the store is larger than --max-store, and all that is left is pinned", "bytes", stats.Used, "max", s.opts.MaxStore)
			return n, nil
		}
	}
}
