package sqlite

import (
	"context"
	"log/slog"
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
