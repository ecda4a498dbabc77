package sqlite

// Computes the outcomes of attempts in a file of an earlier schema.

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"

	"hfhook/event"
)

// fillBatch is the number of events between two calls of progress.
const fillBatch = 5000

// oldInterrupted is the beginning of the error of an interrupted attempt, before there was a
// state for that.
const oldInterrupted = "interrupted: hfhook stopped"

// A filler writes the outcomes of all attempts, and the tallies.
type filler struct {
	on     *statements
	places map[name]int64
	tx     tx // for the tallies

	// Buffers of a batch, reused.
	attempts []attempt
	events   []int64 // the key of each attempt's event
}

// fillOutcomes updates the attempts of a file to schema 7.
func fillOutcomes(ctx context.Context, conn *sql.Conn, progress func(done, total int64)) error {
	f := &filler{on: &statements{on: statementsOf{conn}}, places: map[name]int64{}}
	defer f.on.close()
	var total, done int64
	if err := f.on.row(ctx, "SELECT events FROM counters", nil, &total); err != nil {
		return err
	}
	for after := int64(-1); ; {
		last, err := f.batch(ctx, after)
		if err != nil {
			return err
		}
		if last == math.MaxInt64 {
			break
		}
		after = last
		done += fillBatch
		progress(min(done, total), total)
	}
	for key, n := range f.tx.tallies {
		if _, err := f.on.exec(ctx, "INSERT INTO tallies (kind, targets, n) VALUES (?, ?, ?)", key.kind, key.targets, n); err != nil {
			return err
		}
	}
	return nil
}

// batch processes the events after a key. It returns the last one's key, or math.MaxInt64 if
// none is left.
func (f *filler) batch(ctx context.Context, after int64) (last int64, err error) {
	err = f.on.row(ctx, "SELECT seq FROM events WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?", []any{after, fillBatch - 1}, &last)
	if errors.Is(err, sql.ErrNoRows) {
		last, err = math.MaxInt64, nil
	}
	if err != nil {
		return 0, err
	}
	all, events := f.attempts[:0], f.events[:0]
	var seq int64
	var a attempt
	err = f.on.each(ctx, "SELECT event, "+attemptColumns+" FROM deliveries WHERE event > ? AND event <= ? ORDER BY event, n", []any{after, last},
		append([]any{&seq}, attemptDest(&a)...), func() error {
			all, events = append(all, a), append(events, seq)
			return nil
		})
	if err != nil {
		return 0, err
	}
	f.attempts, f.events = all, events
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && events[to] == events[from] {
			to++
		}
		if err := f.event(ctx, all[from:to]); err != nil {
			return 0, err
		}
		from = to
	}
	return last, nil
}

// event writes the outcomes of one event.
func (f *filler) event(ctx context.Context, attempts []attempt) error {
	was := make([]event.DeliveryState, len(attempts))
	for i := range attempts {
		a := &attempts[i]
		was[i] = a.State
		if a.State == event.Done && strings.HasPrefix(a.Err, oldInterrupted) {
			a.State = event.Interrupted
		}
		a.Attempt = ordinal(attempts[:i], &a.Delivery)
	}
	speak := speakers(attempts)
	if err := decide(attempts, speak, func(n name) (int64, error) { return f.place(ctx, n) }); err != nil {
		return err
	}
	f.tx.count(attempts, speak, 1)
	for i := range attempts {
		a := &attempts[i]
		var err error
		switch {
		case a.State != was[i] || a.Attempt != 1:
			_, err = f.on.exec(ctx, "UPDATE deliveries SET outcome = ?, attempt = ?, state = ? WHERE id = ?", a.outcome, a.Attempt, string(a.State), a.key)
		case a.outcome.Valid:
			_, err = f.on.exec(ctx, "UPDATE deliveries SET outcome = ? WHERE id = ?", a.outcome.V, a.key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) place(ctx context.Context, n name) (key int64, err error) {
	if key, ok := f.places[n]; ok {
		return key, nil
	}
	key, err = f.on.exec(ctx, "INSERT INTO names (kind, name, action) VALUES (?, ?, ?)", n.kind, n.name, n.action)
	f.places[n] = key
	return key, err
}

// statementsOf closes statements without the connection, which is still used.
type statementsOf struct{ *sql.Conn }

func (statementsOf) Close() error { return nil }
