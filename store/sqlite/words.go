package sqlite

// The index of words: which events have a text in their body. It is a separate file beside the
// store, so that no capture waits for it, and it can be deleted at any time. It contains the
// events up to one key; later ones are searched without it.

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"hfhook/filter"
)

// wordsVersion is the version of the index's schema and terms. Writers rebuild an index of
// another version, readers do not use it.
const wordsVersion = 1

const wordsSchema = `
DROP TABLE IF EXISTS words;
DROP TABLE IF EXISTS progress;
CREATE VIRTUAL TABLE words USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize=ascii); -- rowid is events.seq
CREATE TABLE progress (
	store BLOB    NOT NULL, -- counters.store of the store that it is of
	upto  INTEGER NOT NULL  -- all events with a seq up to it are in the index, and none behind it
);
`

var (
	wordsWriterPragmas = []string{"busy_timeout(5000)", "synchronous(NORMAL)", "cache_size(-2048)", "temp_store(MEMORY)", "journal_size_limit(67108864)"}
	wordsReaderPragmas = []string{"busy_timeout(5000)", "cache_size(-1024)", "temp_store(MEMORY)", "query_only(1)"}
)

// words is the index for readers.
type words struct {
	swept atomic.Bool // false: it may have deleted events that could not be removed

	mu     sync.Mutex
	path   string
	read   *sql.DB     // nil until there is a file
	of     fs.FileInfo // the file that read is of
	closed bool
}

// open returns connections to the index, or nil if there is none.
func (w *words) open() (*sql.DB, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, fs.ErrClosed
	}
	now, err := os.Stat(w.path)
	if w.read != nil && (err != nil || !os.SameFile(now, w.of)) {
		w.read.Close() // an index that was deleted
		w.read = nil
	}
	if w.read == nil && err == nil {
		w.read, w.of = pool(w.path, 2, wordsReaderPragmas), now
		w.read.SetConnMaxIdleTime(idleReader)
	}
	return w.read, nil
}

// file is the path of the index.
func (w *words) file() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.path
}

// move uses the index of a store at another path.
func (w *words) move(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.path = path + ".words"
	w.swept.Store(false)
}

func (w *words) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.read == nil {
		return nil
	}
	return w.read.Close()
}

// match returns the query of the index that finds all events that may match a filter, and the
// predicate that it evaluates, which is about bodies only. The query is empty if the index does
// not help.
func match(parts filter.And) (question string, asked filter.And) {
	var all []string
	for _, x := range parts {
		if m, of := matchOne(x); m != "" {
			all, asked = append(all, m), append(asked, of)
		}
	}
	if len(all) == 0 {
		return "", nil
	}
	return `(` + strings.Join(all, ` AND `) + `) OR "` + termOfAll + `"`, asked
}

func matchOne(x filter.Expr) (question string, asked filter.Expr) {
	switch x := x.(type) {
	case filter.Word:
		if prefix, ok := term(x.Literal()); ok {
			return `"` + prefix + `"*`, x
		}
	case filter.And:
		var all []string
		var every filter.And
		for _, part := range x {
			if m, of := matchOne(part); m != "" {
				all, every = append(all, m), append(every, of)
			}
		}
		if len(all) > 0 {
			return "(" + strings.Join(all, " AND ") + ")", every
		}
	case filter.Or:
		var all []string
		var either filter.Or
		for _, part := range x {
			m, of := matchOne(part)
			if m == "" {
				return "", nil
			}
			all, either = append(all, m), append(either, of)
		}
		return "(" + strings.Join(all, " OR ") + ")", either
	}
	return "", nil
}

// A lookup is a query of the index, in one state of it.
type lookup struct {
	tx    *sql.Tx
	match string
	upto  int64
}

// lookup starts a query. It returns nil if the index cannot be used; its errors do not matter,
// because a search works without it.
func (s *Store) lookup(ctx context.Context, match string) (*lookup, error) {
	db, err := s.words.open()
	if db == nil || err != nil {
		return nil, err
	}
	var id []byte
	var newest int64
	if err := s.read.row(ctx, "SELECT store, newest FROM counters", nil, &id, &newest); err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, s.words.unusable(ctx, err)
	}
	l := &lookup{tx: tx, match: match}
	var version int
	var of []byte
	err = tx.QueryRowContext(ctx, "SELECT user_version, store, upto FROM pragma_user_version, progress").Scan(&version, &of, &l.upto)
	// An index that is newer than the store was made before the store was restored from a copy.
	if err == nil && version == wordsVersion && bytes.Equal(id, of) && l.upto > 0 && l.upto <= newest {
		return l, nil
	}
	l.close()
	return nil, s.words.unusable(ctx, err)
}

// unusable returns ctx's cause if ctx has ended.
func (w *words) unusable(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

func (l *lookup) close() { _ = l.tx.Rollback() }

// candidates returns the next n keys between two.
func (l *lookup) candidates(ctx context.Context, lo, hi int64, forth bool, n int) (keys []int64, err error) {
	order := "DESC"
	if forth {
		order = "ASC"
	}
	rows, err := l.tx.QueryContext(ctx, "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid "+order+" LIMIT ?",
		l.match, lo, hi, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// forget removes deleted events from the index. If that fails, it keeps keys without an event
// until it is swept.
func (s *Store) forget(ctx context.Context, gone []victim) (err error) {
	defer func() {
		if err != nil {
			s.words.swept.Store(false)
		}
	}()
	path := s.words.file()
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	db := pool(path, 1, wordsWriterPragmas)
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, v := range gone {
		if _, err := tx.ExecContext(ctx, "DELETE FROM words WHERE rowid = ?", v.seq); err != nil {
			return fmt.Errorf("take event %d out of the index of words: %w", v.seq, err)
		}
	}
	return tx.Commit()
}
