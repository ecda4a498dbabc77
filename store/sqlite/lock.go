package sqlite

// Locks on files beside the store, which the system releases when the process ends. A lock's
// file is removed with it, so that none remain.

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

// lockPath returns the file of a lock; the name may be any text.
func (s *Store) lockPath(name string) string {
	hash := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%s.%x.lock", s.file(), hash[:8])
}

// takeLock waits until this process has the lock, or returns ctx's cause. It tries only while
// may returns true.
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

// tryLock returns the lock, or nil if it is taken.
func tryLock(path string) (*flock.Flock, error) {
	for {
		lock := flock.New(path)
		ok, err := lock.TryLock()
		if err != nil || !ok {
			_ = lock.Close()
			return nil, err
		}
		// The previous owner may have removed the file after it was opened here: another
		// process could then lock a new file of the name.
		if isNamed(lock) {
			return lock, nil
		}
		_ = lock.Close()
	}
}

// isNamed reports whether the locked file still has its name.
func isNamed(lock *flock.Flock) bool {
	mine, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(lock.Path())
	return err == nil && os.SameFile(mine, there)
}

// giveUp removes the file and then releases its lock: whoever locks the name afterwards locks
// another file.
func giveUp(lock *flock.Flock) {
	if !isNamed(lock) { // it was removed with the store, and another file has the name
		_ = lock.Unlock()
		return
	}
	err := os.Remove(lock.Path())
	_ = lock.Unlock()
	if err != nil && runtime.GOOS == "windows" { // Windows keeps an open file, which may be another owner's
		_ = os.Remove(lock.Path())
	}
}

// isLocked reports whether a process has the lock. It creates no file.
func isLocked(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	_ = lock.Close()
	return err == nil && !ok
}

// isGone reports whether no process has the lock. It is false if that cannot be determined.
func isGone(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	_ = lock.Close()
	return err == nil && ok
}

// sweepLocks removes lock files that no process uses any more, because it was killed.
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
