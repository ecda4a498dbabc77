//go:build unix

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hfhook/store"
	"hfhook/store/sqlite"
)

func init() { children["modes"] = childModes }

// childModes makes a store under each umask, which is the process's, and prints the
// modes of what was made.
func childModes(dir string) error {
	ctx := context.Background()
	for _, mask := range []int{0, 0o022, 0o077, 0o277, 0o777} {
		old := syscall.Umask(mask)
		path := filepath.Join(dir, fmt.Sprint(mask), "events.db")
		s, err := sqlite.Open(ctx, path, sqlite.Options{})
		if err != nil {
			return err
		}
		if err := s.Append(ctx, newEvent("x"), store.AppendOptions{}); err != nil {
			return err
		}
		if _, err := s.Own(ctx, "t"); err != nil {
			return err
		}
		if err := printModes(filepath.Dir(path)); err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
		syscall.Umask(old)
	}
	return nil
}

func printModes(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".lock") {
			name = "lock"
		}
		fmt.Printf("%s %o\n", name, info.Mode().Perm())
		return nil
	})
}

// Whatever the umask, nobody but the user gets in, and the user does.
func TestUmask(t *testing.T) {
	t.Parallel()
	cmd, _, lines := startChild(t, "modes", t.TempDir())
	seen := make(map[string]int)
	for lines.Scan() {
		var name string
		var mode os.FileMode
		if _, err := fmt.Sscanf(lines.Text(), "%s %o", &name, &mode); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		want := os.FileMode(0o600)
		switch {
		case !strings.HasPrefix(name, "events.db") && name != "lock":
			name, want = "directory", 0o700
		case name == "lock":
			mode |= 0o600 // its owner's bits are of no account
		}
		if mode != want {
			t.Errorf("%s has the mode %o; want %o", name, mode, want)
		}
		seen[name]++
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"directory", "events.db", "events.db-wal", "events.db-shm", "lock"} {
		if seen[name] != 5 {
			t.Errorf("%d times %s; want 5", seen[name], name)
		}
	}
}

// Modes that let others in are taken away; a directory that was there is not hfhook's.
func TestTighten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "events.db")
	fill(t, path, 1)
	for _, name := range []string{"events.db", "events.db-wal", "events.db-shm"} {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Chmod(0o666); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if err := s.Append(t.Context(), newEvent("x"), store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{".": 0o755, "events.db": 0o600, "events.db-wal": 0o600, "events.db-shm": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o; want %o", name, got, want)
		}
	}
}

// Who comes by a link is in the same store as who does not.
func TestLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real", "events.db"), filepath.Join(dir, "link.db")
	fill(t, path, 1)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	a, b := open(t, path), open(t, link)
	if err := a.Append(t.Context(), newEvent("x"), store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	if stats, err := b.Stats(t.Context()); err != nil || stats.Events != 2 {
		t.Errorf("%d events, %v; want 2", stats.Events, err)
	}
	if _, err := a.Own(t.Context(), "t"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := b.Own(ctx, "t"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("owned twice: %v", err)
	}
}
