//go:build unix

package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/waittest"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func init() { children["record"] = childRecords }

// record appends events until ctx ends, and calls done for each that was acknowledged.
func record(ctx context.Context, s store.Store, done func(event.ID)) error {
	pace := time.NewTicker(time.Millisecond) // other processes get their turn
	defer pace.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		<-pace.C
		e := newEvent(fmt.Sprint(n, strings.Repeat(" ", n%9000)))
		switch err := s.Append(ctx, e, store.AppendOptions{}); {
		case err == nil:
			done(e.ID)
		case errors.Is(err, store.ErrGone), ctx.Err() != nil:
		default:
			return err
		}
	}
	return nil
}

// childRecords is a second process that records, and prints what was acknowledged, until its
// input ends.
func childRecords(path string) error {
	s, err := sqlite.OpenHasty(context.Background(), path)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	back := time.Time{}
	err = record(ctx, s, func(id event.ID) {
		if loss := s.Loss(); loss != nil && loss.Back.After(back) {
			back = loss.Back
			fmt.Println("back")
		}
		fmt.Println(id)
	})
	return errors.Join(err, s.Close())
}

// A recorder is a process that records.
type recorder struct {
	mu    sync.Mutex
	acked []event.ID
}

func (r *recorder) add(id event.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acked = append(r.acked, id)
}

// take returns what was acknowledged since it was last called.
func (r *recorder) take() []event.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := r.acked
	r.acked = nil
	return ids
}

// wait returns once n events more were acknowledged.
func (r *recorder) wait(t *testing.T, n int) {
	t.Helper()
	waittest.Until(t, fmt.Sprintf("the recording of %d events", n), func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.acked) >= n
	})
}

// TestLostFile takes the files of a store away in every way, while this process and another
// one record to it. Both have to go on by themselves, with what has the store's name then;
// what was acknowledged has to be found, and every file that is left has to be whole.
func TestLostFile(t *testing.T) {
	t.Parallel()
	type place struct {
		dir, path, older, newer, foreign string
		store                            store.Store
	}
	remove := func(names ...string) func(*testing.T, place) {
		return func(t *testing.T, p place) {
			for _, suffix := range names {
				if err := os.Remove(p.path + suffix); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	rename := func(t *testing.T, from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name  string
		lose  func(*testing.T, place)
		what  string // that the store tells
		found string // where what was acknowledged before is found then; empty: nowhere
		stays bool   // at the store's name
	}{
		{"rm of all three", remove("", "-wal", "-shm"), "events.db was removed", "", false},
		{"rm of the file", remove(""), "events.db was removed", "", false},
		{"rm of the wal", remove("-wal"), "events.db-wal was removed", "events.db", true},
		{"rm of the shm", remove("-shm"), "events.db-shm was removed", "events.db", true},
		{"rm of wal and shm", remove("-wal", "-shm"), "events.db-wal was removed and events.db-shm was removed", "events.db", true},
		{"mv", func(t *testing.T, p place) { rename(t, p.path, filepath.Join(p.dir, "moved.db")) }, "events.db was ", "moved.db", false},
		{"mv of the wal", func(t *testing.T, p place) { rename(t, p.path+"-wal", filepath.Join(p.dir, "moved-wal")) }, "events.db-wal was removed", "events.db", true},
		{"rm of the directory", func(t *testing.T, p place) {
			if err := os.RemoveAll(p.dir); err != nil {
				t.Fatal(err)
			}
			waittest.Until(t, "the loss", func() bool { return p.store.Loss() != nil })
			if err := os.Mkdir(p.dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "", "", false},
		{"mv of the directory", func(t *testing.T, p place) {
			rename(t, p.dir, p.dir+"2")
			waittest.Until(t, "the loss", func() bool { return p.store.Loss() != nil })
			if err := os.Mkdir(p.dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "", "../store2/events.db", false},
		{"an older copy", func(t *testing.T, p place) { rename(t, p.older, p.path) }, "events.db was replaced", "", false},
		{"a newer copy", func(t *testing.T, p place) { rename(t, p.newer, p.path) }, "events.db was replaced", "", false},
		{"a foreign store", func(t *testing.T, p place) { rename(t, p.foreign, p.path) }, "events.db was replaced", "", false},
		{"an older copy and the wal removed", func(t *testing.T, p place) {
			rename(t, p.older, p.path)
			remove("-wal", "-shm")(t, p)
		}, "events.db was replaced", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			p := place{dir: filepath.Join(root, "store")}
			p.path = filepath.Join(p.dir, "events.db")
			p.older, p.newer, p.foreign = filepath.Join(root, "older"), filepath.Join(root, "newer"), filepath.Join(root, "foreign")
			fill(t, p.path, 20)
			copyFile(t, p.path, p.older)
			fill(t, p.path, 400) // so that the copies differ in their pages
			fill(t, p.foreign, 3)

			s, err := sqlite.OpenHasty(t.Context(), p.path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if t.Failed() {
					t.Logf("the loss, as the store tells it: %+v", s.Loss())
				}
			}()
			cmd, stdin, lines := startChild(t, "record", p.path)
			var here, there recorder
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			var running sync.WaitGroup
			running.Go(func() {
				if err := record(ctx, s, here.add); err != nil {
					t.Error(err)
				}
			})
			back := make(chan struct{}, 10)
			running.Go(func() { scan(lines, there.add, back) })
			here.wait(t, 30)
			there.wait(t, 30)
			if strings.Contains(tt.name, "newer") {
				run(t, raw(t, p.path), "VACUUM INTO '"+p.newer+"'")
			}
			before := slices.Concat(here.take(), there.take())

			p.store = s
			tt.lose(t, p)
			waittest.Until(t, "the return of the store", func() bool {
				loss := s.Loss()
				return loss != nil && !loss.Back.IsZero()
			})
			waittest.Receive(t, "the return of the store in the other process", back)
			loss := s.Loss()
			if loss == nil || loss.Back.IsZero() || !strings.HasPrefix(loss.What, tt.what) {
				t.Errorf("Loss = %+v; want that %q, and that it is over", loss, tt.what)
			} else {
				t.Log(loss.Text())
			}
			// What was under way meanwhile may be in either file.
			here.take()
			there.take()
			here.wait(t, 20)
			there.wait(t, 20)
			stop()
			stdin.Close()
			running.Wait()
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
			after := slices.Concat(here.take(), there.take())
			if loss := s.Loss(); loss != nil && loss.N > 2 {
				t.Errorf("the store was lost %d times", loss.N)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}

			wantEvents(t, p.path, after)
			if tt.found != "" {
				wantEvents(t, filepath.Join(p.dir, tt.found), before)
			}
			checkAll(t, root)
		})
	}
}

func scan(lines *bufio.Scanner, done func(event.ID), back chan<- struct{}) {
	for lines.Scan() {
		if lines.Text() == "back" {
			back <- struct{}{}
			continue
		}
		done(event.ID(lines.Text()))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	if err := os.WriteFile(to, []byte(contents(t, from)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantEvents wants events in a file.
func wantEvents(t *testing.T, path string, ids []event.ID) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	missing := 0
	for _, id := range ids {
		if _, err := s.Event(t.Context(), id); err != nil {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d events that were acknowledged are not in %s", missing, len(ids), path)
	}
}

// checkAll looks for damage in every store below a directory.
func checkAll(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasPrefix(contents(t, path), "SQLite format 3") {
			return err
		}
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{MustExist: true})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		defer s.Close()
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
