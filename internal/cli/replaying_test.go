package cli

import (
	"path/filepath"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// TestEditedTime: an event that is sent edited keeps its place in the pace of the
// recording, and is as young as it is once it is recorded.
func TestEditedTime(t *testing.T) {
	t.Parallel()
	events, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = events.Close() })
	before := time.Now()
	original := &event.Event{Capture: event.Capture{Method: "POST", Path: "/webhooks", Body: []byte(`{"a":1}`), Received: before.Add(-time.Hour)}}
	if err := events.Append(t.Context(), original, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	recipe, err := (&edits{set: []string{".a=2"}}).read(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &replaying{events: events, recipe: recipe}
	e, _, err := r.load(t.Context(), original.ID)
	if err != nil || !e.Received.Equal(original.Received) || e.ID != "" || e.Parent != original.ID {
		t.Fatalf("%+v, %v", e, err)
	}
	if err := r.record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	recorded, err := events.Event(t.Context(), e.ID)
	if err != nil || recorded.Received.Before(before) || string(recorded.Body) != `{"a":2}` {
		t.Errorf("%+v, %v", recorded, err)
	}
}
