package cli

// What is held for a target of the running hfhook dev, which delivers it.

import (
	"cmp"
	"context"

	"hfhook/event"
	"hfhook/internal/cli/output"
	"hfhook/internal/local"
	"hfhook/store/sqlite"
)

// deliverByDev has the hfhook dev deliver what is held for a target, and prints the attempts until
// all of it was sent or the target takes no more.
func deliverByDev(ctx context.Context, p *program, events *sqlite.Store, c *local.Client, target string, as output.Format) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	changed := events.Watch(ctx)
	var held []event.ID
	if err := eachHeld(ctx, events, target, func(d *event.Delivery) error { held = append(held, d.Event); return nil }); err != nil {
		return err
	}
	type outcome struct {
		local.Delivered
		err error
	}
	tried := make(chan outcome, 1)
	go func() {
		made, err := c.Deliver(ctx, target)
		tried <- outcome{made, err}
	}()
	sent, failed := 0, 0
	// next prints what has become of the events, in their order, up to one that still waits.
	next := func() error {
		for len(held) > 0 {
			d, err := liveAt(ctx, events, held[0], target)
			if err != nil || d != nil && (d.State == event.Waiting || d.State == event.Sending) {
				return err
			}
			held = held[1:]
			if d == nil || d.State != event.Done {
				continue // dropped, or deleted
			}
			if sent++; !d.OK() {
				failed++
			}
			if err := printAttempt(p, d, as); err != nil {
				return err
			}
		}
		return nil
	}
	for {
		if err := next(); err != nil {
			return err
		}
		if len(held) == 0 {
			return heldResult(ctx, events, target, sent, failed, "")
		}
		select {
		case <-changed:
		case o := <-tried:
			if err := cmp.Or(o.err, next()); err != nil {
				return err
			}
			return heldResult(ctx, events, target, sent, failed, o.Error)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// liveAt is the live attempt of an event at a target; nil: there is none any more.
func liveAt(ctx context.Context, events *sqlite.Store, id event.ID, target string) (*event.Delivery, error) {
	all, err := events.Attempts(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Kind == event.Live && all[i].Target == target {
			return &all[i], nil
		}
	}
	return nil, nil
}
