package dev

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"hfhook/event"
	"hfhook/store"
)

// ErrNoTarget is returned by Replay where there is nothing to send to.
var ErrNoTarget = errors.New("there is no target: start with one, as in hfhook dev 8000")

// List returns a page of the store's events.
func (s *Session) List(ctx context.Context, q store.Query) (store.Page, error) {
	return s.store.List(ctx, q)
}

// Event returns one event whole.
func (s *Session) Event(ctx context.Context, id event.ID) (*event.Event, error) {
	return s.store.Event(ctx, id)
}

// Deliveries returns the attempts of an event.
func (s *Session) Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error) {
	return s.store.Deliveries(ctx, id)
}

// Replay sends an event to every target at once, and returns the attempts in the
// order of the targets. A target that fails is no error: its attempt says so.
func (s *Session) Replay(ctx context.Context, id event.ID) ([]event.Delivery, error) {
	e, err := s.store.Event(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	targets := s.outbox.Targets()
	if len(targets) == 0 {
		return nil, ErrNoTarget
	}
	sent := make([]event.Delivery, len(targets))
	errs := make([]error, len(targets))
	var wg sync.WaitGroup
	for i, t := range targets {
		wg.Go(func() { sent[i], errs[i] = s.outbox.Send(ctx, e, t, event.Replay) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("replay %s: %w", id.Short(), err)
	}
	return sent, nil
}

// RetryTunnel tries to open the tunnel now.
func (s *Session) RetryTunnel() {
	if s.tunnel != nil {
		s.tunnel.Retry()
	}
}

// DropTunnel goes on without a tunnel until RetryTunnel.
func (s *Session) DropTunnel() {
	if s.tunnel != nil {
		s.tunnel.Drop()
	}
}

// SecretText is the secret itself, to be put on the clipboard and never shown;
// empty where nothing is verified.
func (s *Session) SecretText() string {
	return s.presentSecret().Reveal()
}
