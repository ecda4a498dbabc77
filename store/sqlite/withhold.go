package sqlite

// Repeated deliveries: which earlier event an event repeats, and which targets therefore need
// not get it.

import (
	"database/sql"
	"errors"
	"time"

	"hfhook/event"
)

// For this long after the answer, the same delivery is a retry on its way, rather than one that
// somebody wants forwarded again.
const (
	repeatWithin = 15 * time.Second

	// The sender retries later if it may not have got the answer.
	repeatUnanswered = 5 * time.Minute
)

// An earlier event is one that another event repeats.
type earlier struct {
	seq      int64
	id       event.ID
	received time.Time
}

// repeats looks for the events that the record repeats, and sets the fields about them.
func (r *record) repeats(t *tx) error {
	r.duplicate, r.key, r.sameBody, r.sameBodyAt = "", "", "", time.Time{}
	if r.event.DeliveryID == "" {
		// Few events share the 64 bits, so comparing the rest is cheap.
		err := t.row(`SELECT id, received FROM events e WHERE same = ? AND delivery_id = ''
				AND ? = (SELECT sha256 FROM bodies b WHERE b.seq = e.seq)
			ORDER BY seq DESC LIMIT 1`, []any{r.same, r.sum[:]}, scanID{&r.sameBody}, scanTime{&r.sameBodyAt})
		return unlessNoRows(err)
	}
	err := t.row("SELECT id, ifnull(key, id) FROM events WHERE same = ? AND delivery_id = ? ORDER BY seq LIMIT 1",
		[]any{r.same, r.event.DeliveryID}, scanID{&r.duplicate}, scanID{&r.key})
	return unlessNoRows(err)
}

// withheld returns the event that a target has, or will get, in place of the record. It is
// empty if the target gets the record.
func (r *record) withheld(t *tx, target string, now time.Time) (event.ID, error) {
	if r.duplicate == "" || r.opts.ForwardDuplicates {
		return "", nil
	}
	// Any older one was answered too long ago: no answer takes a minute.
	before, oldest := int64(1<<63-1), firstSeq(now.Add(-repeatUnanswered-time.Minute))
	for {
		var e earlier
		err := t.row(`SELECT seq, id, received FROM events e WHERE same = ? AND delivery_id = ? AND seq >= ? AND seq < ?
				AND ? = (SELECT sha256 FROM bodies b WHERE b.seq = e.seq)
			ORDER BY seq DESC LIMIT 1`, []any{r.same, r.event.DeliveryID, oldest, before, r.sum[:]}, &e.seq, scanID{&e.id}, scanTime{&e.received})
		if err != nil {
			return "", unlessNoRows(err)
		}
		handed, taken, err := t.handed(&e, target)
		if err != nil || handed && !taken {
			return "", err
		}
		if handed {
			fresh, err := t.fresh(&e, now)
			if err != nil || !fresh {
				return "", err
			}
			return e.id, nil
		}
		before = e.seq
	}
}

// handed reports whether a target was sent an event, or will be, without a known failure. It
// follows withheld events to the one that the target has instead.
func (t *tx) handed(e *earlier, target string) (handed, taken bool, err error) {
	for {
		attempts, err := t.attempts(e.seq)
		if err != nil {
			return false, false, err
		}
		for _, i := range speakers(attempts) {
			if a := &attempts[i]; a.Target == target && a.Counts() {
				return true, a.Rank() >= event.UnderWay, nil
			}
		}
		var instead event.ID
		err = t.row("SELECT same_as FROM deliveries WHERE event = ? AND target = ? AND state = 'withheld' ORDER BY n DESC LIMIT 1",
			[]any{e.seq, target}, scanID{&instead})
		if err != nil {
			return false, false, unlessNoRows(err)
		}
		seq, raw, err := split(instead)
		if err != nil || seq >= e.seq {
			return false, false, err
		}
		err = t.row("SELECT seq, id, received FROM events WHERE seq = ? AND id = ?", []any{seq, raw}, &e.seq, scanID{&e.id}, scanTime{&e.received})
		if err != nil {
			return false, false, unlessNoRows(err) // it was deleted
		}
	}
}

// fresh reports whether the sender of an event may still wait for its answer, or send it again
// because it did not get the answer.
func (t *tx) fresh(e *earlier, now time.Time) (bool, error) {
	var a event.Answer
	err := t.row("SELECT at, status, arrival FROM answers WHERE seq = ?", []any{e.seq}, scanTime{&a.At}, &a.Status, orZero(&a.Arrival))
	at, within := a.At, repeatUnanswered
	switch {
	case errors.Is(err, sql.ErrNoRows):
		at = e.received
	case err != nil:
		return false, err
	case a.Status < 200 || a.Status > 299:
		return false, nil
	case a.Arrival == event.Written:
		within = repeatWithin
	}
	// A time in the future means that the clock was set back.
	return now.Sub(at).Abs() < within, nil
}

// unlessNoRows returns the error, or nil if it is sql.ErrNoRows.
func unlessNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
