package sqlite

import (
	"context"

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
	r.finish()
	return there, nil
}

// find looks for the event that was recorded before, and copies its IDs.
func (r *record) find(t *tx, m store.Match) (bool, error) {
	e := r.event
	for after := int64(0); ; {
		err := t.row(`SELECT e.seq, e.id, e.duplicate, e.key, e.same_body, e.same_body_at FROM events e LEFT JOIN names p ON p.id = e.path
			WHERE e.same = ? AND e.delivery_id = ? AND ifnull(p.name, '') = ? AND e.seq > ?
				AND (e.received = ? OR ? AND e.origin = ?)
				AND ? = (SELECT sha256 FROM bodies b WHERE b.seq = e.seq)
			ORDER BY e.seq LIMIT 1`,
			[]any{r.same, e.DeliveryID, e.Path, after, nanos(e.Received), m.AnyTime, string(event.FromImport), r.sum[:]},
			&after, scanID{&r.id}, scanID{&r.duplicate}, scanID{&r.key}, scanID{&r.sameBody}, scanTime{&r.sameBodyAt})
		if err != nil {
			return false, unlessNoRows(err)
		}
		if !m.Taken[r.id] {
			return true, nil
		}
	}
}
