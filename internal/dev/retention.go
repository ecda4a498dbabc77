package dev

// Deletes old events, and those that are too many, while the session runs.

import (
	"context"
	"fmt"
	"time"

	"hfhook/store"
)

// retainEvery is how often the store is checked.
const retainEvery = time.Minute

// retain deletes events according to the options, now and every minute. Errors are logged, and
// the deletion is tried again.
func (s *Session) retain(ctx context.Context) error {
	tick := time.NewTicker(retainEvery)
	defer tick.Stop()
	reason := "" // why the store is larger than it may be
	for {
		old, err := s.deleteOld(ctx)
		excess := 0
		if err == nil {
			excess, err = s.deleteExcess(ctx, &reason)
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

// deleteExcess deletes the oldest events that are not pinned until the store is within its size
// limit. If that is not enough it logs so, once for each reason.
func (s *Session) deleteExcess(ctx context.Context, reason *string) (n int, err error) {
	if s.opts.MaxStore <= 0 {
		return 0, nil
	}
	done, err := s.store.Shrink(ctx, s.opts.MaxStore, false)
	if err != nil {
		return done.Deleted, err
	}
	why := ""
	if done.Used > s.opts.MaxStore {
		why = WhyLarger(done)
	}
	if why != *reason && why != "" {
		s.log.Warn("the store is larger than --max-store", "why", why, "bytes", done.Used, "max", s.opts.MaxStore)
	}
	*reason = why
	return done.Deleted, nil
}

// WhyLarger says why a store is still too large after Shrink.
func WhyLarger(done store.Shrunk) string {
	switch done.Left {
	case 0:
		return "no events are left; the rest is the index of old names and counts"
	case 1:
		return "the only event left is pinned"
	}
	return fmt.Sprintf("all %d remaining events are pinned", done.Left)
}
