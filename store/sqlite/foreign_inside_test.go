package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/store"
)

// The columns of counters that are read from a -wal are where they are expected.
func TestStampColumns(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	var names []string
	var name string
	err := s.read.each(t.Context(), "SELECT name FROM pragma_table_info('counters') ORDER BY cid", nil, []any{&name}, func() error {
		names = append(names, name)
		return nil
	})
	if err != nil || len(names) <= inodeColumn || names[stampColumn] != "stamp" || names[inodeColumn] != "inode" {
		t.Errorf("counters has the columns %q, %v", names, err)
	}
}

// A -wal is taken for what it is, whatever file it lies beside.
func TestForeignWAL(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	copyFile := func(from, to string) {
		t.Helper()
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	appendTo := func(s *Store, n int) {
		t.Helper()
		for i := range n {
			e := &event.Event{Capture: event.Capture{Body: fmt.Appendf(nil, "%d%s", i, strings.Repeat(".", 3000))}}
			if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	openAt := func(name string) *Store {
		t.Helper()
		s, err := Open(t.Context(), at(name), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	checkpoint := func(s *Store) {
		t.Helper()
		if _, err := s.writer.on.exec(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
	}

	// What a process leaves that is killed, in several states. Files that are open are
	// copied as they are: SQLite's locks are those of the process.
	fresh := openAt("fresh")
	appendTo(fresh, 3)
	copyFile(at("fresh"), at("young"))
	copyFile(at("fresh-wal"), at("young-wal"))
	fresh.Close()

	s := openAt("events")
	appendTo(s, 50)
	checkpoint(s)
	copyFile(at("events"), at("older"))
	appendTo(s, 50)
	checkpoint(s)
	copyFile(at("events"), at("base"))
	appendTo(s, 5)
	copyFile(at("events-wal"), at("wal"))
	appendTo(s, 5)
	if _, err := s.writer.on.exec(t.Context(), "VACUUM INTO '"+at("packed")+"'"); err != nil {
		t.Fatal(err)
	}
	copyFile(at("events-wal"), at("all-wal"))
	checkpoint(s)
	copyFile(at("events"), at("after"))
	appendTo(s, 20)
	checkpoint(s)
	copyFile(at("events"), at("newer"))
	s.Close()
	other := openAt("other")
	appendTo(other, 10)
	other.Close()
	if err := os.WriteFile(at("empty"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	for _, tt := range []struct {
		file, wal string
		foreign   bool
	}{
		{"young", "young-wal", false},
		{"empty", "young-wal", false}, // all of the file is in it
		{"empty", "wal", true},
		{"base", "wal", false},
		{"base", "all-wal", false},
		{"after", "all-wal", false},
		{"after", "wal", true}, // its commits are older than the file
		{"packed", "all-wal", true},
		{"older", "wal", true},
		{"newer", "wal", true},
		{"other", "wal", true},
		{"older", "young-wal", true},
	} {
		t.Run(tt.wal+" beside "+tt.file, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "events.db")
			copyFile(at(tt.file), path)
			copyFile(at(tt.wal), path+"-wal")
			now, err := lookAt(path, path)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := foreignWAL(t.Context(), path, now); got != tt.foreign || err != nil {
				t.Errorf("foreign is %v, %v; want %v", got, err, tt.foreign)
			}
			s, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			aside, err := filepath.Glob(path + "-wal.other-*")
			if err != nil || (len(aside) == 1) != tt.foreign {
				t.Errorf("moved aside: %q, %v", aside, err)
			}
			for _, name := range aside {
				if same(t, name, at(tt.wal)) {
					continue
				}
				t.Errorf("%s is not what it was", name)
			}
		})
	}
}

func same(t *testing.T, a, b string) bool {
	t.Helper()
	x, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(x) == string(y)
}
