package dev_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{"event":{}}`, "no JSON at all\x00", ""} {
		made, err := s.Edit(t.Context(), e.ID, event.Edit{Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		got, err := events.Event(t.Context(), made.ID)
		if err != nil || string(got.Body) != body || got.Parent != e.ID || got.Origin != event.FromEdit {
			t.Errorf("recorded %+v, %v", got, err)
		}
	}
	if got, err := events.Event(t.Context(), e.ID); err != nil || string(got.Body) != string(e.Body) {
		t.Errorf("the original is %q, %v", got.Body, err)
	}
	if _, err := s.Edit(t.Context(), "01JD4X7M9C0000000000000000", event.Edit{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of an event that is not there: %v", err)
	}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.URL.Path + " " + string(body)
	}))
	t.Cleanup(handler.Close)
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Path: "/webhooks/ci", Targets: []delivery.Target{target(t, handler.URL)}})
	e, err := s.Compose(t.Context(), []byte("no payload"))
	if err != nil {
		t.Fatal(err)
	}
	if sent := <-got; sent != "/webhooks/ci no payload" {
		t.Errorf("the target got %q", sent)
	}
	if stored, err := events.Event(t.Context(), e.ID); err != nil || stored.Origin != event.Synthetic {
		t.Errorf("recorded %+v, %v", stored, err)
	}
}

func TestFixture(t *testing.T) {
	t.Parallel()
	handler := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a fixture was sent") }))
	t.Cleanup(handler.Close)
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, handler.URL)}})
	first, err := s.Fixture(t.Context(), "", []byte(`{"a":1}`), "first")
	if err != nil || first.Origin != event.Synthetic {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := s.Fixture(t.Context(), first.ID, []byte(`{"a":2}`), "second")
	if err != nil || second.Parent != first.ID {
		t.Fatalf("%+v, %v", second, err)
	}
	for name, want := range map[string]event.ID{"first": first.ID, "second": second.ID} {
		if id, err := events.Resolve(t.Context(), name); err != nil || id != want {
			t.Errorf("%s is %s, %v", name, id, err)
		}
	}
	if _, err := s.Fixture(t.Context(), "", nil, "first"); !errors.Is(err, store.ErrPinTaken) {
		t.Errorf("a name that is taken: %v", err)
	}
	if _, err := s.Fixture(t.Context(), "", nil, "no name"); !errors.Is(err, store.ErrPinName) {
		t.Errorf("what cannot be a name: %v", err)
	}
	if stats, err := events.Stats(t.Context()); err != nil || stats.Events != 2 || stats.Waiting != 0 {
		t.Errorf("recorded %+v, %v", stats, err)
	}
}
