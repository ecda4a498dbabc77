//go:build unix

package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/internal/waittest"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// A file that is copied over that of an open store, in place, is treated as one that has
// replaced it: nothing of the one before gets into it.
func TestOverwritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		copied string // which file
		synced bool   // the -wal was brought into the file before
	}{
		{"an older copy", "older", false},
		{"an older copy, after a checkpoint", "older", true},
		{"a foreign store", "foreign", false},
		{"a foreign store, after a checkpoint", "foreign", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			path, older, foreign := filepath.Join(root, "store", "events.db"), filepath.Join(root, "older"), filepath.Join(root, "foreign")
			fill(t, path, 20)
			copyFile(t, path, older)
			fill(t, path, 40)
			fill(t, foreign, 3)
			s, err := sqlite.OpenHasty(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			add := func() (event.ID, error) {
				e := newEvent("x")
				err := s.Append(t.Context(), e, store.AppendOptions{})
				return e.ID, err
			}
			for range 5 {
				if _, err := add(); err != nil {
					t.Fatal(err)
				}
			}
			if tt.synced {
				db := raw(t, path)
				run(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
			copyFile(t, filepath.Join(root, tt.copied), path)
			waittest.Until(t, "the return of the store", func() bool {
				loss := s.Loss()
				return loss != nil && !loss.Back.IsZero()
			})
			loss := s.Loss()
			want := map[string]int64{"older": 20, "foreign": 3}[tt.copied]
			if !strings.Contains(loss.What, "overwritten") || loss.Has != want || loss.Had != -1 {
				t.Errorf("%q, %+v; want that the file was overwritten, with %d events", loss.Text(), loss, want)
			}
			id, err := add()
			if err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			wantEvents(t, path, []event.ID{id})
			checkAll(t, root)
		})
	}
}
