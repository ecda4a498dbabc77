package dev

import (
	"context"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// Pin names an event, or removes its name if name is empty: see store.Store.
func (s *Session) Pin(ctx context.Context, id event.ID, name string) error {
	return s.store.Pin(ctx, id, name)
}

// Note attaches a note to an event, or removes it if text is empty.
func (s *Session) Note(ctx context.Context, id event.ID, text string) error {
	return s.store.Note(ctx, id, text)
}

// Accept marks the answer to attempt n of an event as correct, or removes the mark: hfhook
// replay --fail-on-change compares later answers with it.
func (s *Session) Accept(ctx context.Context, id event.ID, n int, right bool) error {
	var at time.Time
	if right {
		at = time.Now()
	}
	return s.store.Accept(ctx, id, n, at)
}

// Delete deletes events permanently, and returns how many there were.
func (s *Session) Delete(ctx context.Context, ids ...event.ID) (int, error) {
	return s.store.Delete(ctx, ids...)
}

// Known returns values that events have had, the newest first.
func (s *Session) Known(ctx context.Context, kind store.KnownKind, limit int) ([]string, error) {
	return s.store.Known(ctx, kind, limit)
}
