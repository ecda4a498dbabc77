package dev

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/store"
)

type (
	// Tally counts the results of many replays.
	Tally = delivery.Tally

	// Sent is one replay of many.
	Sent = delivery.Result

	// ReplayAs says how replays look to a target.
	ReplayAs = delivery.ReplayAs
)

// The secret policies of a ReplayAs.
const (
	SecretByHost = delivery.SecretByHost
	SecretAlways = delivery.SecretAlways
	SecretNever  = delivery.SecretNever
)

// A Batch says what ReplayMany sends: each event to each target.
type Batch struct {
	Events      []event.ID // in the order in which they are started
	Target      string     // name of the only target that gets them; empty: all
	Other       string     // an address to use in place of the targets, as on the command line
	ReplayAs    ReplayAs
	Edit        event.Edit // changes: edited copies are sent in place of the events
	Concurrency int        // attempts under way at once; 0 means 1
	Pace        float64    // 1 keeps the time between the events; 0: no pauses
	StopOnFail  bool       // start nothing more after an answer that is not from 200 to 299
	OnResult    func(Sent)

	// OnGone is called with an event that is skipped, because it was deleted meanwhile: by
	// several goroutines at once. Nil: nothing is called.
	OnGone func(event.ID)
}

// targets returns the targets of a batch, or ErrNoTarget.
func (s *Session) targets(b *Batch) ([]delivery.Target, error) {
	var targets []delivery.Target
	if b.Other != "" {
		t, err := s.parseTarget(b.Other)
		if err != nil {
			return nil, err
		}
		targets = []delivery.Target{t}
	} else {
		targets = slices.Clone(s.outbox.Targets())
		if b.Target != "" {
			targets = slices.DeleteFunc(targets, func(t delivery.Target) bool { return t.Name != b.Target })
		}
	}
	if len(targets) == 0 {
		return nil, ErrNoTarget
	}
	for i := range targets {
		targets[i].ReplayAs = b.ReplayAs
	}
	return targets, nil
}

// ReplayMany sends many events again and returns how many were sent and answered. A target that
// fails is not an error. When ctx ends, nothing more is started, attempts under way are
// recorded as interrupted, and the error is ctx's cause. OnResult is called after each attempt,
// by one goroutine at a time; nil: nothing is called. With ErrUnrecorded all attempts were
// made, but some are not in the store. It fails with ErrNoTarget.
func (s *Session) ReplayMany(ctx context.Context, b Batch) (Tally, error) {
	targets, err := s.targets(&b)
	if err != nil {
		return Tally{}, err
	}
	ctx, ended := s.replays.begin(ctx)
	defer ended()
	ahead := store.NewAhead(s.store, b.Events, b.Pace > 0)
	plan := delivery.Plan{
		Events: b.Events, Targets: targets, Concurrency: b.Concurrency, Pace: b.Pace, OnResult: b.OnResult,
		Load: func(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
			return load(ctx, ahead, id, b.Edit)
		},
		Record: func(ctx context.Context, e *event.Event) error {
			e.Received = time.Now()
			return s.store.Append(ctx, e, store.AppendOptions{})
		},
	}
	plan.Gone = func(id event.ID, err error) bool {
		gone := errors.Is(err, store.ErrNotFound)
		if gone && b.OnGone != nil {
			b.OnGone(id)
		}
		return gone
	}
	if b.StopOnFail {
		plan.StopOn = func(r delivery.Result) bool { return !r.Delivery.OK() }
	}
	var unrecorded error
	plan.Unrecorded = func(err error) bool {
		if takesNothing(err) {
			unrecorded = err
		}
		return takesNothing(err)
	}
	tally, err := s.outbox.Replay(ctx, plan)
	switch {
	case err != nil:
		return tally, fmt.Errorf("replay: %w", err)
	case unrecorded != nil:
		return tally, fmt.Errorf("%w: %w", ErrUnrecorded, unrecorded)
	}
	return tally, nil
}

// load returns an event with its attempts or, if an edit would change it, the edited copy,
// which has none.
func load(ctx context.Context, from *store.Ahead, id event.ID, edit event.Edit) (*event.Event, []event.Delivery, error) {
	e, made, err := from.Event(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if edit = edit.Changing(e); !edit.Empty() {
		return e.Edited(edit, e.Received), nil, nil // the pace needs e's time until the copy is recorded
	}
	return e, made, nil
}

// Preview returns what ReplayMany would send, with the secret masked: an attempt for each event
// and target. It sends nothing. It fails with ErrNoTarget.
func (s *Session) Preview(ctx context.Context, b Batch) ([]Sent, error) {
	targets, err := s.targets(&b)
	if err != nil {
		return nil, err
	}
	ahead := store.NewAhead(s.store, b.Events, false)
	var all []Sent
	for _, id := range b.Events {
		e, made, err := load(ctx, ahead, id, b.Edit)
		if err != nil {
			return nil, fmt.Errorf("dry run: %w", err)
		}
		for _, t := range targets {
			preview := s.outbox.Preview(e, t, made)
			all, made = append(all, Sent{For: id, Event: e, Delivery: preview}), append(made, preview)
		}
	}
	return all, nil
}

// Address parses the address of a target as on the command line, and returns its host and
// whether that is this machine. A command has no host, and is on this machine.
func Address(text string) (host string, local bool, err error) {
	t, err := delivery.ParseTarget(text)
	if err != nil {
		return "", false, err
	}
	if t.Command != nil {
		return "", true, nil
	}
	return t.URL.Hostname(), t.Loopback(), nil
}
