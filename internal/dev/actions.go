package dev

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/store"
)

// ErrNoTarget means that there is no target to send to.
var ErrNoTarget = errors.New("no target: start with one, for example hfhook dev 8000")

// ErrUnknownTarget means that the session has no target of that name.
var ErrUnknownTarget = errors.New("no target")

// Resolve finds the event that ref refers to: see store.Store.
func (s *Session) Resolve(ctx context.Context, ref string) (event.ID, error) {
	return s.store.Resolve(ctx, ref)
}

// List returns a page of the store's events.
func (s *Session) List(ctx context.Context, q store.Query) (store.Page, error) {
	return s.store.List(ctx, q)
}

// Event returns a complete event.
func (s *Session) Event(ctx context.Context, id event.ID) (*event.Event, error) {
	return s.store.Event(ctx, id)
}

// Deliveries returns the attempts of an event.
func (s *Session) Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error) {
	return s.store.Deliveries(ctx, id)
}

// ErrUnrecorded is returned by Replay, ReplayTo and ReplayMany together with attempts that were
// made, but could not be recorded: the store is full or cannot be written.
var ErrUnrecorded = errors.New("the attempt was not recorded")

// takesNothing reports whether an error means that the store cannot be written.
func takesNothing(err error) bool {
	return errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrReadOnly) || errors.Is(err, store.ErrBusy) ||
		errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrGone)
}

// Replay sends an event to every target at once, and returns the attempts in the order of the
// targets. A target that fails is not an error: its attempt says so. With ErrUnrecorded the
// attempts were made all the same.
func (s *Session) Replay(ctx context.Context, id event.ID, as ReplayAs) ([]event.Delivery, error) {
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
		t.ReplayAs = as
		wg.Go(func() { sent[i], errs[i] = s.send(ctx, e, t) })
	}
	wg.Wait()
	var unrecorded error
	for _, err := range errs {
		switch {
		case errors.Is(err, ErrUnrecorded):
			unrecorded = err
		case err != nil:
			return nil, fmt.Errorf("replay %s: %w", id.Short(), errors.Join(errs...))
		}
	}
	return sent, unrecorded
}

// send sends an event to a target, even if the store cannot record the attempt: received events
// can still be tried when the disk is full.
func (s *Session) send(ctx context.Context, e *event.Event, t delivery.Target) (event.Delivery, error) {
	sent, err := s.outbox.Send(ctx, e, t, event.Replay)
	if sent.N > 0 || !takesNothing(err) {
		return sent, err
	}
	made, readErr := s.store.Attempts(ctx, e.ID)
	if readErr != nil {
		return sent, errors.Join(err, readErr)
	}
	return s.outbox.SendUnrecorded(ctx, e, t, made), fmt.Errorf("%w: %w", ErrUnrecorded, err)
}

// RetryTunnel tries to open the tunnel now.
func (s *Session) RetryTunnel() {
	s.tunnel.Retry()
}

// DropTunnel continues without a tunnel until RetryTunnel.
func (s *Session) DropTunnel() {
	s.tunnel.Drop()
}

// SecretText returns the secret itself, for the clipboard and never to be shown; it is empty if
// nothing is verified.
func (s *Session) SecretText() string {
	return s.presentSecret().Reveal()
}
