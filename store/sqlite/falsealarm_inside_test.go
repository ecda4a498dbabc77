package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/internal/waittest"
	"hfhook/store"
)

// A store that takes its file for an overwritten one, which it is not, goes on with it, also
// while another has it open and records without a pause.
func TestFalseAlarm(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	var both [2]*Store
	for i := range both {
		s, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		both[i] = s
	}
	record := func(s *Store) error {
		return s.Append(context.Background(), &event.Event{Capture: event.Capture{Body: []byte("{}"), Path: "/webhooks", Origin: event.FromHub}}, store.AppendOptions{})
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() {
		for ctx.Err() == nil {
			if err := record(both[1]); err != nil {
				t.Errorf("the other: %v", err)
				return
			}
		}
	})
	s := both[0]
	if err := record(s); err != nil {
		t.Fatal(err)
	}
	s.at.base.lost.Store(true)
	if err := s.lose(fmt.Errorf("%w: a false alarm", store.ErrGone)); !errors.Is(err, store.ErrGone) {
		t.Fatal(err)
	}
	waittest.Until(t, "the recording after a false alarm", func() bool { return record(s) == nil })
	if loss := s.Loss(); loss != nil {
		t.Errorf("a loss is told: %+v", loss)
	}
}
