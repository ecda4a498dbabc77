package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"

	"hfhook/store"
)

// Stats is documented at [store.Store].
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	stats := store.Stats{Location: s.file()}
	p, err := s.presence(ctx)
	if err == nil {
		err = s.tallied(ctx, p, &stats)
	}
	if err != nil {
		return store.Stats{}, s.explain(ctx, "count events", err)
	}
	err = s.read.row(ctx, `SELECT events, (SELECT user_version FROM pragma_user_version),
			(SELECT received FROM events ORDER BY seq DESC LIMIT 1),
			`+usedPages+`, (SELECT c.page_count * s.page_size FROM pragma_page_count c, pragma_page_size s)
		FROM counters`, nil, &stats.Events, &stats.Schema, scanTime{&stats.Newest}, &stats.Used, &stats.File)
	if err != nil {
		return store.Stats{}, s.explain(ctx, "count events", err)
	}
	for _, suffix := range []string{"", "-wal", ".words", ".words-wal"} {
		if info, err := os.Stat(s.file() + suffix); err == nil {
			stats.Bytes += info.Size()
		}
	}
	return stats, nil
}

// Check is documented at [store.Store]. It looks at SQLite's structures first, and
// then at each body, which has to have its SHA-256.
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
	// By pages: a long read keeps the WAL from being used again.
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
