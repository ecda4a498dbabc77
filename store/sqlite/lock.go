package sqlite

// Locks on files beside the store, which the system gives up with the process. A file
// goes with its lock, so that nothing is left of what is gone.

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lockPath is the file of a lock on something whose name is any text.
func (s *Store) lockPath(name string) string {
	hash := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%s.%x.lock", s.file(), hash[:8])
}

// takeLock returns once this process alone has the lock, or with ctx's cause. It tries only
// while may returns true.
func takeLock(ctx context.Context, path string, may func() bool) (*flock.Flock, error) {
	for ctx.Err() == nil {
		if may() {
			lock, err := tryLock(path)
			if lock != nil || err != nil {
				return lock, err
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pollEvery):
		}
	}
	return nil, context.Cause(ctx)
}

// tryLock returns the lock, or nil if somebody has it.
func tryLock(path string) (*flock.Flock, error) {
	for {
		lock := flock.New(path)
		ok, err := lock.TryLock()
		if err != nil || !ok {
			_ = lock.Close()
			return nil, err
		}
		// Whoever had it may have taken the file away after it was opened here: another
		// process could then lock a new one of the name.
		if isNamed(lock) {
			return lock, nil
		}
		_ = lock.Close()
	}
}

// isNamed reports whether the file that is locked still has its name.
func isNamed(lock *flock.Flock) bool {
	mine, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(lock.Path())
	return err == nil && os.SameFile(mine, there)
}

// giveUp takes the file away and gives up its lock, in this order: what is locked under
// the name afterwards is another file.
func giveUp(lock *flock.Flock) {
	if !isNamed(lock) { // it was removed with the store, and the name is another's
		_ = lock.Unlock()
		return
	}
	err := os.Remove(lock.Path())
	_ = lock.Unlock()
	if err != nil && runtime.GOOS == "windows" { // which keeps a file that is open, and so that of another owner
		_ = os.Remove(lock.Path())
	}
}

// isLocked reports whether some process has the lock. It makes no file.
func isLocked(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	_ = lock.Close()
	return err == nil && !ok
}

// isGone reports whether nobody has the lock. It is false if that cannot be found out.
func isGone(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	_ = lock.Close()
	return err == nil && ok
}

// sweepLocks takes away the files of locks that nobody has any more, since a process was
// killed.
func (s *Store) sweepLocks() {
	dir, base := filepath.Split(s.file())
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, base+".") || !strings.HasSuffix(name, ".lock") {
			continue
		}
		if lock, err := tryLock(filepath.Join(dir, entry.Name())); lock != nil && err == nil {
			giveUp(lock)
		}
	}
}
