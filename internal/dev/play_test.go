package dev_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/store"
)

// The steps come in order, with the time between them at the speed, and a step that is
// sent again is the same delivery.
func TestPlay(t *testing.T) {
	t.Parallel()
	secret, err := server.ParseSecret("hush")
	if err != nil {
		t.Fatal(err)
	}
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Secrets: []server.Secret{secret}})
	steps, err := sample.NewScenario("retries", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var took, whole time.Duration
	for _, step := range steps {
		whole += step.After
	}
	var ids []event.ID
	start := time.Now()
	err = s.Play(t.Context(), steps, 100, func(p dev.Played) {
		if p.N != len(ids)+1 || p.Of != len(steps) || p.Step.Kind != steps[p.N-1].Kind {
			t.Errorf("step %d of %d: %s", p.N, p.Of, p.Step.Kind)
		}
		ids = append(ids, p.Event)
		took = time.Since(start)
	})
	if err != nil || len(ids) != len(steps) {
		t.Fatalf("%d events of %d, and %v", len(ids), len(steps), err)
	}
	if took < whole/100 {
		t.Errorf("it took %v, which is less than the hundredth part of %v", took, whole)
	}
	page, err := events.List(t.Context(), store.Query{Limit: 10})
	if err != nil || len(page.Rows) != len(ids) {
		t.Fatalf("%d events on record, and %v", len(page.Rows), err)
	}
	for i, want := range []event.ID{"", ids[0], ids[0], ""} {
		e, err := events.Event(t.Context(), ids[i])
		if err != nil || e.Duplicate != want || string(e.Body) != string(steps[i].Body) || e.Origin != event.Synthetic {
			t.Errorf("step %d: duplicate of %q, want %q; %v", i+1, e.Duplicate, want, err)
		}
	}
}

// What can't be recorded ends it, and so does the context.
func TestPlayEnds(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	played := 0
	count := func(dev.Played) { played++ }
	steps := []sample.Step{{Body: body(t)}, {Body: []byte(`{}`)}, {Body: body(t)}}
	if err := s.Play(t.Context(), steps, 0, count); err == nil || played != 1 {
		t.Errorf("%d played, and %v", played, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	steps = []sample.Step{{Body: body(t)}, {After: 24 * time.Hour, Body: body(t)}}
	played = 0
	err := s.Play(ctx, steps, 1, func(dev.Played) { played++; cancel(enough) })
	if !errors.Is(err, enough) || played != 1 {
		t.Errorf("%d played, and %v", played, err)
	}
}
