package sqlite

import (
	"context"
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
