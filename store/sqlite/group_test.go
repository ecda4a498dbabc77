package sqlite_test

// How writes share transactions, and wait for other processes. The tests run in a
// bubble, where time passes when everybody waits: seconds cost nothing, and all that
// can be waiting is.

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// hold takes the lock that writers need, as another process that writes does, until
// release is called.
func hold(t *testing.T, path string) (release func()) {
	t.Helper()
	db := raw(t, path)
	run(t, db, "BEGIN IMMEDIATE")
	return func() {
		t.Helper()
		run(t, db, "ROLLBACK")
		db.Close()
	}
}

// many calls f for each number at once, and returns when all wait for something.
func many(n int, f func(i int)) (wait func()) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { f(i) })
	}
	synctest.Wait()
	return group.Wait
}

func TestBusy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "events.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		release := hold(t, path)

		// Somebody else writes for a moment: nobody notices.
		wait := many(1, func(int) {
			if err := s.Append(t.Context(), newEvent("a"), store.AppendOptions{}); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(4 * time.Second)
		release()
		wait()

		// And for ever.
		release = hold(t, path)
		start := time.Now()
		err := s.Append(t.Context(), newEvent("b"), store.AppendOptions{})
		if !errors.Is(err, store.ErrBusy) || !strings.HasSuffix(err.Error(), "wait for the program that uses "+path+", or stop it") {
			t.Errorf("Append: %v; want ErrBusy and what to do", err)
		}
		if waited := time.Since(start); waited < 5*time.Second || waited > 6*time.Second {
			t.Errorf("gave up after %v; want five seconds", waited)
		}
		// Readers do not care.
		if page, err := s.List(t.Context(), store.Query{}); err != nil || len(page.Rows) != 1 {
			t.Errorf("List = %+v, %v; want one row", page, err)
		}
		release()
		if err := s.Append(t.Context(), newEvent("c"), store.AppendOptions{}); err != nil {
			t.Error(err)
		}
	})
}

// What cannot be written soon is refused at once, and nothing that was taken is
// forgotten.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "events.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		release := hold(t, path)
		var mu sync.Mutex
		busy, done := 0, 0
		wait := many(2000, func(i int) {
			err := s.Append(t.Context(), newEvent(fmt.Sprint(i)), store.AppendOptions{})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, store.ErrBusy):
				busy++
			case err != nil:
				t.Error(err)
			default:
				done++
			}
		})
		mu.Lock()
		// Up to 256 are with the writer, 1,024 wait.
		if busy < 2000-1024-256 || done != 0 {
			t.Errorf("%d refused at once, %d done; want %d, 0", busy, done, 2000-1024-256)
		}
		mu.Unlock()
		release()
		wait()
		if stats, err := s.Stats(t.Context()); err != nil || stats.Events != int64(done) || done+busy != 2000 {
			t.Errorf("%d events, %v; want the %d that were taken", stats.Events, err, done)
		}
	})
}

func TestQueueIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "events.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		release := hold(t, path)
		body := strings.Repeat("x", 10<<20)
		var errs [8]error
		wait := many(len(errs), func(i int) {
			errs[i] = s.Append(t.Context(), newEvent(body), store.AppendOptions{})
		})
		release()
		wait()
		busy := 0
		for _, err := range errs {
			if errors.Is(err, store.ErrBusy) {
				busy++
			} else if err != nil {
				t.Error(err)
			}
		}
		if busy != 2 {
			t.Errorf("%d of eight times 10 MiB were refused; want 2, over 64 MiB", busy)
		}
		// One that is larger than all that may wait is no reason to refuse it.
		if err := s.Append(t.Context(), newEvent(strings.Repeat("y", 65<<20)), store.AppendOptions{}); err != nil {
			t.Error(err)
		}
	})
}

// A caller that gives up while it waits leaves nothing behind.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "events.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		release := hold(t, path)
		why := errors.New("the reason")
		ctx, cancel := context.WithCancelCause(t.Context())
		wait := many(20, func(i int) {
			ctx, want := ctx, why
			if i%2 == 0 {
				ctx, want = t.Context(), nil
			}
			if err := s.Append(ctx, newEvent(fmt.Sprint(i)), store.AppendOptions{}); !errors.Is(err, want) {
				t.Errorf("%d: %v; want %v", i, err, want)
			}
		})
		cancel(why)
		synctest.Wait()
		release()
		wait()
		if stats, err := s.Stats(t.Context()); err != nil || stats.Events != 10 {
			t.Errorf("%d events, %v; want 10", stats.Events, err)
		}
	})
}

// A write that fails takes no other with it, whether it fails when it is written or
// is refused.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "events.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		run(t, raw(t, path), `CREATE TRIGGER no_bad_events BEFORE INSERT ON bodies WHEN new.body = CAST('bad' AS BLOB)
			BEGIN SELECT RAISE(ABORT, 'it is bad'); END`)
		release := hold(t, path)
		wait := many(30, func(i int) {
			body := fmt.Sprint(i)
			path := fmt.Sprint("/webhooks/", i/3) // a good one and a bad one share it
			switch i % 3 {
			case 0:
				e := newEvent("bad")
				e.Path = path
				err := s.Append(t.Context(), e, store.AppendOptions{Targets: []store.Forward{{Target: "t"}}})
				if err == nil || !strings.Contains(err.Error(), "it is bad") {
					t.Errorf("a bad event: %v; want an error", err)
				}
			case 1:
				d := event.Delivery{Event: "01JD4X7M9C8Q2R5T7V9WABCDEF"}
				if err := s.PutDelivery(t.Context(), &d); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("a delivery of no event: %v; want ErrNotFound", err)
				}
			default:
				e := newEvent(body)
				e.Path = path
				if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
					t.Error(err)
				} else if got, err := s.Event(t.Context(), e.ID); err != nil || string(got.Body) != body || got.Path != e.Path {
					t.Errorf("%d: %v, %v", i, got, err)
				}
			}
		})
		release()
		wait()
		stats, err := s.Stats(t.Context())
		if err != nil || stats.Events != 10 || stats.Waiting != 0 {
			t.Errorf("Stats = %+v, %v; want 10 events", stats, err)
		}
		checkCounters(t, s, path)
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
