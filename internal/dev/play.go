package dev

// Sends scenarios to a server, step by step.

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
	N, Of int // step N of so many, counted from 1
	Step  sample.Step
	Event event.ID
}

// Play sends the steps to the session's own server, like the function Play.
func (s *Session) Play(ctx context.Context, steps []sample.Step, speed float64, played func(Played)) error {
	return Play(ctx, func(ctx context.Context, body []byte, delivery string) (event.ID, error) {
		return s.Send(ctx, Posting{Body: body, Delivery: delivery})
	}, steps, speed, played)
}

// A Sender has a synthetic event recorded, with this body and this Webhook-Id.
type Sender func(ctx context.Context, body []byte, delivery string) (event.ID, error)

// Play sends the steps of a scenario with the pauses between them: at a speed of 10 a tenth as
// long, at 0 or infinity none. It calls played after each step. It ends with the first step
// that is not recorded, with an error that names the step, or with ctx's cause.
func Play(ctx context.Context, send Sender, steps []sample.Step, speed float64, played func(Played)) error {
	start := time.Now()
	var due time.Duration
	ids := make([]string, len(steps)) // Webhook-Ids of the steps
	for i, step := range steps {
		// Measured from the start, so that the server's response times do not add up.
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

// sleepUntil waits until the time due has passed since start, at a speed.
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
