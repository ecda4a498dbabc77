package sqlite

// How a file is opened: a -wal beside it, which SQLite would apply, must belong to it, and no
// process may have it open together with a -wal or -shm of other names.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hfhook/store"
)

// An attached file is open for writing.
type attached struct {
	path  string // without symbolic links
	conn  soleConn
	seen  fileTriple
	aside []string // what was moved aside
	made  bool     // there was no file
}

const attachPause = 10 * time.Millisecond

// attach opens the file that has the store's name now. It waits for other processes for a
// limited time; after store.ErrBusy it can be tried again.
//
// If left is set, other processes may still use files that this one has left; a -wal and -shm
// that one of them has open under another name are not used.
func (s *Store) attach(ctx context.Context, left *left, within time.Duration) (f attached, err error) {
	// All processes that come through a link must use one name: SQLite and Own keep files
	// beside it.
	if f.path, err = filepath.EvalSymlinks(s.at.name); err != nil {
		return f, err
	}
	for start := time.Now(); ; {
		before, err := lookAt(s.at.name, f.path)
		if err != nil {
			return f, err
		}
		if before[0] == nil {
			return f, fs.ErrNotExist
		}
		if err = s.putRight(ctx, &f, left, before); err == nil {
			err = s.open(ctx, &f, before)
		}
		if err == nil || !isBusy(err) || time.Since(start) > within {
			return f, err
		}
		select {
		case <-ctx.Done():
			return f, context.Cause(ctx)
		case <-time.After(attachPause):
		}
	}
}

// putRight moves aside a -wal that does not belong to the file. If the -wal or the -shm is
// missing, or was used with other files, it makes sure that no process has the file open: that
// process would use files that have lost their names.
func (s *Store) putRight(ctx context.Context, f *attached, left *left, before fileTriple) error {
	foreign, err := foreignWAL(ctx, f.path, before)
	if err != nil {
		return err
	}
	if foreign {
		moved, err := s.moveAside(f.path, before)
		f.aside = append(f.aside, moved...)
		if err != nil {
			return err
		}
		before[1], before[2] = nil, nil
	}
	if before[1] != nil && before[2] != nil && !left.at(f.path, before) {
		return nil
	}
	return s.claim(ctx, f, before)
}

// left are the files that a store had open, as far as they kept their names, with their
// creation times: another process may remove what this one has closed.
type left struct {
	files  fileTriple
	births [len(fileTriple{})]int64
	since  time.Time
}

// leftWithin is how long another process may take to notice that it has lost its files.
const leftWithin = 3 * time.Second

func newLeft(path string, old, now fileTriple) *left {
	l := &left{since: time.Now()}
	for i := range now {
		if now[i] != nil && now.sameAt(old, i) {
			l.files[i], l.births[i] = now[i], birthOf(path+suffixes[i])
		}
	}
	return l
}

// at reports whether the -wal or the -shm of a store that was left is still there, beside the
// same file.
func (l *left) at(path string, now fileTriple) bool {
	if l == nil || l.files[0] == nil || !now.sameAt(l.files, 0) || time.Since(l.since) > leftWithin {
		return false
	}
	for i := 1; i < len(now); i++ {
		if l.files[i] != nil && now.sameAt(l.files, i) && birthOf(path+suffixes[i]) == l.births[i] {
			return true
		}
	}
	return false
}

// errNotYet means that another process makes or removes files, or replaces them.
var errNotYet = fmt.Errorf("%w: its files are being changed", store.ErrBusy)

// open opens the connection that writes, to the files that were found before.
func (s *Store) open(ctx context.Context, f *attached, before fileTriple) (err error) {
	f.conn, err = connect(ctx, f.path, s.at.progress)
	if err != nil {
		return err
	}
	f.seen, err = lookAt(s.at.name, f.path)
	if err == nil && (f.seen[1] == nil || f.seen[2] == nil || !f.seen.sameAt(before, 0)) {
		err = errNotYet
	}
	if err != nil {
		return errors.Join(err, f.conn.Close())
	}
	tighten(f.path, s.at.log)
	return nil
}

// claim opens the file exclusively, which applies a -wal without its -shm and removes it. A
// -shm without its -wal is moved aside. It fails as busy while another process has the file
// open.
func (s *Store) claim(ctx context.Context, f *attached, before fileTriple) error {
	db := pool(f.path, 1, []string{"busy_timeout(0)", "locking_mode(EXCLUSIVE)", "synchronous(FULL)", "fullfsync(1)"})
	defer db.Close()
	var n int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		return err
	}
	if before[2] == nil {
		return nil
	}
	before[1] = nil
	moved, err := s.moveAside(f.path, before)
	f.aside = append(f.aside, moved...)
	return err
}

// moveAside renames the -wal and the -shm, if they are still those that were found before. It
// returns the new names.
func (s *Store) moveAside(path string, before fileTriple) (names []string, err error) {
	now := time.Now()
	for i := 1; i < len(before); i++ {
		old := path + suffixes[i]
		info, err := os.Stat(old)
		if before[i] == nil || err != nil || !os.SameFile(info, before[i]) {
			continue
		}
		name := asideName(old, now)
		if err := os.Rename(old, name); err != nil {
			return names, err
		}
		s.at.log.Warn("a file that does not belong to the store was renamed", "was", old, "is", name)
		names = append(names, name)
	}
	return names, nil
}

// asideName returns an unused name beside path.
func asideName(path string, now time.Time) string {
	name := path + ".other-" + now.UTC().Format("20060102T150405.000")
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s.other-%s-%d", path, now.UTC().Format("20060102T150405.000"), n)
	}
}
