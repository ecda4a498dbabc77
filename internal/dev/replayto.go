package dev

import (
	"context"
	"errors"
	"fmt"

	"hfhook/event"
)

// ReplayTo sends an event again to the target of that name, and returns the attempt. A target
// that fails is not an error: the attempt says so. It fails with ErrNoTarget if this session
// has no target of that name, though an earlier one may have had it.
func (s *Session) ReplayTo(ctx context.Context, id event.ID, target string, as ReplayAs) (event.Delivery, error) {
	e, err := s.store.Event(ctx, id)
	if err != nil {
		return event.Delivery{}, fmt.Errorf("replay: %w", err)
	}
	for _, t := range s.outbox.Targets() {
		if t.Name != target {
			continue
		}
		t.ReplayAs = as
		sent, err := s.send(ctx, e, t)
		if errors.Is(err, ErrUnrecorded) {
			return sent, err
		}
		if err != nil {
			return event.Delivery{}, fmt.Errorf("replay %s: %w", id.Short(), err)
		}
		return sent, nil
	}
	return event.Delivery{}, fmt.Errorf("replay %s to %s: %w", id.Short(), target, ErrNoTarget)
}
