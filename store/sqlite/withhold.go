package sqlite

// What comes again: which earlier event an event repeats, and which targets need not get
// it for that reason.

import (
	"database/sql"
	"errors"
	"time"

	"hfhook/event"
)

// How long after the answer to a delivery the same one is a repetition on its way here,
// and not somebody who wants it handed on again.
const (
	repeatWithin = 15 * time.Second

	// The sender tries again later where it may not know that it was answered.
	repeatUnanswered = 5 * time.Minute
)

// An earlier event is one that another event repeats.
type earlier struct {
	seq      int64
	id       event.ID
	received time.Time
}

// repeats looks for the events that the record repeats, and sets what it says of them.
func (r *record) repeats(t *tx) error {
	r.duplicate, r.key, r.sameBody, r.sameBodyAt = "", "", "", time.Time{}
	if r.event.DeliveryID == "" {
		// Few events share the 64 bits, so comparing the rest costs nothing.
		err := t.row(`SELECT id, received FROM events e WHERE same = ? AND delivery_id = ''
				AND ? = (SELECT sha256 FROM bodies b WHERE b.seq = e.seq)
			ORDER BY seq DESC LIMIT 1`, []any{r.same, r.sum[:]}, scanID{&r.sameBody}, scanTime{&r.sameBodyAt})
		return unlessNoRows(err)
	}
	err := t.row("SELECT id, ifnull(key, id) FROM events WHERE same = ? AND delivery_id = ? ORDER BY seq LIMIT 1",
		[]any{r.same, r.event.DeliveryID}, scanID{&r.duplicate}, scanID{&r.key})
	return unlessNoRows(err)
}

// withheld returns the event that a target has, or waits for, in place of the record. It
// is empty if the target is to get the record.
func (r *record) withheld(t *tx, target string, now time.Time) (event.ID, error) {
	if r.duplicate == "" || r.opts.ForwardDuplicates {
		return "", nil
	}
	// An older one was answered longer ago than counts, if at all: no answer takes a minute.
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

// handed reports whether a target was handed an event, or the event waits for it, and
// whether what is known of that is not a failure. It moves on to the event that the target
// has in place of this one: that is the newest before it that was handed on.
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

// fresh reports whether the sender of an event may still wait for the answer to it, or
// send it again for not having had that.
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
	// A time in the future is of a clock that was put back since.
	return now.Sub(at).Abs() < within, nil
}

// unlessNoRows returns the error unless it says that there are no rows.
func unlessNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
