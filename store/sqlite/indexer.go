package sqlite

// Updates the index of words.

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"time"
)

// The pace of the indexer.
const (
	indexBehind = 2048        // events that are searched without the index before they are indexed
	indexBatch  = 256         // events that are indexed at once
	indexBytes  = 4 << 20     // of their bodies, roughly
	indexBody   = 1 << 20     // size of the largest body that is indexed
	indexStep   = 16          // events between two pauses
	indexEvery  = time.Second // shortest time between two looks for new events
)

// The indexer waits while events arrive, since it needs as much processor time as they do.
// Events that are not indexed yet are searched without the index.
const (
	quiet     = 100 * time.Millisecond // without a commit: no events arrive
	indexWait = 30 * time.Second       // longest wait; then it indexes slowly while events arrive
)

// An indexer is the goroutine that adds events to the index of words. Several processes may
// have one: each batch begins where the last one of any of them ended.
type indexer struct {
	store  *Store
	log    *slog.Logger
	behind int64 // events that it leaves unindexed
	eager  bool  // without pauses
	late   bool  // has waited for indexWait, and does not wait again before everything is indexed
	db     *sql.DB
	of     fs.FileInfo // the file that db is of
}

func (s *Store) startIndexer(log *slog.Logger) *indexer {
	return &indexer{store: s, log: log, behind: indexBehind}
}

// run indexes until ctx ends.
func (x *indexer) run(ctx context.Context) {
	defer func() {
		if x.db != nil {
			x.db.Close()
		}
	}()
	changed := x.store.Watch(ctx)
	for {
		for more := true; more; {
			var err error
			x.await(ctx)
			if more, err = x.batch(ctx); err != nil {
				if ctx.Err() == nil {
					x.log.Warn("index of words", "error", err, "file", x.store.words.file())
				}
				break
			}
			x.late = x.late && more
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(indexEvery):
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// await waits until no events arrive, but not longer than indexWait.
func (x *indexer) await(ctx context.Context) {
	for begin := time.Now(); x.busy() && ctx.Err() == nil; x.late = time.Since(begin) > indexWait {
		select {
		case <-ctx.Done():
		case <-time.After(quiet):
		}
	}
}

// busy reports whether events arrive that the indexer has to wait for.
func (x *indexer) busy() bool {
	return !x.eager && !x.late && x.store.writer.idle() < quiet
}

// batch indexes the next events, and reports whether there are more.
func (x *indexer) batch(ctx context.Context) (more bool, err error) {
	now, none := os.Stat(x.store.words.file())
	if x.db != nil && (none != nil || !os.SameFile(now, x.of)) {
		x.db.Close() // an index that was deleted
		x.db = nil
	}
	if x.db == nil {
		n, err := x.left(ctx, 0)
		if err != nil {
			return false, err
		}
		if none != nil && n <= x.behind {
			return false, nil
		}
		if err := x.open(); err != nil {
			return false, err
		}
	}
	if err := x.sweep(ctx); err != nil {
		return false, err
	}
	conn, err := x.db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // which after COMMIT does nothing
	upto, err := x.begin(ctx, conn)
	if err != nil {
		return false, err
	}
	left, err := x.left(ctx, upto)
	if err != nil || left <= x.behind {
		return false, err
	}
	next, err := x.add(ctx, conn, upto, left-x.behind)
	if err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, "UPDATE progress SET upto = ?", next); err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return false, err
	}
	return next > upto, nil
}

// open opens the file, and creates it if there is none.
func (x *indexer) open() error {
	path := x.store.words.file()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	tighten(path, x.log)
	db := pool(path, 1, wordsWriterPragmas)
	var mode string
	err := db.QueryRow("PRAGMA journal_mode = WAL").Scan(&mode)
	if err == nil {
		x.of, err = os.Stat(path)
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	x.db = db
	return nil
}

// begin returns how far the index is. An index of another store or version is rebuilt.
func (x *indexer) begin(ctx context.Context, conn *sql.Conn) (upto int64, err error) {
	var id, of []byte
	var newest int64
	if err := x.store.read.row(ctx, "SELECT store, newest FROM counters", nil, &id, &newest); err != nil {
		return 0, err
	}
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if version == wordsVersion {
		err := conn.QueryRowContext(ctx, "SELECT store, upto FROM progress").Scan(&of, &upto)
		if err != nil {
			return 0, err
		}
		if bytes.Equal(id, of) && upto <= newest {
			return upto, nil
		}
	}
	if _, err := conn.ExecContext(ctx, wordsSchema); err != nil {
		return 0, err
	}
	if _, err := conn.ExecContext(ctx, "INSERT INTO progress VALUES (?, 0)", id); err != nil {
		return 0, err
	}
	_, err = conn.ExecContext(ctx, "PRAGMA user_version = 1") // wordsVersion
	return 0, err
}

// left counts the events after a key, up to one batch more than stay unindexed.
func (x *indexer) left(ctx context.Context, upto int64) (n int64, err error) {
	err = x.store.read.row(ctx, "SELECT count(*) FROM (SELECT 1 FROM events WHERE seq > ? LIMIT ?)", []any{upto, x.behind + indexBatch}, &n)
	return n, err
}

// add indexes up to n events after a key, and returns the key of the last one.
func (x *indexer) add(ctx context.Context, conn *sql.Conn, upto, n int64) (int64, error) {
	insert, err := conn.PrepareContext(ctx, "INSERT INTO words (rowid, terms) VALUES (?, ?)")
	if err != nil {
		return upto, err
	}
	defer insert.Close()
	seqs, bodies, err := x.read(ctx, upto, n)
	if err != nil {
		return upto, err
	}
	var buf []byte
	seen := map[string]bool{}
	began := time.Now()
	for i, seq := range seqs {
		if buf = append(buf[:0], termOfAll...); bodies[i] != nil {
			buf = terms(buf[:0], bodies[i], seen)
		}
		if _, err := insert.ExecContext(ctx, seq, buf); err != nil {
			return upto, err
		}
		upto = seq
		if x.eager || i%indexStep != indexStep-1 {
			continue
		}
		if x.busy() {
			return upto, nil
		}
		pause := time.Since(began) / 8
		if x.late {
			pause = 4 * time.Since(began) // others get most of the time
		}
		select {
		case <-ctx.Done():
			return upto, context.Cause(ctx)
		case <-time.After(pause):
		}
		began = time.Now()
	}
	return upto, nil
}

// read returns the bodies of the next n events after a key, nil for one that is too large to
// index. They are read at once: a long read prevents reuse of the store's WAL.
func (x *indexer) read(ctx context.Context, upto, n int64) (seqs []int64, bodies [][]byte, err error) {
	var seq int64
	var body []byte
	size := 0
	err = x.store.read.each(ctx, "SELECT seq, iif(length(body) > ?, NULL, body) FROM bodies WHERE seq > ? ORDER BY seq LIMIT ?", []any{indexBody, upto, n}, []any{&seq, &body}, func() error {
		seqs, bodies = append(seqs, seq), append(bodies, body)
		if size += len(body); size > indexBytes {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return seqs, bodies, err
}
