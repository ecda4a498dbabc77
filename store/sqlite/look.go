package sqlite

// How a search reads the events between two keys, on one connection or on two.

import (
	"context"
	"database/sql"
	"errors"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// look reads the events of the source between two keys, and reports whether that is enough: it
// has found one more row than needed, or read many bytes.
func (r *search) look(ctx context.Context, lo, hi int64) (enough bool, err error) {
	var seq int64
	var row event.Row
	var body, header, outcomes sql.RawBytes
	var sent event.Event // what is asked of an event that may have been missed
	dest := []any{&seq}
	if !r.blind {
		dest = rowDest(&seq, &row)
	}
	if r.needs.body {
		dest = append(dest, &body)
	}
	if r.needs.header {
		dest = append(dest, &header)
	}
	if r.needs.outcomes {
		dest = append(dest, &outcomes)
	}
	if r.needs.missed {
		dest = append(dest, &sent.DeliveryID)
	}
	rest := filter.Rest{
		Body:   func() ([]byte, error) { return body, nil },
		Header: func() ([]event.Field, error) { return decodeHeader(header) },
	}
	query, args := r.query(lo, hi)
	err = r.read.eachOnce(ctx, query, args, dest, func() error {
		if r.match != nil {
			r.bytes += len(body) + len(header) + len(outcomes)
			if r.needs.missed {
				sent.Received, sent.Duplicate, sent.Origin = row.Received, row.Duplicate, row.Origin
				_, row.Missed = store.Missed(&sent, r.gaps)
			}
			if r.needs.outcomes {
				var err error
				if row.Outcomes, err = readOutcomes(outcomes); err != nil {
					return err
				}
			}
			ok, err := r.match(&row, rest)
			if err != nil {
				return err
			}
			if !ok {
				if r.bytes < r.steps.bytes {
					return nil
				}
				r.reach(seq)
				return errEnough
			}
		}
		if len(r.found) == r.limit {
			return errEnough
		}
		r.found = append(r.found, seq)
		if !r.blind {
			row.Outcomes = nil // all are read at the end
			r.rows = append(r.rows, finished(row))
		}
		r.reach(seq)
		return nil
	})
	if errors.Is(err, errEnough) {
		return true, nil
	}
	return false, err
}

// lookTwice is look for a part of the table in which only bodies decide, on two connections at
// once: the first n events, and meanwhile those after them.
func (r *search) lookTwice(ctx context.Context, lo, hi int64, n int) (enough bool, err error) {
	near, far := *r, *r
	near.found, far.found, far.bytes = nil, nil, 0
	near.limit -= len(r.found)
	far.limit = near.limit
	near.lo, near.hi, far.lo, far.hi = lo, hi, lo, hi
	mid, ok, err := near.end(ctx, n)
	if err != nil || !ok {
		if err == nil {
			enough, err = r.look(ctx, lo, hi)
		}
		return enough, err
	}
	if r.forth {
		near.hi, far.lo = mid+1, mid
	} else {
		near.lo, far.hi = mid-1, mid
	}
	farCtx, stop := context.WithCancel(ctx)
	defer stop()
	type result struct {
		enough bool
		err    error
	}
	behind := make(chan result, 1)
	go func() {
		enough, err := far.look(farCtx, far.lo, far.hi)
		behind <- result{enough, err}
	}()
	enough, err = near.look(ctx, near.lo, near.hi)
	if enough || err != nil {
		stop()
		<-behind
		r.take(&near, len(near.found))
		r.bytes = near.bytes
		return enough, err
	}
	then := <-behind
	if then.err != nil {
		return false, then.err
	}
	r.take(&near, len(near.found))
	r.reach(mid)
	more := len(near.found)+len(far.found) > near.limit
	r.take(&far, min(len(far.found), near.limit-len(near.found)))
	r.bytes = near.bytes + far.bytes
	switch {
	case more: // r.take has reached the last one
		return true, nil
	case then.enough:
		r.reach(far.lastKey())
	}
	return then.enough, nil
}

// take takes the first n events that another search has found.
func (r *search) take(from *search, n int) {
	if n > 0 {
		r.found = append(r.found, from.found[:n]...)
		r.reach(from.found[n-1])
	}
	if n == len(from.found) {
		r.reach(from.lastKey())
	}
}

// reach notes that everything up to a key was read.
func (r *search) reach(seq int64) {
	if r.forth {
		r.lo = seq
	} else {
		r.hi = seq
	}
}

// lastKey returns the key up to which everything was read.
func (r *search) lastKey() int64 {
	if r.forth {
		return r.lo
	}
	return r.hi
}

// readRows reads the rows of the events that were found.
func (r *search) readRows(ctx context.Context) error {
	for _, seq := range r.found {
		var row event.Row
		err := r.read.row(ctx, "SELECT "+rowColumns+" FROM events e"+rowJoins+" WHERE e.seq = ?", []any{seq}, rowDest(&seq, &row)...)
		if errors.Is(err, sql.ErrNoRows) {
			continue // deleted meanwhile
		}
		if err != nil {
			return err
		}
		r.rows = append(r.rows, finished(row))
	}
	return nil
}

// errEnough ends the reading of rows.
var errEnough = errors.New("enough")
