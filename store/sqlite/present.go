package sqlite

// Checks whether the open files still have the store's name. An event in another file would
// never be found, so this is checked after each commit, before anybody learns that it was
// recorded.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"hfhook/store"
)

// guardEvery is how often the names are checked while nothing is recorded.
const guardEvery = 500 * time.Millisecond

// namesStay is set if the system prevents removing or renaming an open file.
const namesStay = runtime.GOOS == "windows"

// A fileTriple is what the names of a store's file, its -wal and its -shm refer to; nil:
// nothing.
type fileTriple [3]fs.FileInfo

var suffixes = [len(fileTriple{})]string{"", "-wal", "-shm"}

// lookAt returns the present files. name is the store's file as Open was called, path the same
// file without symbolic links.
func lookAt(name, path string) (t fileTriple, err error) {
	for i, suffix := range suffixes {
		at := path + suffix
		if i == 0 {
			at = name
		}
		t[i], err = os.Stat(at)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return t, err
		}
		if err != nil {
			t[i] = nil
		}
	}
	return t, nil
}

// same reports whether both are the same files.
func (t fileTriple) same(u fileTriple) bool {
	for i := range t {
		if !t.sameAt(u, i) {
			return false
		}
	}
	return true
}

func (t fileTriple) sameAt(u fileTriple, i int) bool {
	return t[i] == nil && u[i] == nil || t[i] != nil && u[i] != nil && os.SameFile(t[i], u[i])
}

// A location is what a store knows about its files.
type location struct {
	name   string // of the file, as Open was called, absolute
	create bool   // create the file if there is none
	fixed  bool   // it is only read: see OpenToRead
	log    *slog.Logger

	progress func(done, total int64) // of a migration; may be nil
	settled  time.Duration           // see the constant
	path     atomic.Pointer[string]
	seen     atomic.Pointer[fileTriple] // of the connections
	gone     atomic.Pointer[error]
	base     knownBase
	loss     atomic.Pointer[store.Loss]
	noticed  chan struct{} // one slot
}

// file returns the path of the store, without symbolic links.
func (s *Store) file() string { return *s.at.path.Load() }

// Loss is documented at [store.Store].
func (s *Store) Loss() *store.Loss { return s.at.loss.Load() }

// present returns store.ErrGone if the open files do not have the store's name any more. It
// then wakes the guard, which looks for the present store.
func (s *Store) present() error {
	if gone := s.at.gone.Load(); gone != nil {
		return *gone
	}
	if gone := s.unmoved(); gone != nil {
		return s.lose(gone)
	}
	return nil
}

// lose notes why the store is gone, and returns that error.
func (s *Store) lose(gone error) error {
	if s.at.gone.CompareAndSwap(nil, &gone) {
		select {
		case s.at.noticed <- struct{}{}:
		default:
		}
	}
	return *s.at.gone.Load()
}

// unmoved returns store.ErrGone if the names of the open files refer to other files.
func (s *Store) unmoved() error {
	if namesStay || s.at.fixed {
		return nil
	}
	seen := *s.at.seen.Load()
	now, err := lookAt(s.at.name, s.file())
	if err == nil && now.same(seen) {
		return nil
	}
	return fmt.Errorf("%w: %s", store.ErrGone, s.whatHappened(seen, now, err))
}

// whatHappened says in words how the present files differ from the open ones.
func (s *Store) whatHappened(seen, now fileTriple, err error) string {
	base := filepath.Base(s.at.name)
	switch {
	case err != nil:
		return fmt.Sprintf("%s cannot be reached: %v", base, err)
	case now[0] == nil:
		if dir := filepath.Dir(s.at.name); !isDir(dir) {
			return fmt.Sprintf("the directory %s was removed or renamed", dir)
		}
		if to := newName(seen[0]); to != "" {
			return fmt.Sprintf("%s was moved to %s", base, to)
		}
		return base + " was removed"
	case !now.sameAt(seen, 0):
		return base + " was replaced by another file"
	}
	var what []string
	for i := 1; i < len(now); i++ {
		switch {
		case now.sameAt(seen, i):
		case now[i] == nil || isEmpty(now[i]): // another process that looks for the store creates an empty one
			what = append(what, base+suffixes[i]+" was removed")
		default:
			what = append(what, base+suffixes[i]+" was replaced")
		}
	}
	return strings.Join(what, " and ")
}

func isEmpty(file fs.FileInfo) bool { return file != nil && file.Size() == 0 }

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// guard checks the names regularly, and recovers the store when it was lost. It ends with ctx.
func (s *Store) guard(ctx context.Context) {
	tick := time.NewTicker(guardEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.at.noticed:
		case <-tick.C:
		}
		if s.present() == nil && (s.at.base.doubt.Swap(false) || s.at.base.changed(s.file())) {
			s.at.base.look.Store(true)
			_ = s.writer.do(ctx, 0, func(*tx) error { return nil }) // this checks the file
		}
		if s.present() != nil {
			s.recover(ctx)
			s.renew(ctx)
		}
	}
}
