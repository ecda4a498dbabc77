package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/store"
)

// PutDelivery is documented at [store.Store].
func (s *Store) PutDelivery(ctx context.Context, d *event.Delivery) error {
	return s.PutDeliveries(ctx, []*event.Delivery{d})[0]
}

// PutDeliveries is documented at [store.Store].
func (s *Store) PutDeliveries(ctx context.Context, ds []*event.Delivery) []error {
	errs := make([]error, len(ds))
	put := make([]event.Delivery, len(ds)) // only what was recorded is changed in ds
	jobs := make([]*job, len(ds))
	for i, d := range ds {
		jobs[i], errs[i] = s.recording(ctx, d, &put[i])
	}
	s.writer.doAll(ctx, jobs, errs)
	for i, d := range ds {
		switch err := errs[i]; {
		case err == nil:
			d.N, d.Attempt, d.Target, d.Cleared = put[i].N, put[i].Attempt, put[i].Target, put[i].Cleared
		case isLost(err) && s.kept.put(d):
			errs[i] = nil
		default:
			errs[i] = s.explain(ctx, fmt.Sprintf("record a delivery of event %q", d.Event), err)
		}
	}
	return errs
}

// recording returns the job that records d, with what the store sets in put.
func (s *Store) recording(ctx context.Context, d, put *event.Delivery) (*job, error) {
	seq, id, err := split(d.Event)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	owner := ""
	if d.State == event.Sending {
		if owner, err = s.self(ctx); err != nil {
			return nil, err
		}
	}
	return newJob(int64(len(d.ResponseBody)+1024), func(t *tx) error {
		*put = *d
		return t.deliver(seq, id, put, owner)
	}), nil
}

// deliver writes an attempt, and updates the outcomes of its event. It sets d.Attempt and, if
// it is 0, d.N; an attempt at the address of one of the event's targets gets the name of that
// target. owner is the lock of the process that sends it, if it is under way.
func (t *tx) deliver(seq int64, id []byte, d *event.Delivery, owner string) error {
	if done, err := t.putSent(seq, id, d, owner); done || err != nil {
		return err
	}
	var newest int
	err := t.row("SELECT deliveries FROM events WHERE seq = ? AND id = ?", []any{seq, id}, &newest)
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	before, err := t.attempts(seq)
	if err != nil {
		return err
	}
	after, at := slices.Clone(before), len(before)
	if d.N == 0 {
		d.N = newest + 1
		d.Target, d.Attempt = event.Next(len(before), func(i int) *event.Delivery { return &before[i].Delivery }, d.Target, d.URL)
		after = append(after, attempt{})
	} else if at = slices.IndexFunc(before, func(a attempt) bool { return a.N == d.N }); at < 0 {
		return fmt.Errorf("%w with an attempt %d", store.ErrNotFound, d.N)
	} else {
		d.Attempt = ordinal(before, d)
	}
	d.Cleared = after[at].Cleared
	a := &after[at]
	a.Delivery, a.owner = *d, owner
	if err := t.redecide(before, after, d.N); err != nil {
		return err
	}
	if err := t.putDelivery(seq, a); err != nil {
		return err
	}
	if err := t.putSentAs(seq, d, at < len(before)); err != nil || d.N <= newest {
		return err
	}
	_, err = t.exec("UPDATE events SET deliveries = ? WHERE seq = ?", d.N, seq)
	return err
}

// ordinal returns the number of an attempt among those at its target.
func ordinal(others []attempt, d *event.Delivery) int {
	most := 0
	for i := range others {
		if o := &others[i]; o.Target == d.Target {
			if o.N == d.N {
				return o.Attempt
			}
			most = max(most, o.Attempt)
		}
	}
	return most + 1
}

// rowOfAttempt are the columns of an attempt that replacing it writes, too.
const rowOfAttempt = `kind, state, target, url, same_as, started, took, status, exit, err, connect, write, first_byte, read,
	response_size, response_cut, request_header, response_header, response_body, attempt, cleared, outcome, owner,
	for_comparison, response_sha256, decoded_size, decoded_sha256`

var (
	rowOfValues   = strings.Repeat("?, ", strings.Count(rowOfAttempt, ",")) + "?"
	insertAttempt = "INSERT INTO deliveries (" + rowOfAttempt + ", event, n) VALUES (" + rowOfValues + ", ?, ?)"
	updateAttempt = "UPDATE deliveries SET (" + rowOfAttempt + ") = (" + rowOfValues + ") WHERE id = ?"
)

// putDelivery writes the row of an attempt, replacing an earlier one if it has a key.
func (t *tx) putDelivery(seq int64, a *attempt) error {
	d := &a.Delivery
	args := append([]any{
		string(d.Kind), string(d.State), d.Target, d.URL, column(d.SameAs), nanos(d.Started), int64(d.Took), d.Status, exit(d), d.Err,
		int64(d.Phases.Connect), int64(d.Phases.Write), int64(d.Phases.FirstByte), int64(d.Phases.Body), d.ResponseSize, d.ResponseCut,
		encodeHeader(d.RequestHeader), encodeHeader(d.ResponseHeader), d.ResponseBody, d.Attempt, sql.Null[bool]{V: true, Valid: d.Cleared}, a.outcome,
		sql.Null[string]{V: a.owner, Valid: a.owner != ""}, sql.Null[bool]{V: true, Valid: d.ForComparison}}, sums(d)...)
	if a.key != 0 {
		_, err := t.exec(updateAttempt, append(args, a.key)...)
		return err
	}
	_, err := t.exec(insertAttempt, append(args, seq, d.N)...)
	return err
}

// summaryColumns are the columns of the table deliveries, called d, without headers and bodies;
// summaryDest returns where to scan them.
const summaryColumns = `d.n, d.attempt, d.cleared, d.kind, d.state, d.target, d.url, d.same_as, d.started, d.took, d.status, d.exit, d.err,
	d.connect, d.write, d.first_byte, d.read, d.response_size, d.response_cut`

func summaryDest(d *event.Delivery) []any {
	return []any{orZero(&d.N), orZero(&d.Attempt), orZero(&d.Cleared), orZero(&d.Kind), orZero(&d.State), orZero(&d.Target), orZero(&d.URL), scanID{&d.SameAs}, scanTime{&d.Started}, orZero(&d.Took), orZero(&d.Status), scanExit{d}, orZero(&d.Err),
		orZero(&d.Phases.Connect), orZero(&d.Phases.Write), orZero(&d.Phases.FirstByte), orZero(&d.Phases.Body), orZero(&d.ResponseSize), orZero(&d.ResponseCut)}
}

// Deliveries is documented at [store.Store].
func (s *Store) Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error) {
	seq, raw, err := split(id)
	if err != nil {
		return nil, nil // no event has it
	}
	d := event.Delivery{Event: id}
	var all []event.Delivery
	err = s.read.each(ctx, "SELECT "+summaryColumns+", d.request_header, d.response_header, d.response_body, "+judgedColumns+`
		FROM events e JOIN deliveries d ON d.event = e.seq`+judgedJoins+" WHERE e.seq = ? AND e.id = ? ORDER BY d.n",
		[]any{seq, raw}, slices.Concat(summaryDest(&d), []any{scanHeader{&d.RequestHeader}, scanHeader{&d.ResponseHeader}, &d.ResponseBody}, judged(&d)),
		func() error {
			all = append(all, d)
			return nil
		})
	if err != nil {
		return nil, s.explain(ctx, fmt.Sprintf("read the deliveries of event %s", id), err)
	}
	return all, nil
}

// Attempts is documented at [store.Store].
func (s *Store) Attempts(ctx context.Context, id event.ID) ([]event.Delivery, error) {
	seq, raw, err := split(id)
	if err != nil {
		return nil, nil // no event has it
	}
	d := event.Delivery{Event: id}
	var all []event.Delivery
	err = s.read.each(ctx, "SELECT "+summaryColumns+" FROM events e JOIN deliveries d ON d.event = e.seq WHERE e.seq = ? AND e.id = ? ORDER BY d.n",
		[]any{seq, raw}, summaryDest(&d), func() error {
			all = append(all, d)
			return nil
		})
	return all, s.explain(ctx, fmt.Sprintf("read the attempts of event %s", id), err)
}

// Waiting is documented at [store.Store].
func (s *Store) Waiting(ctx context.Context, target string, after event.ID, limit int) ([]event.Delivery, error) {
	doing := fmt.Sprintf("read what waits for %q", target)
	from := int64(-1)
	if after != "" {
		var err error
		if from, _, err = split(after); err != nil {
			return nil, s.explain(ctx, doing, err)
		}
	}
	if s.kept.alone() {
		return s.kept.merge(target, after, limit, nil), nil
	}
	var d event.Delivery
	var all []event.Delivery
	// The condition must equal that of the index deliveries_waiting.
	err := s.read.each(ctx, "SELECT e.id, "+summaryColumns+` FROM deliveries d CROSS JOIN events e ON e.seq = d.event
		WHERE d.kind = 'live' AND d.state IN ('waiting', 'sending') AND d.target = ? AND d.event > ?
		ORDER BY d.event, d.n LIMIT ?`,
		[]any{target, from, max(limit, 0)}, append([]any{scanID{&d.Event}}, summaryDest(&d)...),
		func() error {
			all = append(all, d)
			return nil
		})
	if err != nil {
		return nil, s.explain(ctx, doing, err)
	}
	return s.kept.merge(target, after, limit, all), nil
}
