package sqlite

// Detects whether another file was copied over the open one, which keeps its name and its
// inode. SQLite would mix pages of both. Otherwise only a checkpoint changes the file, so it is
// checked closely if another process has changed it.

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"hfhook/store"
)

// A knownBase is the state of the store's file without its -wal, as far as it is known.
type knownBase struct {
	last  atomic.Pointer[fs.FileInfo] // as it was left, or last checked closely
	doubt atomic.Bool                 // it was changed while this process wrote: by a checkpoint or otherwise
	look  atomic.Bool                 // it must be checked
	lost  atomic.Bool                 // it was overwritten

	// What the last transaction found in it. The writer uses them.
	newest int64
	id     []byte
}

// changed reports whether the file was changed since it was noted.
func (k *knownBase) changed(path string) bool {
	now, err := os.Stat(path)
	last := k.last.Load()
	return err == nil && last != nil && !sameContents(*last, now)
}

// note records the present state of the file.
func (k *knownBase) note(path string) {
	if now, err := os.Stat(path); err == nil {
		k.last.Store(&now)
	}
}

func sameContents(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// checkBase is called by the writer while no other process commits. It returns store.ErrGone if
// the file was overwritten.
func (s *Store) checkBase() error {
	if namesStay {
		return nil
	}
	k, path := &s.at.base, s.file()
	if k.look.Swap(false) || k.changed(path) {
		if s.overwritten(path) {
			k.lost.Store(true)
			return s.lose(fmt.Errorf("%w: %s", store.ErrGone, s.overwrittenText()))
		}
		k.note(path)
	}
	return nil
}

func (k *knownBase) found(newest int64, id []byte) { k.newest, k.id = newest, id }

// noteBase is called by the writer after each commit.
func (s *Store) noteBase() {
	if s.at.base.changed(s.file()) {
		s.at.base.doubt.Store(true)
	}
	s.at.base.note(s.file())
}

func (s *Store) overwrittenText() string {
	return filepath.Base(s.at.name) + " was overwritten by another file"
}

// overwritten reports whether the file does not belong to its -wal or, if that is empty, is
// older than the last transaction or of another store.
func (s *Store) overwritten(path string) bool {
	k := &s.at.base
	for try := 0; ; try++ {
		b := readBase(context.Background(), path)
		w, err := readWAL(path+"-wal", b)
		switch {
		case err != nil: // SQLite decides in unclear cases
			return false
		case b.read && w.frames && (!w.any || b.fits(w)):
			return false
		case b.read && !w.frames && (k.id == nil || bytes.Equal(b.id, k.id) && b.newest >= k.newest):
			return false
		case try == 3:
			return true
		}
		time.Sleep(attachPause) // another process may be in the middle of a checkpoint
	}
}

// overwrittenFor is how long a file has to look overwritten before it is abandoned: another
// process's checkpoint, which looks the same, can take a while on a busy disk, and that process
// uses the -wal that would be moved aside.
const overwrittenFor = time.Second

// staysOverwritten reports whether the file looks overwritten at each check.
func (s *Store) staysOverwritten(ctx context.Context) bool {
	for start := time.Now(); time.Since(start) < overwrittenFor && ctx.Err() == nil; time.Sleep(attachPause) {
		if !s.overwritten(s.file()) {
			return false
		}
	}
	return true
}

// lastReader opens the store's file so that SQLite does not change it when all other
// connections are closed: otherwise it would checkpoint the -wal, which belongs to the previous
// file.
func (s *Store) lastReader(ctx context.Context) (done func()) {
	db := openPool(newConnector(s.file(), readerPragmas, url.Values{"mode": {"ro"}}), 1)
	var n int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		s.at.log.Warn("read the file that was overwritten", "error", err)
	}
	return func() { _ = db.Close() }
}
