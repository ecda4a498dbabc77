package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"hfhook/store"
)

// explain is the function explain, for a method of s.
func (s *Store) explain(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
	case s.life.Err() != nil:
		err = fs.ErrClosed
	case resultCode(err) != 0: // SQLite does not notice that its files have lost their names
		if gone := s.present(); gone != nil {
			err = gone
		}
	}
	return explain(ctx, s.file(), doing, err)
}

// explain turns an error into one that users can act on: what was being done, the error in
// terms of package store, and what to do about it. The cause of a context that has ended takes
// precedence.
func explain(ctx context.Context, path, doing string, err error) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("%s: %w", doing, cause)
	}
	kind := classify(err)
	if kind != nil && !errors.Is(err, kind) {
		err = fmt.Errorf("%w: %w", kind, err)
	}
	if todo := advice(kind); todo != "" {
		return &store.Fault{Doing: doing, Err: err, Todo: fmt.Sprintf(todo, path)}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// advice returns the next step, with %s for the path of the store.
func advice(kind error) string {
	switch {
	case kind == store.ErrFull:
		return "free some space on the disk of %s"
	case kind == store.ErrUnreadable:
		return "get permission to read %[1]s and the files beside it, %[1]s-wal and %[1]s-shm, or read a copy of all three"
	case kind == store.ErrReadOnly:
		return "make %s and its directory writable, or choose another path"
	case kind == store.ErrDamaged:
		return "hfhook store salvage %[1]s saves everything readable; then move it and the files beside it away, and start again or restore a copy"
	case kind == store.ErrNewer:
		return "update hfhook to open %s"
	case kind == store.ErrBusy:
		return "wait for the program that uses %s, or stop it"
	case kind == store.ErrGone:
		return "restore %s, or wait until a running hfhook dev has created a new one"
	case kind == store.ErrCompact:
		return "stop hfhook dev and compact %s once; after that it can be done at any time"
	case kind == store.ErrPlace:
		return "choose another path than %s"
	}
	return ""
}

// classify returns the error of package store that err amounts to, or nil.
func classify(err error) error {
	for _, kind := range []error{store.ErrUnreadable, store.ErrFull, store.ErrReadOnly, store.ErrDamaged, store.ErrNewer, store.ErrBusy, store.ErrPlace, store.ErrGone, store.ErrCompact} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	switch code := resultCode(err); code {
	case lib.SQLITE_IOERR_SHMSIZE: // the WAL's index did not fit
		return store.ErrFull
	case lib.SQLITE_IOERR_LOCK: // of a file that may only be read
		return store.ErrReadOnly
	case lib.SQLITE_IOERR_SHORT_READ, lib.SQLITE_IOERR_CORRUPTFS:
		return store.ErrDamaged
	default:
		switch code & 0xff {
		case lib.SQLITE_FULL:
			return store.ErrFull
		case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
			return store.ErrReadOnly
		case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
			return store.ErrDamaged
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
			return store.ErrBusy
		}
	}
	if isForeign(err) {
		return store.ErrDamaged
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return store.ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return store.ErrReadOnly
	}
	return nil
}

// isForeign reports whether an error shows a table, column or value that hfhook never writes:
// the file's bytes were changed, and SQLite still accepts it as a database.
func isForeign(err error) bool {
	text := err.Error()
	return strings.Contains(text, "no such table: ") || strings.Contains(text, "no such column: ") || strings.Contains(text, "sql: Scan error ")
}

// resultCode returns SQLite's extended result code, or 0 if err is not from SQLite.
func resultCode(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code()
	}
	return 0
}

func isBusy(err error) bool {
	return resultCode(err)&0xff == lib.SQLITE_BUSY || errors.Is(err, errNotYet)
}
