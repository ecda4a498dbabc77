package sqlite

// What a search leaves to the connection that writes of the pages that all share.

import (
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	driver "modernc.org/sqlite"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/waittest"
	"hfhook/store"
)

// TestCacheAfterSearch wants that the connection that writes keeps its pages once a search
// over much more than fits into all caches is over. The misses were 10 for each event while
// the readers kept the pages that they had read.
func TestCacheAfterSearch(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "events.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	body := bytes.Repeat([]byte("a body of some pages. "), 400)
	fill := func(n int) {
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				e := event.Event{Capture: event.Capture{Received: time.Now(), Method: "POST", Path: "/webhooks", Body: body}}
				if err := s.Append(ctx, &e, store.AppendOptions{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	for range 24 {
		fill(128)
	}
	before := missesOf(t, s, fill)

	text, err := filter.Parse("nowhere", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range maxReaders {
		wg.Go(func() {
			for q := (store.Query{Filter: text}); ; {
				page, err := s.List(ctx, q)
				if err != nil {
					t.Error(err)
					return
				}
				if q.Before = page.Next; page.Next == "" {
					return
				}
			}
		})
	}
	wg.Wait()
	idle := func() bool { return s.read.on.(*sql.DB).Stats().OpenConnections == 0 }
	waittest.Until(t, "the end of the readers that nobody uses", idle)
	fill(128) // which reads what the search took away

	if after := missesOf(t, s, fill); after > before+256 {
		t.Errorf("512 events missed %d pages after a search, and %d before it", after, before)
	}
}

// missesOf counts the pages that were not in the cache of the connection that writes while
// 512 events were recorded.
func missesOf(t *testing.T, s *Store, fill func(n int)) int {
	t.Helper()
	misses := func() (n int) {
		s.writer.turn.Lock()
		defer s.writer.turn.Unlock()
		err := s.writer.on.on.(soleConn).Raw(func(conn any) (err error) {
			n, _, err = conn.(driver.DBStatus).Status(driver.DBStatusCacheMiss, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := misses()
	for range 4 {
		fill(128)
	}
	return misses() - before
}
