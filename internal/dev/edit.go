package dev

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// Edit records an edited copy of an event, with the event as its parent. It is not forwarded.
// The event itself never changes. Any body is accepted.
func (s *Session) Edit(ctx context.Context, parent event.ID, edit event.Edit) (*event.Event, error) {
	original, err := s.store.Event(ctx, parent)
	if err != nil {
		return nil, fmt.Errorf("edit: %w", err)
	}
	made := original.Edited(edit, time.Now())
	if err := s.store.Append(ctx, made, store.AppendOptions{}); err != nil {
		return nil, fmt.Errorf("record the edited copy of %s: %w", parent.Short(), err)
	}
	s.change()
	return made, nil
}

// Compose records a synthetic event with this body and forwards it like a live one. Any body is
// accepted, even one that the server would reject.
func (s *Session) Compose(ctx context.Context, body []byte) (*event.Event, error) {
	made := Synthetic(s.opts.Path, body, "")
	if err := s.Record(ctx, made); err != nil {
		return nil, fmt.Errorf("record the synthetic event: %w", err)
	}
	return made, nil
}

// Fixture records an event with this body under a name, and does not forward it: a copy of
// parent or, if that is empty, a synthetic event. With store.ErrPinName and store.ErrPinTaken
// nothing was recorded.
func (s *Session) Fixture(ctx context.Context, parent event.ID, body []byte, name string) (*event.Event, error) {
	if err := store.CheckPin(name); err != nil {
		return nil, err
	}
	switch taken, err := s.store.Resolve(ctx, name); {
	case err == nil:
		return nil, fmt.Errorf("%w: %s is %s", store.ErrPinTaken, name, taken.Short())
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	made := Synthetic(s.opts.Path, body, "")
	if parent != "" {
		original, err := s.store.Event(ctx, parent)
		if err != nil {
			return nil, fmt.Errorf("save a fixture: %w", err)
		}
		made = original.Edited(event.Edit{Body: body}, time.Now())
	}
	if err := s.store.Append(ctx, made, store.AppendOptions{}); err != nil {
		return nil, fmt.Errorf("record the fixture: %w", err)
	}
	s.change()
	if err := s.store.Pin(ctx, made.ID, name); err != nil {
		return nil, fmt.Errorf("%s was recorded, but not named: %w", made.ID.Short(), err)
	}
	return made, nil
}
