package sqlite

// The outcomes of events at their targets, as stored in the column deliveries.outcome:
// event.Outcomes defines them, and every write of an attempt passes through here.
//
// The column is NULL for an attempt that says nothing about its target. Else it begins
// with the place, the key of the target's name and address in the table names, so that an
// index of it finds the events of each target and outcome in the order of their keys:
//
//	place << 17 | status << 7 | duration << 2 | free << 1 | replay
//
// status is 0 without a whole answer, statusUnderWay, statusWaiting, or that of the
// answer; duration is the number of bits of the milliseconds; free is 1 if the event has
// no target, so that the address is one for lack of others; replay is 1 for a replay.
//
// A live delivery that was not sent yet decides, too, but is found by the index
// deliveries_waiting; and if no attempt counts the newest is shown. For both the column has
// -(place << 1 | free).

import (
	"context"
	"database/sql"
	"math"
	"math/bits"
	"time"

	"hfhook/event"
	"hfhook/filter"
)

// The statuses of attempts that did not end.
const (
	statusUnderWay = 1
	statusWaiting  = 2
)

// mostBits bounds the duration in an outcome: 31 bits are 24 days.
const mostBits = 31

// bitsOf returns the duration in an outcome.
func bitsOf(d time.Duration) int64 {
	return min(int64(bits.Len64(uint64(max(d.Milliseconds(), 0)))), mostBits)
}

// durations returns the shortest and the longest duration with these bits.
func (o *outcome) durations() (shortest, longest time.Duration) {
	if o.duration > 0 {
		shortest = time.Millisecond << (o.duration - 1)
	}
	if o.duration == mostBits {
		return shortest, math.MaxInt64
	}
	return shortest, time.Millisecond<<o.duration - 1
}

// An outcome is the column, taken apart.
type outcome struct {
	place    int64
	status   int64
	duration int64 // see bitsOf
	free     bool
	replay   bool
}

func (o outcome) encode() int64 {
	v := o.place<<17 | o.status<<7 | o.duration<<2
	if o.free {
		v |= 2
	}
	if o.replay {
		v |= 1
	}
	return v
}

func decode(v int64) outcome {
	return outcome{place: v >> 17, status: v >> 7 & 1023, duration: v >> 2 & mostBits, free: v&2 != 0, replay: v&1 != 0}
}

// failed reports whether the target did not accept the event.
func (o *outcome) failed() bool {
	return o.status != statusUnderWay && o.status != statusWaiting && (o.status < 200 || o.status > 299)
}

// isFree reports whether the event of the attempt has no target.
func isFree(v int64) bool {
	if v < 0 {
		return -v&1 != 0
	}
	return v&2 != 0
}

// placeOf returns the key of the target's name and address.
func placeOf(v int64) int64 {
	if v < 0 {
		return -v >> 1
	}
	return v >> 17
}

// encodeOutcome returns the column for an attempt that decides for a target.
func encodeOutcome(d *event.Delivery, place int64, free bool) int64 {
	unsent := d.Kind == event.Live && (d.State == event.Waiting || d.State == event.Sending)
	if unsent || !d.Counts() {
		v := place << 1
		if free {
			v |= 1
		}
		return -v
	}
	o := outcome{place: place, free: free, replay: d.Kind == event.Replay}
	switch d.State {
	case event.Waiting:
		o.status = statusWaiting
	case event.Sending:
		o.status = statusUnderWay
	default:
		o.duration = bitsOf(d.Took)
		if d.Err == "" && d.Status >= 100 && d.Status <= 999 {
			o.status = int64(d.Status)
		}
	}
	return o.encode()
}

// placeName returns the name of a target with its address.
func placeName(d *event.Delivery) name {
	return name{kind: "target", name: d.Target, action: filter.Address(d.URL)}
}

// An attempt is the part of a delivery that outcomes need, and its row.
type attempt struct {
	event.Delivery
	key     int64
	outcome sql.Null[int64] // the column
	owner   string          // the column; empty: NULL
}

// attemptColumns are scanned into attemptDest.
const attemptColumns = "id, n, kind, state, target, url, started, took, status, err, attempt, cleared, outcome, owner"

func attemptDest(a *attempt) []any {
	return []any{&a.key, &a.N, &a.Kind, &a.State, &a.Target, &a.URL, scanTime{&a.Started}, &a.Took, &a.Status, &a.Err, &a.Attempt, orZero(&a.Cleared), &a.outcome, orZero(&a.owner)}
}

// attempts reads those of an event, by number.
func (t *tx) attempts(seq int64) (all []attempt, err error) {
	var a attempt
	err = t.w.on.each(context.Background(), "SELECT "+attemptColumns+" FROM deliveries WHERE event = ? ORDER BY n", []any{seq}, attemptDest(&a), func() error {
		all = append(all, a)
		return nil
	})
	return all, err
}

// speakers returns the indexes of the attempts that decide for a target.
func speakers(attempts []attempt) []int {
	return event.Speakers(len(attempts), func(i int) *event.Delivery { return &attempts[i].Delivery })
}

// decide sets the outcome of each attempt of an event. place returns the key of a name.
func decide(attempts []attempt, speakers []int, place func(name) (int64, error)) error {
	free := true
	for i := range attempts {
		attempts[i].outcome = sql.Null[int64]{}
		free = free && attempts[i].Kind != event.Live
	}
	for _, i := range speakers {
		a := &attempts[i]
		key, err := place(placeName(&a.Delivery))
		if err != nil {
			return err
		}
		a.outcome = sql.Null[int64]{V: encodeOutcome(&a.Delivery, key, free), Valid: true}
	}
	return nil
}

// redecide updates the outcomes of an event's attempts after some of them have changed, and the
// tallies. before are the attempts as they were, after as they are, except for their outcomes;
// written is the row whose own statement writes the outcome.
func (t *tx) redecide(before, after []attempt, written int) error {
	speak := speakers(after)
	if err := decide(after, speak, t.name); err != nil {
		return err
	}
	for i := range after {
		if a := &after[i]; a.N != written && i < len(before) && a.outcome != before[i].outcome {
			if _, err := t.exec("UPDATE deliveries SET outcome = ? WHERE id = ?", a.outcome, a.key); err != nil {
				return err
			}
		}
	}
	t.count(before, speakers(before), -1)
	t.count(after, speak, 1)
	return nil
}
