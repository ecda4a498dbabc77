package sqlite_test

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
	"hfhook/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB) func() store.Store {
		path := filepath.Join(t.TempDir(), "events.db")
		return func() store.Store {
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

// open opens the store at path until the test ends.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// tempDir is a directory of the test, under the name that errors give it.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// raw is a connection of another program to the file.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// newEvent returns an event with this body and no delivery id.
func newEvent(body string) *event.Event {
	return &event.Event{Capture: event.Capture{Received: time.Now(), Path: "/webhooks", Body: []byte(body), SHA256: sha256.Sum256([]byte(body)), Origin: event.FromHub}}
}

// fill makes a store with n events of 1 kB and closes it.
func fill(t testing.TB, path string, n int) []event.ID {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []event.ID
	for i := range n {
		e := newEvent(fmt.Sprint(i) + strings.Repeat(".", 1000))
		if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// contents reads a file that no store of this process has open.
func contents(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMustExist(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "events.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{MustExist: true})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("Open = %v, %v; want fs.ErrNotExist", s, err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
	ids := fill(t, path, 1)
	s, err = sqlite.Open(t.Context(), path, sqlite.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Event(t.Context(), ids[0]); err != nil {
		t.Error(err)
	}
}

// A path is any text.
func TestPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "100%.db", "%41.db", "a?mode=memory.db", "a#b&c=d.db", "file:x.db", ":memory:", "\u202eé.db", "-"} {
		path := filepath.Join(dir, name)
		ids := fill(t, path, 1)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := open(t, path).Event(t.Context(), ids[0]); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Closing leaves one file, with everything in it.
func TestCloseLeavesOneFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fill(t, filepath.Join(dir, "events.db"), 3)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != "events.db" {
			t.Errorf("left behind: %s", entry.Name())
		}
	}
}

// The WAL is used again and again, however much is written.
func TestWALIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	s := open(t, path)
	const each = 256 << 10
	largest := int64(0)
	for range 100 {
		if err := s.Append(t.Context(), newEvent(strings.Repeat("x", each)), store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path + "-wal"); err == nil {
			largest = max(largest, info.Size())
		}
	}
	if largest == 0 || largest > 6<<20 {
		t.Errorf("the WAL had %d bytes after %d; want some, under 6 MiB", largest, 100*each)
	}
}

// The layout is what the package comment says, for a client that knows no more.
func TestPlainLayout(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	s := open(t, path)
	e := newEvent("the body")
	e.Header = []event.Field{{Name: "A", Value: "b"}, {Name: "C", Value: "d"}}
	e.Received = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	db := raw(t, path)
	var at, scope, action, subject, body, header string
	err := db.QueryRowContext(t.Context(), `
		SELECT datetime(received / 1e9, 'unixepoch') AS at, n.name AS scope, n.action, subject, CAST(body AS TEXT), CAST(header AS TEXT)
		FROM events e JOIN names n ON n.id = e.what JOIN bodies USING (seq)
		ORDER BY seq DESC LIMIT 50`).Scan(&at, &scope, &action, &subject, &body, &header)
	if err != nil {
		t.Fatal(err)
	}
	if at != "2026-11-23 12:00:00" || body != "the body" || header != "A: b\nC: d\n" {
		t.Errorf("at %q, body %q, header %q", at, body, header)
	}
	for _, pragma := range []struct {
		name, want string
	}{{"application_id", "1751541867"}, {"journal_mode", "wal"}, {"encoding", "UTF-8"}} {
		var got string
		if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma.name).Scan(&got); err != nil || got != pragma.want {
			t.Errorf("%s = %s, %v; want %s", pragma.name, got, err, pragma.want)
		}
	}
}
