package sqlite

// Deletes the oldest events until the store fits into a size, and no more than necessary.

import (
	"context"
	"errors"
	"maps"
	"slices"

	"hfhook/store"
)

// usedPages returns the bytes of the file that are not free.
const usedPages = "(SELECT (c.page_count - f.freelist_count) * s.page_size FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s)"

// Shrink is documented at [store.Store].
func (s *Store) Shrink(ctx context.Context, most int64, dry bool) (done store.Shrunk, err error) {
	shrink := s.shrink
	if dry {
		shrink = s.wouldShrink
	}
	done, err = shrink(ctx, most)
	return done, s.explain(ctx, "delete the oldest events", err)
}

func (s *Store) shrink(ctx context.Context, most int64) (done store.Shrunk, err error) {
	after, rows := int64(-1), deleteRows
	for {
		if err := s.read.row(ctx, "SELECT events, "+usedPages+" FROM counters", nil, &done.Left, &done.Used); err != nil || done.Used <= most {
			return done, err
		}
		victims, err := s.oldest(ctx, after, rows)
		if err != nil || len(victims) == 0 {
			return done, err
		}
		after = victims[0].seq - 1 // all before it are pinned
		slices.Reverse(victims)
		var gone int
		var tooMany bool
		err = s.part(ctx, func(t *tx) (err error) {
			gone, tooMany, err = t.shrink(victims, most)
			return err
		})
		if err != nil {
			return done, err
		}
		done.Deleted += gone
		switch {
		case tooMany:
			rows = len(victims) / 2
		case gone == len(victims):
			// If the index cannot be changed, it keeps entries without an event, which do no
			// harm.
			_ = s.forget(ctx, victims)
		default: // what was skipped will be swept out of the index
			s.words.swept.Store(false)
		}
	}
}

// shrink deletes the events, unless fewer may be enough: then it does nothing. A single event
// is always deleted if the store is too large.
func (t *tx) shrink(victims []victim, most int64) (gone int, tooMany bool, err error) {
	var used int64
	if err := t.row("SELECT "+usedPages, nil, &used); err != nil || used <= most {
		return 0, false, err
	}
	if _, err := t.exec("SAVEPOINT shrink"); err != nil {
		return 0, false, err
	}
	events, tallies := t.events, maps.Clone(t.tallies)
	_, gone, err = t.delete(victims, true)
	if err != nil {
		return 0, false, err
	}
	if err := t.row("SELECT "+usedPages, nil, &used); err != nil {
		return 0, false, err
	}
	if tooMany = used <= most && len(victims) > 1; tooMany {
		if _, err := t.exec("ROLLBACK TO shrink"); err != nil {
			return 0, false, err
		}
		gone, t.events, t.tallies = 0, events, tallies
	}
	_, err = t.exec("RELEASE shrink")
	return gone, tooMany, err
}

// oldest returns the oldest unpinned events after a key: at most so many, and at most one
// transaction's.
func (s *Store) oldest(ctx context.Context, after int64, rows int) (victims []victim, err error) {
	var v victim
	var size, bytes int64
	err = s.read.each(ctx, "SELECT seq, id, size FROM events WHERE seq > ? AND pin IS NULL ORDER BY seq LIMIT ?", []any{after, rows},
		[]any{&v.seq, &v.id, &size}, func() error {
			if bytes += size; len(victims) == 0 || bytes <= deleteBytes {
				victims = append(victims, v)
			}
			return nil
		})
	return victims, err
}

// wouldShrink estimates the result of shrink: each event has the pages of its body, and a share
// of everything else.
func (s *Store) wouldShrink(ctx context.Context, most int64) (done store.Shrunk, err error) {
	var bodies int64
	if err := s.read.row(ctx, "SELECT count(*), ifnull(sum(size), 0), "+usedPages+" FROM events", nil, &done.Left, &bodies, &done.Used); err != nil || done.Left == 0 {
		return done, err
	}
	share := max((done.Used-bodies)/done.Left, 0)
	var size int64
	err = s.read.each(ctx, "SELECT size FROM events WHERE pin IS NULL ORDER BY seq", nil, []any{&size}, func() error {
		if done.Used <= most {
			return errEnough
		}
		done.Used -= size + share
		done.Deleted++
		done.Left--
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return done, err
}
