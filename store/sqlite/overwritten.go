package sqlite

// Whether somebody has copied another file over the one that is open, which keeps its name and
// its inode. SQLite would put pages of both together. Only a checkpoint changes the file
// otherwise, so it is looked at more closely if it was changed by anybody but this process.

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
	last  atomic.Pointer[fs.FileInfo] // as it was left, or was looked at closely
	doubt atomic.Bool                 // it was changed while this process wrote: by a checkpoint, or not
	look  atomic.Bool                 // it is to be looked at
	lost  atomic.Bool                 // it is another one

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

// note takes the file as it is.
func (k *knownBase) note(path string) {
	if now, err := os.Stat(path); err == nil {
		k.last.Store(&now)
	}
}

func sameContents(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// checkBase is called by the writer while no other process commits. It returns store.ErrGone if
// the file is another one.
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

// overwritten reports whether the file does not belong to its -wal or, if that is empty, is of
// an earlier time or of another store than the last transaction has found.
func (s *Store) overwritten(path string) bool {
	k := &s.at.base
	for try := 0; ; try++ {
		b := readBase(context.Background(), path)
		w, err := readWAL(path+"-wal", b)
		switch {
		case err != nil: // what is unclear is left to others
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

// overwrittenFor is how long a file has to look overwritten before it is left: the checkpoint of
// another process, which makes it look so, can take a while on a busy disk, and the -wal that
// would be moved aside is in use by that process.
const overwrittenFor = time.Second

// staysOverwritten reports whether the file looks overwritten whenever it is looked at.
func (s *Store) staysOverwritten(ctx context.Context) bool {
	for start := time.Now(); time.Since(start) < overwrittenFor && ctx.Err() == nil; time.Sleep(attachPause) {
		if !s.overwritten(s.file()) {
			return false
		}
	}
	return true
}

// lastReader opens the store's file so that SQLite leaves it as it is when all other
// connections are closed: it would bring the -wal into it otherwise, which belongs to the file
// that was there before.
func (s *Store) lastReader(ctx context.Context) (done func()) {
	db := openPool(newConnector(s.file(), readerPragmas, url.Values{"mode": {"ro"}}), 1)
	var n int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		s.at.log.Warn("read the file that was overwritten", "error", err)
	}
	return func() { _ = db.Close() }
}
