package dev

// Scenarios on their way to a server, one step after another.

import (
	"context"
	"fmt"
	"math"
	"time"

	"hfhook/event"
	"hfhook/payload/sample"
)

// A Played is a step of a scenario that the server has recorded.
type Played struct {
	N, Of int // it is the step N, counted from 1, of so many
	Step  sample.Step
	Event event.ID
}

// Play sends the steps to the session's own server, as the package's Play does.
func (s *Session) Play(ctx context.Context, steps []sample.Step, speed float64, played func(Played)) error {
	return Play(ctx, func(ctx context.Context, body []byte, delivery string) (event.ID, error) {
		return s.Send(ctx, Posting{Body: body, Delivery: delivery})
	}, steps, speed, played)
}

// A Sender has a synthetic event recorded, which has this body and this Webhook-Id.
type Sender func(ctx context.Context, body []byte, delivery string) (event.ID, error)

// Play sends the steps of a scenario, with the time between them
// that they have: at a speed of 10 a tenth of it, at 0 or infinity none. It calls played
// after each one. The first that is not recorded ends it, with an error that names the
// step; so does ctx, with its cause.
func Play(ctx context.Context, send Sender, steps []sample.Step, speed float64, played func(Played)) error {
	start := time.Now()
	var due time.Duration
	ids := make([]string, len(steps)) // of the deliveries
	for i, step := range steps {
		// From the start, so that what the server takes for its answers does not add up.
		due = min(due+step.After, math.MaxInt64/2)
		if err := sleepUntil(ctx, start, due, speed); err != nil {
			return fmt.Errorf("before step %d of %d: %w", i+1, len(steps), err)
		}
		ids[i] = event.NewDeliveryID()
		if step.Again > 0 {
			ids[i] = ids[step.Again-1]
		}
		id, err := send(ctx, step.Body, ids[i])
		if err != nil {
			return fmt.Errorf("step %d of %d: %w", i+1, len(steps), err)
		}
		played(Played{N: i + 1, Of: len(steps), Step: step, Event: id})
	}
	return nil
}

// sleepUntil waits until the time due has gone by since start, at a speed.
func sleepUntil(ctx context.Context, start time.Time, due time.Duration, speed float64) error {
	if speed <= 0 || math.IsInf(speed, 1) {
		due = 0
	} else if d := float64(due) / speed; d < math.MaxInt64/2 {
		due = time.Duration(d)
	}
	timer := time.NewTimer(time.Until(start.Add(due)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return context.Cause(ctx)
	}
}
