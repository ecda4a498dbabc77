package sqlite

// Returns free space in the file to the disk, in parts that delay nobody.

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"hfhook/store"
)

// Compact is documented at [store.Store]. Each part moves pages from the end of the file into
// free ones, as a transaction of its own; the file shrinks when its WAL is checkpointed.
func (s *Store) Compact(ctx context.Context) (err error) {
	defer func() { err = s.explain(ctx, "give free space back", err) }()
	var mode int
	if err := s.read.row(ctx, "PRAGMA auto_vacuum", nil, &mode); err != nil {
		return err
	}
	if mode == 0 {
		return s.rebuild(ctx)
	}
	for left, before := int64(0), int64(-1); ; before = left {
		if err := s.read.row(ctx, "PRAGMA freelist_count", nil, &left); err != nil {
			return err
		}
		if left == 0 || left == before {
			break
		}
		err := s.part(ctx, func(t *tx) error { return t.vacuum() })
		if err != nil {
			return err
		}
	}
	s.writer.turn.Lock()
	defer s.writer.turn.Unlock()
	s.checkpoint(ctx)
	return nil
}

// vacuumPages is how many pages one transaction moves, so that a capture waits for
// milliseconds.
const vacuumPages = 500

// vacuum is executed again each time: its statement does one step for each row that is read.
func (t *tx) vacuum() error {
	t.changed = true
	return t.w.on.eachOnce(context.Background(), fmt.Sprintf("PRAGMA incremental_vacuum(%d)", vacuumPages), nil, nil, func() error { return nil })
}

// rebuild rewrites the file reset, in place, so that it can shrink in parts from then on: older
// versions of hfhook did not prepare it for that. Nobody can record meanwhile, so a program
// that receives events must not use it.
func (s *Store) rebuild(ctx context.Context) error {
	all, err := s.sessions(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(r sessionRow) bool { return r.running }) {
		return store.ErrCompact
	}
	s.writer.turn.Lock()
	defer s.writer.turn.Unlock()
	for _, query := range []string{prepareParts, "VACUUM"} {
		if err := retryBusy(ctx, func() error {
			_, err := s.writer.on.exec(ctx, query)
			return err
		}); err != nil {
			return err
		}
	}
	s.checkpoint(ctx)
	return nil
}

// prepareParts prepares an empty file, or one that VACUUM rewrites afterwards, for shrinking in
// parts. SQLite then keeps track of the references to each page.
const prepareParts = "PRAGMA auto_vacuum = INCREMENTAL"

// rebuiltMost is the largest file that is rewritten without anybody noticing.
const rebuiltMost = 32 << 20

// rebuildSmall prepares a small file that was made by an older hfhook.
func rebuildSmall(ctx context.Context, conn *sql.Conn) error {
	var mode, size int64
	err := conn.QueryRowContext(ctx, "SELECT a.auto_vacuum, c.page_count * s.page_size FROM pragma_auto_vacuum a, pragma_page_count c, pragma_page_size s").Scan(&mode, &size)
	if err != nil || mode != 0 || size > rebuiltMost {
		return err
	}
	_, err = conn.ExecContext(ctx, prepareParts+"; VACUUM")
	return err
}
