package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"hfhook/event"
	"hfhook/store"
)

// AppendOnce is documented at [store.Store].
func (s *Store) AppendOnce(ctx context.Context, e *event.Event, m store.Match) (there bool, err error) {
	r, err := newRecord(e, store.AppendOptions{})
	if err == nil {
		err = s.writer.do(ctx, r.bytes(), func(t *tx) error {
			var err error
			if there, err = r.find(t, m); err != nil || there {
				return err
			}
			return r.insert(t)
		})
	}
	if err != nil {
		return false, s.explain(ctx, "record an event", err)
	}
	e.ID, e.Duplicate, e.SHA256 = r.id, r.duplicate, r.sum
	return there, nil
}

// find looks for the event that was recorded before, and takes over its IDs.
func (r *record) find(t *tx, m store.Match) (bool, error) {
	e := r.event
	for after := int64(0); ; {
		var id []byte
		var duplicate sql.Null[[]byte]
		err := t.row(`SELECT e.seq, e.id, e.duplicate FROM events e LEFT JOIN names p ON p.id = e.path
			WHERE e.same = ? AND e.delivery_id = ? AND ifnull(p.name, '') = ? AND e.seq > ?
				AND (e.received = ? OR ? AND e.origin = ?)
				AND ? = (SELECT sha256 FROM bodies b WHERE b.seq = e.seq)
			ORDER BY e.seq LIMIT 1`,
			[]any{r.same, e.DeliveryID, e.Path, after, nanos(e.Received), m.AnyTime, string(event.FromImport), r.sum[:]},
			&after, &id, &duplicate)
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if r.id, err = event.IDFromBytes(id); err != nil {
			return false, err
		}
		if m.Taken[r.id] {
			continue
		}
		r.duplicate = ""
		if duplicate.Valid {
			r.duplicate, err = event.IDFromBytes(duplicate.V)
		}
		return true, err
	}
}
