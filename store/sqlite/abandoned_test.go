package sqlite_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// childSends records an event and a replay of it that is under way, prints the event's id,
// and waits until its input ends.
func childSends(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	e := &event.Event{Capture: event.Capture{Body: []byte("x")}}
	if err := s.Append(ctx, e, store.AppendOptions{}); err != nil {
		return err
	}
	if err := s.PutDelivery(ctx, &event.Delivery{Event: e.ID, Kind: event.Replay, State: event.Sending, Target: "one"}); err != nil {
		return err
	}
	fmt.Println(e.ID)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// A replay that is under way in another process is left alone until that is killed.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	child, stdin, lines := startChild(t, "send", path)
	defer stdin.Close()
	if !lines.Scan() {
		t.Fatal(lines.Err())
	}
	id := event.ID(lines.Text())
	want := func(state event.DeliveryState) {
		t.Helper()
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ds, err := s.Deliveries(t.Context(), id)
		if err != nil || len(ds) != 1 || ds[0].State != state {
			t.Errorf("%+v, %v; want %s", ds, err, state)
		}
	}
	want(event.Sending)
	want(event.Sending)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	want(event.Interrupted)
}
