package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/store"
	"hfhook/store/sqlite"
)

// refused opens what cannot be opened, and wants the reason and the next step.
func refused(t *testing.T, path string, want error, step string) {
	t.Helper()
	for _, opts := range []sqlite.Options{{}, {MustExist: true}} {
		s, err := sqlite.Open(t.Context(), path, opts)
		if err == nil {
			s.Close()
			t.Errorf("Open(%q, %+v) succeeded", path, opts)
			continue
		}
		if want != nil && !errors.Is(err, want) || !strings.Contains(err.Error(), step) {
			t.Errorf("Open(%q, %+v): %v; want %v and %q", path, opts, err, want, step)
		}
	}
}

func TestNewerSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "events.db")
	fill(t, path, 3)
	db := raw(t, path)
	run(t, db, "PRAGMA user_version = 1000", "ALTER TABLE events ADD COLUMN later TEXT NOT NULL DEFAULT 'x'")
	db.Close()
	before := contents(t, path)
	refused(t, path, store.ErrNewer, "update hfhook")
	if contents(t, path) != before {
		t.Error("the file was changed")
	}
}

func TestForeignFile(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"tables":         {"CREATE TABLE events (id INTEGER)"},
		"application_id": {"PRAGMA application_id = 7"},
		"user_version":   {"PRAGMA user_version = 1"},
	} {
		path := filepath.Join(tempDir(t), name)
		db := raw(t, path)
		run(t, db, statements...)
		db.Close()
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		before := contents(t, path)
		refused(t, path, store.ErrPlace, "another program; choose another path")
		if contents(t, path) != before {
			t.Errorf("%s: the file was changed", name)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s: mode %v, %v; want it left alone", name, info.Mode(), err)
		}
	}
	path := filepath.Join(tempDir(t), "text")
	text := strings.Repeat("this is not a database\n", 1000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, store.ErrDamaged, "hfhook store salvage "+path)
	if contents(t, path) != text {
		t.Error("the text was changed")
	}
}

// Whatever is wrong with the file is ErrDamaged, at the latest when it is checked,
// and nothing panics.
func TestDamaged(t *testing.T) {
	t.Parallel()
	const pageSize = 4096
	path := filepath.Join(tempDir(t), "events.db")
	ids := fill(t, path, 60)
	whole := contents(t, path)
	pages := len(whole) / pageSize
	body := strings.Index(whole, "7"+strings.Repeat(".", 1000))

	type damage struct {
		name   string
		file   string
		unseen bool // by the check: each page is right by itself
	}
	tests := []damage{
		{name: "truncated in the middle", file: whole[:len(whole)/2]},
		{name: "truncated within a page", file: whole[:len(whole)/2+1000]},
		{name: "only the first page", file: whole[:pageSize]},
		{name: "only the header", file: whole[:100]},
		{name: "one byte of a body", file: whole[:body+500] + "!" + whole[body+501:]},
	}
	for i := range pages {
		zeros := strings.Repeat("\x00", pageSize)
		tests = append(tests, damage{name: fmt.Sprintf("page %d of %d zeroed", i+1, pages), file: whole[:i*pageSize] + zeros + whole[(i+1)*pageSize:]})
	}
	for i := range pages - 1 { // one that looks right, in the wrong place
		tests = append(tests, damage{name: fmt.Sprintf("page %d of %d twice", i+1, pages), file: whole[:(i+1)*pageSize] + whole[i*pageSize:(i+1)*pageSize] + whole[(i+2)*pageSize:], unseen: true})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(tempDir(t), "events.db")
			if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
			if err != nil {
				if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "hfhook store salvage "+path) {
					t.Errorf("Open: %v; want ErrDamaged and what to do", err)
				}
				return
			}
			defer s.Close()
			if err := s.Check(t.Context()); !errors.Is(err, store.ErrDamaged) && !(tt.unseen && err == nil) {
				t.Errorf("Check: %v; want ErrDamaged", err)
			}
			fine := func(what string, err error) {
				t.Helper()
				if err != nil && !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%s: %v; want no other error than ErrDamaged", what, err)
				}
			}
			for _, id := range ids {
				_, err := s.Event(t.Context(), id)
				fine("Event", err)
			}
			_, err = s.List(t.Context(), store.Query{Limit: 100})
			fine("List", err)
			_, err = s.Stats(t.Context())
			fine("Stats", err)
			_, err = s.Waiting(t.Context(), "t", "", 10)
			fine("Waiting", err)
			fine("Append", s.Append(t.Context(), newEvent("x"), store.AppendOptions{}))
		})
	}
}

// What stands where the file or its directory should be is told as it is.
func TestBadPlaces(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, store.ErrPlace, "it is a directory; choose another path")
	refused(t, filepath.Join(file, "events.db"), store.ErrReadOnly, "or choose another path")
	refused(t, filepath.Join(dir, "a\x00b"), nil, "a\x00b")
}
