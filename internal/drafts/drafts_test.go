package drafts

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func begin(t *testing.T, d Dir, text string) *Draft {
	t.Helper()
	e, err := d.New("01J.json", []byte("given"), About{Event: "01JD4X7M9C8Q2R5T7V9WABCDEF", JSON: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Save([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return e
}

func left(t *testing.T, d Dir) []Left {
	t.Helper()
	all, err := d.Left()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// crash lets go of a text as the end of a process does.
func crash(t *testing.T, e *Draft) {
	t.Helper()
	if err := e.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	d := Dir(filepath.Join(t.TempDir(), "edits"))
	if all := left(t, d); len(all) != 0 {
		t.Errorf("there is %+v before anything was edited", all)
	}
	e := begin(t, d, "changed")
	if all := left(t, d); len(all) != 0 {
		t.Errorf("what is being edited is offered: %+v", all)
	}
	crash(t, e)
	unchanged := begin(t, d, "given")
	crash(t, unchanged)
	all := left(t, d)
	if len(all) != 1 || all[0].Event != e.About.Event || all[0].PID != os.Getpid() || !all[0].JSON || all[0].Aside || all[0].Saved.IsZero() {
		t.Fatalf("left is %+v", all)
	}
	if _, err := os.Stat(unchanged.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was never changed is still there: %v", err)
	}
	again, err := all[0].Take()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Text(); err != nil || string(text) != "changed" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := all[0].Take(); !errors.Is(err, ErrInUse) {
		t.Errorf("taken twice: %v", err)
	}
	if err := again.Remove(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(string(d)); err != nil || len(entries) != 0 {
		t.Errorf("%v, %v are left", entries, err)
	}
}

// What a process has left goes after a week; what was put aside stays.
func TestLifetime(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	old := time.Now().Add(-Lifetime - time.Hour)
	for _, aside := range []bool{true, false} {
		e := begin(t, d, "changed")
		if aside {
			l, err := e.PutAside()
			if err != nil || l.Path() != e.Path() {
				t.Fatalf("put aside in %s, %v", l.Path(), err)
			}
		} else {
			crash(t, e)
		}
		if err := os.Chtimes(e.Path(), old, old); err != nil {
			t.Fatal(err)
		}
	}
	all := left(t, d)
	if len(all) != 1 || !all[0].Aside {
		t.Errorf("left is %+v", all)
	}
	if entries, _ := os.ReadDir(string(d)); len(entries) != 2 { // the text and its lock
		t.Errorf("%v are left", entries)
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	e := begin(t, d, "changed")
	if !e.Changed() {
		t.Error("it is not changed")
	}
	if err := e.Save([]byte("given")); err != nil || e.Changed() {
		t.Errorf("it is changed, %v", err)
	}
	if err := os.Remove(e.Path()); err != nil || e.Changed() {
		t.Errorf("an editor that leaves no file has changed it, %v", err)
	}
}

// Only the user can read what is edited, and nothing of it stays beside.
func TestModes(t *testing.T) {
	t.Parallel()
	d := Dir(filepath.Join(t.TempDir(), "edits"))
	begin(t, d, "changed")
	err := filepath.WalkDir(string(d), func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		if filepath.Base(path) == ".part" {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Half of an edit, as of a process that ended while it was made, is cleared away.
func TestHalf(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	if err := os.Mkdir(filepath.Join(string(d), "1-AAAA"), 0o700); err != nil {
		t.Fatal(err)
	}
	if all := left(t, d); len(all) != 0 {
		t.Errorf("left is %+v", all)
	}
	if entries, _ := os.ReadDir(string(d)); len(entries) != 0 {
		t.Errorf("%v are left", entries)
	}
}
