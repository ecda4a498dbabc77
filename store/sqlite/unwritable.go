package sqlite

// A store that can be read but not written: on a read-only mount, owned by another user, or on
// a full disk. SQLite needs files beside it, unless it may assume that nothing changes.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"hfhook/store"
)

// OpenToRead is like Open with MustExist, for reading only. It opens a store that cannot be
// written as well, if everything recorded can be read; every write then fails with
// store.ErrReadOnly. It fails with store.ErrUnreadable if some of it cannot be read.
func OpenToRead(ctx context.Context, path string, opts Options) (*Store, error) {
	opts.MustExist = true
	s, unwritable := Open(ctx, path, opts)
	if err := unwritable; !errors.Is(err, store.ErrReadOnly) && !errors.Is(err, store.ErrFull) {
		return s, err
	}
	s, err := openUnwritable(ctx, path, opts)
	if err != nil {
		return nil, explain(ctx, path, "open store "+path, err)
	}
	s.unwritable = unwritable
	return s, nil
}

// Unwritable returns why the store can only be read, or nil if it can be written.
func (s *Store) Unwritable() error { return s.unwritable }

func openUnwritable(ctx context.Context, path string, opts Options) (*Store, error) {
	path, err := filepath.EvalSymlinks(path)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	var at fileTriple
	if err == nil {
		at, err = lookAt(path, path)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrUnreadable, err)
	}
	for i, info := range at {
		if info == nil || info.Size() == 0 {
			continue
		}
		if err := readable(path + suffixes[i]); err != nil {
			return nil, err
		}
	}
	if at[2] != nil && inUse(path+"-shm") { // another process writes: SQLite makes reads consistent
		return openFixed(ctx, path, path, url.Values{"mode": {"ro"}})
	}
	if at[1] == nil || at[1].Size() <= walHeader {
		s, err := openFixed(ctx, path, path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
		if !errors.Is(err, errOlder) {
			return s, err
		}
	}
	return openCopy(ctx, path, at, opts)
}

// readable returns store.ErrUnreadable if a file cannot be read.
func readable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnreadable, err)
	}
	return f.Close()
}

// errOlder means that the file's schema must be updated before it is read.
var errOlder = errors.New("an older hfhook wrote the store")

// openFixed opens a file that this store does not write. name is the store of the file.
func openFixed(ctx context.Context, name, path string, query url.Values) (_ *Store, err error) {
	connections := func(size int) *sql.DB {
		return openPool(newConnector(path, readerPragmas, maps.Clone(query)), size)
	}
	readers := connections(maxReaders)
	defer func() {
		if err != nil {
			err = errors.Join(err, readers.Close())
		}
	}()
	conn, err := readers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	version, err := identify(ctx, conn)
	if err = errors.Join(err, conn.Close()); err != nil {
		return nil, err
	}
	if version < schemaVersion {
		return nil, errOlder
	}
	life, end := context.WithCancel(context.Background())
	s := &Store{
		at:    location{name: name, fixed: true, log: slog.New(slog.DiscardHandler)},
		watch: watchers{stops: make(map[chan struct{}]func() bool), file: &statements{on: connections(1)}},
		life:  life,
		steps: usual,
		read:  &statements{on: readers},
	}
	s.at.path.Store(&name)
	s.at.seen.Store(&fileTriple{})
	s.words.closed = true
	s.writer = &writer{gone: &s.at.gone, on: &statements{on: connections(1)}, present: s.present, changed: s.watch.wake, checkBase: s.checkBase, foundBase: s.at.base.found, noteBase: s.noteBase, queue: make(chan *job, maxQueue)}
	s.writer.loops.Go(s.writer.loop)
	s.close = sync.OnceValue(func() error {
		end()
		return errors.Join(s.watch.close(), s.read.close(), s.writer.close())
	})
	return s, nil
}

// openCopy opens an updated private copy of a store that nobody writes.
func openCopy(ctx context.Context, path string, before fileTriple, opts Options) (_ *Store, err error) {
	dir, err := os.MkdirTemp("", "hfhook-copy-")
	if err != nil {
		return nil, fmt.Errorf("%w without a copy of it: %w", store.ErrUnreadable, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	to := filepath.Join(dir, "events.db")
	for _, suffix := range suffixes[:2] {
		if err := copyFile(path+suffix, to+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w without a copy of it: %w", store.ErrUnreadable, err)
		}
	}
	if now, err := lookAt(path, path); err != nil || !unchanged(before, now) {
		return nil, fmt.Errorf("%w: another process is writing it and does not let others read along", store.ErrUnreadable)
	}
	written, err := Open(ctx, to, opts)
	if err == nil {
		err = written.Close()
	}
	if err != nil {
		return nil, err
	}
	s, err := openFixed(ctx, path, to, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	if err != nil {
		return nil, err
	}
	closed := s.close
	s.close = sync.OnceValue(func() error { return errors.Join(closed(), os.RemoveAll(dir)) })
	return s, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
