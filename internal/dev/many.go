package dev

import (
	"context"
	"fmt"
	"slices"

	"hfhook/delivery"
	"hfhook/event"
)

// Tally counts what became of many replays.
type Tally = delivery.Tally

// A Batch is what ReplayMany sends: each event to each target.
type Batch struct {
	Events      []event.ID // in the order in which they are begun
	Target      string     // name of the one target that gets them; empty: all
	Concurrency int        // attempts under way at once; 0 means 1
	Pace        float64    // 1 keeps the time that was between the events; 0: none
	StopOnFail  bool       // begin nothing after an answer that is not from 200 to 299
	OnResult    func(ok bool)
}

// ReplayMany sends many events again and returns how many were sent and answered. A
// target that fails is no error. When ctx ends, nothing more is begun, what is under
// way is recorded as interrupted, and the error is ctx's cause. OnResult is called
// after each attempt, by one goroutine at a time; nil: nothing. ErrNoTarget.
func (s *Session) ReplayMany(ctx context.Context, b Batch) (Tally, error) {
	targets := s.outbox.Targets()
	if b.Target != "" {
		targets = slices.DeleteFunc(targets, func(t delivery.Target) bool { return t.Name != b.Target })
	}
	if len(targets) == 0 {
		return Tally{}, ErrNoTarget
	}
	plan := delivery.Plan{
		Events: b.Events, Targets: targets, Concurrency: b.Concurrency, Pace: b.Pace,
		Load: func(ctx context.Context, id event.ID) (*event.Event, int, error) {
			e, err := s.store.Event(ctx, id)
			if err != nil {
				return nil, 0, err
			}
			made, err := s.store.Deliveries(ctx, id)
			return e, len(made), err
		},
	}
	if b.OnResult != nil {
		plan.OnResult = func(r delivery.Result) { b.OnResult(r.Delivery.OK()) }
	}
	if b.StopOnFail {
		plan.StopOn = func(r delivery.Result) bool { return !r.Delivery.OK() }
	}
	tally, err := s.outbox.Replay(ctx, plan)
	if err != nil {
		return tally, fmt.Errorf("replay %d events: %w", len(b.Events), err)
	}
	return tally, nil
}
