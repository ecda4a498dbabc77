// Package sqlite stores the events of one machine in one SQLite file.
//
// Several processes may use a file at once. Each has one connection that writes, which commits
// everything that waits as one transaction and syncs it to disk before any caller gets an
// answer, and up to four that read and never wait for it.
//
//	s, err := sqlite.Open(ctx, "/home/me/.local/share/hfhook/events.db", sqlite.Options{})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//
// Any SQLite client can read it: events has a row for each event with what a list shows, bodies
// the rest of it under the same seq, deliveries a row for each attempt, names the texts that
// many events share, and counters how many there are. Comments in the schema describe each
// column. This lists the newest events:
//
//	SELECT datetime(received / 1e9, 'unixepoch') AS at, n.name AS scope, n.action, subject, CAST(body AS TEXT)
//	FROM events e JOIN names n ON n.id = e.what JOIN bodies USING (seq)
//	ORDER BY seq DESC LIMIT 50;
//
// PRAGMA user_version is the schema version. An older file is updated when it is opened, a
// newer one is rejected and not changed.
//
// Beside it is an index of the words in bodies, once there are some thousands of events
// and a process with Options.Index: FILE.words, which can be deleted at any time.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	driver "modernc.org/sqlite"

	"hfhook/event"
	"hfhook/store"
)

// busyWait is how long a write waits for another process that writes.
const busyWait = 5 * time.Second

// Options say how a store is opened. The zero value is good.
type Options struct {
	// MustExist makes Open fail with fs.ErrNotExist if there is no store.
	MustExist bool

	// Index keeps the index of words up to date while the store is open. It is for long-running
	// processes: a search finds the same without it, but more slowly.
	Index bool

	// Progress is called now and then while the file of an older hfhook is updated, with the
	// number of events done. It may be nil.
	Progress func(done, total int64)

	Logger *slog.Logger // nil: nothing is logged
}

// A Store is a [store.Store] in one file.
type Store struct {
	at     location
	writer *writer
	read   *statements
	watch  watchers
	owned  owners
	own    session
	kept   rescued
	steps  steps
	words  words

	unwritable error // why it can only be read; nil: it can be written

	life  context.Context // ends when Close is called
	close func() error
}

var _ store.Store = (*Store)(nil)

// Open opens the store in the file path, and creates it and its directory if necessary, for the
// user only: the file and those that SQLite keeps beside it get the mode 0600 if they have
// more, a new directory 0700.
//
// It fails with store.ErrFull, ErrReadOnly, ErrDamaged, ErrNewer, ErrPlace, or ErrBusy if
// another process keeps the file locked for seconds. The file of another program is rejected
// and not changed.
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	return open(ctx, path, opts, settled)
}

func open(ctx context.Context, path string, opts Options, settled time.Duration) (_ *Store, err error) {
	doing := "open store " + path
	defer func() { err = explain(ctx, path, doing, err) }()

	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	log := opts.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err := checkPlace(path); errors.Is(err, fs.ErrNotExist) && !opts.MustExist {
		if err := create(path); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	} else if err := checkWritable(path); err != nil {
		return nil, err
	}
	// SQLite's own default is fsync, which waits for the file's times as well.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, err
	}
	life, end := context.WithCancel(context.Background())
	s := &Store{
		at:    location{name: path, create: !opts.MustExist, log: log, progress: opts.Progress, settled: settled, noticed: make(chan struct{}, 1)},
		watch: watchers{stops: make(map[chan struct{}]func() bool)},
		life:  life,
		steps: usual,
	}
	f, err := s.attach(ctx, nil, busyWait)
	if err != nil {
		end()
		return nil, err
	}
	s.at.path.Store(&f.path)
	s.at.seen.Store(&f.seen)
	s.at.base.note(f.path)
	s.words.move(f.path)
	s.read = &statements{on: s.searchers(f.path)}
	s.watch.file = &statements{on: s.readers(f.path, 1)}
	s.writer = startWriter(f, s)
	var loops sync.WaitGroup
	loops.Go(func() { s.guard(life) })
	if opts.Index {
		x := s.startIndexer(log)
		loops.Go(func() { x.run(life) })
	}
	if err := s.endAbandoned(ctx); err != nil {
		log.Warn("end what was under way when its process ended", "error", err)
	}
	s.close = sync.OnceValue(func() error {
		end()
		loops.Wait()
		if n := s.kept.settle(func(event.ID) bool { return false }); n > 0 {
			log.Warn("deliveries that waited in memory, since their file was lost, were not sent", "deliveries", n)
		}
		s.owned.close()
		if s.present() != nil {
			s.leave(context.Background(), *s.at.seen.Load(), s.at.base.lost.Load(), &store.Loss{})
		}
		return errors.Join(s.watch.close(), s.words.close(), s.read.close(), s.writer.close())
	})
	return s, nil
}

// Close is documented at [store.Store].
func (s *Store) Close() error {
	return explain(context.Background(), s.file(), "close store "+s.file(), s.close())
}

// A soleConn is a connection and the pool that it is all of.
type soleConn struct {
	*sql.Conn
	pool *sql.DB
}

func (c soleConn) Close() error { return errors.Join(c.Conn.Close(), c.pool.Close()) }

// connect opens the connection that writes, and prepares the file.
func connect(ctx context.Context, path string, progress func(done, total int64)) (conn soleConn, err error) {
	conn.pool = pool(path, 1, writerPragmas)
	err = retryBusy(ctx, func() (err error) {
		conn.Conn, err = conn.pool.Conn(ctx)
		if err != nil {
			return err
		}
		if err := prepare(ctx, conn.Conn, progress); err != nil {
			conn.Conn.Close()
			return err
		}
		return nil
	})
	if err != nil {
		conn.pool.Close()
	}
	return conn, err
}

// prepare updates the file to the newest schema, and sets WAL mode, so that writers do not
// block readers. A file of another program is not changed.
func prepare(ctx context.Context, conn *sql.Conn, progress func(done, total int64)) error {
	version, err := identify(ctx, conn)
	if err != nil {
		return err
	}
	if version == 0 {
		if _, err := conn.ExecContext(ctx, prepareParts); err != nil {
			return err
		}
	}
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("%w: its file system has no shared memory, journal mode is %s", store.ErrReadOnly, mode)
	}
	if version == schemaVersion {
		return nil
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	if err := migrate(ctx, conn, progress); err != nil || version == 0 {
		return err
	}
	return rebuildSmall(ctx, conn)
}

// retryBusy repeats f while another process holds the lock that f wants, for up to
// busyWait. Its pauses are shorter than those of SQLite itself, which grow to 100
// ms: too long to catch the moment between two commits of a busy process.
func retryBusy(ctx context.Context, f func() error) error {
	const pause = time.Millisecond
	for start := time.Now(); ; {
		err := f()
		if !isBusy(err) || time.Since(start) > busyWait {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}
