package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// disk mounts a small disk for a test. If that is not allowed the test is
// skipped: TestFullFile tests the same with a file that may not grow, everywhere.
func disk(t *testing.T, size string) (dir string) {
	t.Helper()
	dir = tempDir(t)
	if err := syscall.Mount("hfhook", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("mount a tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// ballast takes all the space that is left, except for keep bytes.
func ballast(t *testing.T, dir string, keep int64) (path string) {
	t.Helper()
	path = filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var size int64
	for block := make([]byte, 4096); ; {
		n, err := f.Write(block)
		size += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(max(size-keep, 0)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := disk(t, "8m")
	path := filepath.Join(dir, "events.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	full := ballast(t, dir, 1<<20)

	var ids []event.ID
	for err == nil {
		e := newEvent(fmt.Sprint(len(ids)) + strings.Repeat("x", 10_000))
		if err = s.Append(t.Context(), e, store.AppendOptions{}); err == nil {
			ids = append(ids, e.ID)
		} else if e.ID != "" {
			t.Errorf("an event that was not recorded has the id %s", e.ID)
		}
	}
	wantFull := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, store.ErrFull) || !strings.HasSuffix(err.Error(), "free some space on the disk of "+path) {
			t.Errorf("%s: %v; want ErrFull and what to do", what, err)
		}
	}
	wantFull("Append", err)
	if len(ids) == 0 {
		t.Fatal("nothing was recorded before the disk was full")
	}
	wantFull("a delivery", s.PutDelivery(t.Context(), &event.Delivery{Event: ids[0], ResponseBody: make([]byte, 100_000)}))

	// Reading works meanwhile.
	readAll := func() {
		t.Helper()
		for _, id := range ids {
			if _, err := s.Event(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
		page, err := s.List(t.Context(), store.Query{Limit: 1000})
		if err != nil || len(page.Rows) != len(ids) {
			t.Errorf("%d rows, %v; want %d", len(page.Rows), err, len(ids))
		}
		if stats, err := s.Stats(t.Context()); err != nil || stats.Events != int64(len(ids)) {
			t.Errorf("Stats = %+v, %v; want %d events", stats, err, len(ids))
		}
	}
	readAll()

	// As soon as there is room it goes on.
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		e := newEvent(strings.Repeat("y", 10_000))
		if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	readAll()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// A full disk is told when the store is opened, and harms nothing.
func TestOpenOnFullDisk(t *testing.T) {
	t.Parallel()
	dir := disk(t, "2m")
	path := filepath.Join(dir, "events.db")
	ids := fill(t, path, 10)
	full := ballast(t, dir, 0)
	for _, path := range []string{path, filepath.Join(dir, "new.db")} {
		refused(t, path, store.ErrFull, "free some space on the disk of "+path)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	for _, id := range ids {
		if _, err := s.Event(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	open(t, filepath.Join(dir, "new.db"))
}

func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	dir := disk(t, "2m")
	path := filepath.Join(dir, "events.db")
	fill(t, path, 10)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, filepath.Join(dir, "new.db"), filepath.Join(dir, "new", "events.db")} {
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err == nil {
			err = s.Append(t.Context(), newEvent("x"), store.AppendOptions{})
			s.Close()
		}
		if !errors.Is(err, store.ErrReadOnly) || !strings.Contains(err.Error(), "make "+path) {
			t.Errorf("%s: %v; want ErrReadOnly and what to do", path, err)
		}
	}
}

// Nobody makes files in /sys, not even root.
func TestForbiddenDirectory(t *testing.T) {
	t.Parallel()
	path := "/sys/hfhook-test.db"
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if !errors.Is(err, store.ErrReadOnly) || !strings.HasSuffix(err.Error(), "make "+path+" and its directory writable, or choose another path") {
		t.Errorf("Open = %v, %v; want ErrReadOnly and what to do", s, err)
	}
}

// BenchmarkFdatasync is what the disk takes for the smallest durable write, to hold
// BenchmarkAppend against.
func BenchmarkFdatasync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	for b.Loop() {
		if _, err := f.Write(block); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
}
