package sqlite

import (
	"context"
	"log/slog"
	"time"
)

// IndexAll brings the index of words up to the newest event, without a pause.
func (s *Store) IndexAll(ctx context.Context) error {
	x := &indexer{store: s, log: slog.New(slog.DiscardHandler), eager: true}
	defer func() {
		if x.db != nil {
			x.db.Close()
		}
	}()
	for {
		if more, err := x.batch(ctx); err != nil || !more {
			return err
		}
	}
}

// OpenHasty opens a store that does not wait until a copy that is put in its place is
// complete.
func OpenHasty(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, Options{}, 200*time.Millisecond)
}
