package sqlite

// Checks a store for damage: SQLite's own structures, references between the tables, and the
// SHA-256 of each body.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"

	"hfhook/store"
)

// fitting selects rows that an undamaged store does not have, with a description.
var fitting = []struct{ odd, what string }{
	{"events WHERE seq NOT IN (SELECT seq FROM bodies)", "events have no body"},
	{"bodies WHERE seq NOT IN (SELECT seq FROM events)", "bodies have no event"},
	{"deliveries WHERE event NOT IN (SELECT seq FROM events)", "deliveries have no event"},
	{"events e JOIN bodies b USING (seq) WHERE e.size <> length(CAST(ifnull(b.body, '') AS BLOB))", "bodies have a different size than recorded"},
	{"events WHERE hex(substr(id, 1, 8)) <> printf('%016X', seq)", "events have the wrong id"},
	{"counters WHERE events <> (SELECT count(*) FROM events) OR newest < (SELECT ifnull(max(seq), 0) FROM events)", "counts are wrong"},
	{"events WHERE deliveries <> (SELECT ifnull(max(n), 0) FROM deliveries WHERE event = seq)", "events have a different number of deliveries than recorded"},
}

// Check is documented at [store.Store].
func (s *Store) Check(ctx context.Context) error {
	return s.explain(ctx, "check the store", s.check(ctx))
}

func (s *Store) check(ctx context.Context) error {
	var report string
	if err := s.read.row(ctx, "PRAGMA integrity_check(1)", nil, &report); err != nil {
		return err
	}
	if report != "ok" {
		return fmt.Errorf("%w: %s", store.ErrDamaged, report)
	}
	for _, f := range fitting {
		var n int64
		if err := s.read.row(ctx, "SELECT count(*) FROM "+f.odd, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: %d %s", store.ErrDamaged, n, f.what)
		}
	}
	// In pages: a long read prevents SQLite from reusing the WAL.
	for seq := int64(-1); ; {
		more := false
		var sum []byte
		var body sql.RawBytes
		err := s.read.each(ctx, "SELECT seq, sha256, body FROM bodies WHERE seq > ? ORDER BY seq LIMIT 256",
			[]any{seq}, []any{&seq, &sum, &body}, func() error {
				more = true
				if want := sha256.Sum256(body); !bytes.Equal(sum, want[:]) {
					return fmt.Errorf("%w: the body of event %d has changed", store.ErrDamaged, seq)
				}
				return nil
			})
		if err != nil || !more {
			return err
		}
	}
}
