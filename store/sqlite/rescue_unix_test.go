//go:build unix

package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hfhook/event"
	"hfhook/internal/waittest"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// TestRescue takes the file away while deliveries wait: those of a target that this process
// owns are still there to be sent, also before there is another file, and only those that
// were acknowledged.
func TestRescue(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store", "events.db")
	s, err := sqlite.OpenHasty(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Own(t.Context(), "mine"); err != nil {
		t.Fatal(err)
	}
	forwards := store.AppendOptions{Targets: []store.Forward{{Target: "mine", URL: "u"}, {Target: "other", URL: "u"}}}
	var ids []event.ID
	for _, body := range []string{"one", "two"} {
		e := newEvent(body)
		if err := s.Append(t.Context(), e, forwards); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	if err := os.Rename(filepath.Dir(path), filepath.Dir(path)+"2"); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), newEvent("refused"), forwards); !errors.Is(err, store.ErrGone) {
		t.Fatalf("Append: %v; want ErrGone", err)
	}
	waits := func(target string) (waiting []event.ID) {
		t.Helper()
		rows, err := s.Waiting(t.Context(), target, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range rows {
			waiting = append(waiting, d.Event)
		}
		return waiting
	}
	waittest.Until(t, "the loss", func() bool { return s.Loss() != nil })
	if got := waits("mine"); !slices.Equal(got, ids) {
		t.Errorf("%v wait; want %v", got, ids)
	}
	done := func(id event.ID, n int) {
		t.Helper()
		if e, err := s.Event(t.Context(), id); err != nil || len(e.Body) != 3 {
			t.Errorf("Event(%s) = %+v, %v", id, e, err)
		}
		d := event.Delivery{Event: id, N: n, Kind: event.Live, State: event.Done, Target: "mine", Status: 200}
		if err := s.PutDelivery(t.Context(), &d); err != nil {
			t.Error(err)
		}
	}
	done(ids[0], 1)
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	waittest.Until(t, "the return", func() bool { return !s.Loss().Back.IsZero() })
	if loss := s.Loss(); loss.Had != 2 || loss.Kept != 1 || !loss.New {
		t.Errorf("Loss = %+v; want 2 events, of which one waits, and a new file", loss)
	}
	if got := waits("mine"); !slices.Equal(got, ids[1:]) {
		t.Errorf("%v wait; want %v", got, ids[1:])
	}
	if got := waits("other"); got != nil {
		t.Errorf("for the other target %v wait", got)
	}
	done(ids[1], 1)
	if got := waits("mine"); got != nil {
		t.Errorf("%v wait after both were sent", got)
	}
	if _, err := s.Event(t.Context(), ids[1]); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the event that was sent: %v; want ErrNotFound", err)
	}
	// The target is still this process's, by a lock beside the new file.
	other, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	waittest.Until(t, "the renewal of the lock", func() bool {
		names, _ := filepath.Glob(path + ".*.lock")
		return len(names) > 0
	})
	if _, err := other.Own(ctx, "mine"); !errors.Is(err, context.Canceled) {
		t.Errorf("owned twice: %v", err)
	}
}
