package sqlite

// Deletes events newest first, a few per transaction. So repeats of a deleted event are deleted
// before it, or stay and then refer to another one: each changes once only, however many are
// deleted.

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"hfhook/event"
)

// The limits of one transaction, so that a capture waits for milliseconds.
const (
	deleteRows  = 250      // events that are deleted or changed
	deleteBytes = 16 << 20 // of bodies: all pages are read to free them
)

// restLeast is the shortest pause for other processes after a transaction.
const restLeast = 5 * time.Millisecond

// A victim is an event that is to be deleted.
type victim struct {
	seq int64
	id  []byte
}

// Delete is documented at [store.Store].
func (s *Store) Delete(ctx context.Context, ids ...event.ID) (int, error) {
	var victims []victim
	for _, id := range ids {
		if seq, raw, err := split(id); err == nil { // else no event has the id
			victims = append(victims, victim{seq, raw})
		}
	}
	slices.SortFunc(victims, func(a, b victim) int {
		return cmp.Or(cmp.Compare(b.seq, a.seq), bytes.Compare(b.id, a.id))
	})
	n, err := s.delete(ctx, victims, false)
	return n, s.explain(ctx, "delete events", err)
}

// Prune is documented at [store.Store].
func (s *Store) Prune(ctx context.Context, before time.Time, dry bool) (n int, err error) {
	defer func() { err = s.explain(ctx, "delete old events", err) }()
	end := firstSeq(before)
	if dry {
		return n, s.read.row(ctx, "SELECT count(*) FROM events WHERE seq < ? AND pin IS NULL", []any{end}, &n)
	}
	for {
		var victims []victim
		var v victim
		err := s.read.each(ctx, "SELECT seq, id FROM events WHERE seq < ? AND pin IS NULL ORDER BY seq DESC LIMIT ?",
			[]any{end, deleteRows}, []any{&v.seq, &v.id}, func() error {
				victims = append(victims, v)
				return nil
			})
		if err != nil || len(victims) == 0 {
			return n, err
		}
		gone, err := s.delete(ctx, victims, true)
		n += gone
		if err != nil {
			return n, err
		}
		end = victims[len(victims)-1].seq
	}
}

// delete deletes events, sorted newest first, in as many transactions as needed.
func (s *Store) delete(ctx context.Context, victims []victim, sparePinned bool) (n int, err error) {
	for len(victims) > 0 {
		var done, gone int
		err := s.part(ctx, func(t *tx) (err error) {
			done, gone, err = t.delete(victims, sparePinned)
			return err
		})
		if err != nil {
			return n, err
		}
		n += gone
		// If the index cannot be changed, it keeps entries without an event, which do no harm.
		_ = s.forget(ctx, victims[:done])
		victims = victims[done:]
	}
	return n, nil
}

// part runs one part of long work as a transaction, and then pauses for as long: another
// process polls for the lock.
func (s *Store) part(ctx context.Context, f func(*tx) error) error {
	start := time.Now()
	if err := s.writer.do(ctx, 0, f); err != nil {
		return err
	}
	select {
	case <-time.After(max(restLeast, time.Since(start))):
	case <-ctx.Done():
	}
	return nil
}

// delete deletes as many of the events as fit into one transaction. done is how many were
// processed, gone how many of those existed.
func (t *tx) delete(victims []victim, sparePinned bool) (done, gone int, err error) {
	rows, size := deleteRows, int64(deleteBytes)
	for _, v := range victims {
		var same, bytes int64
		var pinned, original bool
		err := t.row("SELECT same, size, pin IS NOT NULL, duplicate IS NULL FROM events WHERE seq = ? AND id = ?", []any{v.seq, v.id}, &same, &bytes, &pinned, &original)
		if errors.Is(err, sql.ErrNoRows) || err == nil && pinned && sparePinned {
			done++
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		if original { // no event refers to another one
			changed, err := t.inherit(v, same, rows)
			if err != nil {
				return 0, 0, err
			}
			if rows -= changed; rows <= 0 {
				return done, gone, nil
			}
		}
		attempts, err := t.attempts(v.seq)
		if err != nil {
			return 0, 0, err
		}
		t.count(attempts, speakers(attempts), -1)
		for _, query := range []string{
			"DELETE FROM deliveries WHERE event = ?",
			"DELETE FROM bodies WHERE seq = ?",
			"DELETE FROM answers WHERE seq = ?",
			"DELETE FROM notes WHERE seq = ?",
			"DELETE FROM accepted WHERE event = ?",
			"DELETE FROM sent_as WHERE event = ?",
			"DELETE FROM events WHERE seq = ?",
		} {
			if _, err := t.exec(query, v.seq); err != nil {
				return 0, 0, err
			}
		}
		t.events--
		done++
		gone++
		rows--
		if size -= bytes; rows <= 0 || size <= 0 {
			break
		}
	}
	return done, gone, nil
}

// inherit makes up to limit of the events that refer to v as the same delivery refer to the
// earliest of them, and that one to none. It returns how many it has changed: fewer than limit
// if none is left.
func (t *tx) inherit(v victim, same int64, limit int) (changed int, err error) {
	var heir victim
	err = t.row("SELECT seq, id FROM events WHERE same = ? AND duplicate = ? ORDER BY seq LIMIT 1", []any{same, v.id}, &heir.seq, &heir.id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	// The new first event is changed last: until then it is found as the first of them again.
	if _, err := t.exec(`UPDATE events SET duplicate = ? WHERE seq IN (
			SELECT seq FROM events WHERE same = ? AND duplicate = ? AND seq > ? ORDER BY seq DESC LIMIT ?)`,
		heir.id, same, v.id, heir.seq, limit); err != nil {
		return 0, err
	}
	if err := t.row("SELECT changes()", nil, &changed); err != nil || changed == limit {
		return changed, err
	}
	_, err = t.exec("UPDATE events SET duplicate = NULL WHERE seq = ?", heir.seq)
	return changed + 1, err
}
