package sqlite

// Clears what is left over at a target, a few events per transaction.

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"hfhook/event"
	"hfhook/store"
)

// Clear is documented at [store.Store].
func (s *Store) Clear(ctx context.Context, target string) (store.Cleared, error) {
	done, err := s.clear(ctx, target)
	return done, s.explain(ctx, fmt.Sprintf("clear what %q has left", target), err)
}

func (s *Store) clear(ctx context.Context, target string) (done store.Cleared, err error) {
	if done.Waiting, err = s.drop(ctx, target, math.MaxInt64, !isLocked(s.lockPath(target))); err != nil {
		return done, err
	}
	for {
		events, err := s.failedEvents(ctx, target)
		if err != nil || len(events) == 0 {
			return done, err
		}
		err = s.writer.do(ctx, 0, func(t *tx) error {
			for _, seq := range events {
				if err := t.changeAttempts(seq, func(a *attempt) bool {
					was := a.Cleared
					a.Cleared = was || a.Target == target
					return a.Cleared != was
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done.Failed += len(events)
	}
}

// failedEvents returns the keys of some events that failed at a target.
func (s *Store) failedEvents(ctx context.Context, target string) (events []int64, err error) {
	codes, err := s.outcomeCodes(ctx)
	if err != nil {
		return nil, err
	}
	var wanted []int64
	for _, o := range codes {
		if o.target == target && o.failed() {
			wanted = append(wanted, o.code)
		}
	}
	list, err := json.Marshal(wanted)
	if err != nil {
		return nil, err
	}
	var seq int64
	err = s.read.each(ctx, "SELECT DISTINCT event "+byOutcome+" IN (SELECT value FROM json_each(?)) LIMIT ?", []any{string(list), dropRows}, []any{&seq}, func() error {
		events = append(events, seq)
		return nil
	})
	return events, err
}

// dropUnsent discards a live delivery that waits for a target or, if also is set, was under way
// there when its process ended.
func dropUnsent(a *attempt, target string, also bool) bool {
	unsent := a.State == event.Waiting || also && a.State == event.Sending
	if a.Target != target || a.Kind != event.Live || !unsent {
		return false
	}
	a.State, a.Err, a.owner = event.Dropped, "", ""
	return true
}
