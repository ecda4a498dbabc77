package sqlite

// The short path of a live delivery: it waits, and is then answered. Most attempts take it, and
// of the event's other attempts only the failed ones matter.

import (
	"context"
	"database/sql"
	"errors"

	"hfhook/event"
)

// putUnsent writes the row of a live delivery that is recorded with its event.
func (t *tx) putUnsent(seq int64, a *attempt) error {
	_, err := t.exec(`INSERT INTO deliveries (event, n, kind, state, target, url, same_as, attempt, outcome,
			started, took, status, err, connect, write, first_byte, read, response_size, response_cut)
		VALUES (?, ?, 'live', ?, ?, ?, ?, ?, ?, 0, 0, 0, '', 0, 0, 0, 0, 0, 0)`,
		seq, a.N, string(a.State), a.Target, a.URL, column(a.SameAs), a.Attempt, a.outcome)
	return err
}

// putSent is deliver for an attempt that decides for its target, and waited or was under way.
// It returns false, and does nothing, if the other attempts there must be considered.
func (t *tx) putSent(seq int64, id []byte, d *event.Delivery, owner string) (bool, error) {
	if d.N == 0 || d.Kind != event.Live || !d.Counts() {
		return false, nil
	}
	was := attempt{Delivery: event.Delivery{Target: d.Target}}
	err := t.row(`SELECT d.id, d.state, d.attempt FROM events e JOIN deliveries d ON d.event = e.seq AND d.n = ?
		WHERE e.seq = ? AND e.id = ? AND d.kind = 'live' AND d.target = ? AND d.outcome < 0`, []any{d.N, seq, id, d.Target}, &was.key, &was.State, &was.Attempt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	case was.State == event.Waiting: // so no attempt there has ended or is under way
	case was.State == event.Sending && d.State == event.Done:
	default:
		return false, nil
	}
	place, err := t.name(placeName(d))
	if err != nil {
		return false, err
	}
	if d.Rank() < event.UnderWay {
		failed, err := t.failedTargets(seq)
		if err != nil {
			return false, err
		}
		t.countFailed(failed, false, -1)
		t.countFailed(append(failed, d.Target), false, 1)
	}
	d.Attempt, d.Cleared = was.Attempt, false
	now := attempt{Delivery: *d, key: was.key, outcome: sql.Null[int64]{V: encodeOutcome(d, place, false), Valid: true}, owner: owner}
	if err := t.putDelivery(seq, &now); err != nil {
		return false, err
	}
	t.countWaiting(&was, -1)
	t.countWaiting(&now, 1)
	return true, nil
}

// failedTargets returns the targets at which an event with targets failed.
func (t *tx) failedTargets(seq int64) (failed []string, err error) {
	var target string
	var column int64
	err = t.w.on.each(context.Background(), "SELECT target, outcome FROM deliveries WHERE event = ? AND outcome >= 0", []any{seq}, []any{&target, &column}, func() error {
		if o := decode(column); o.failed() {
			failed = append(failed, target)
		}
		return nil
	})
	return failed, err
}
