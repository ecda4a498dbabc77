package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"hfhook/event"
	"hfhook/store"
)

// A store that cannot be written is read whole, and nothing is left beside it.
func TestUnwritable(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx := t.Context()
	dir := t.TempDir()
	path := filepath.Join(dir, "events.db")
	writing, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []event.ID
	for range 3 {
		e := &event.Event{Capture: event.Capture{Body: []byte("x")}}
		if err := writing.Append(ctx, e, store.AppendOptions{Targets: []store.Forward{{Target: "a", URL: "http://a/"}}}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	// What a process that was killed leaves: a -wal with all events, and no -shm.
	killed := filepath.Join(t.TempDir(), "killed.db")
	for _, suffix := range suffixes[:2] {
		if err := copyFile(path+suffix, killed+suffix); err != nil {
			t.Fatal(err)
		}
	}
	read := func(what, path string) {
		t.Helper()
		before, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		s, err := openUnwritable(ctx, path, Options{MustExist: true})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		page, err := s.List(ctx, store.Query{})
		if err != nil || len(page.Rows) != len(ids) || page.Rows[0].ID != ids[2] {
			t.Errorf("%s: %d rows, %v; want %d", what, len(page.Rows), err, len(ids))
		}
		if err := s.Check(ctx); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if stats, err := s.Stats(ctx); err != nil || stats.Events != 3 || stats.Location != path {
			t.Errorf("%s: %+v, %v", what, stats, err)
		}
		if err := s.Pin(ctx, ids[0], "name"); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: a write gives %v; want ErrReadOnly", what, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: close: %v", what, err)
		}
		after, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(after) != len(before) {
			t.Errorf("%s: %d files, %v; there were %d", what, len(after), err, len(before))
		}
	}
	read("beside a process that writes", path)
	read("after a process that was killed", killed)
	if err := writing.Close(); err != nil {
		t.Fatal(err)
	}
	read("closed", path)
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("copies are left: %v, %v", left, err)
	}
}
