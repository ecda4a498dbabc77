package delivery

import (
	"context"
	"fmt"
	"time"

	"hfhook/event"
)

// Send sends a recorded event to a target at once, whatever else waits for it, and returns the
// recorded attempt. A target that fails is not an error: the attempt says so, and is not
// retried. The error is that of the log; the event may have been sent all the same. When ctx
// ends, the attempt ends and is recorded.
func (d *Dispatcher) Send(ctx context.Context, e *event.Event, t Target, kind event.AttemptKind) (event.Delivery, error) {
	// The request has the attempt's number, which the log assigns.
	a := event.Delivery{Event: e.ID, Kind: kind, State: event.Sending, Target: t.Name, URL: t.For(e), Started: time.Now()}
	t.ReplayAs.begin(&a)
	if err := d.log.PutDelivery(ctx, &a); err != nil {
		return a, fmt.Errorf("send event %s to %s: %w", e.ID, t.Name, err)
	}
	f := d.sender.attempt(ctx, e, t, &a, func() {})
	a.State = f.state()
	d.noteSent(t, &a, f)
	if err := d.put(ctx, &a); err != nil {
		return a, fmt.Errorf("record what %s answered to event %s: %w", t.Name, e.ID, err)
	}
	d.opts.OnDelivery(a)
	return a, nil
}

// SendUnrecorded is Send for a log that cannot be written, for example on a full disk: the
// attempt is made as the one after the earlier ones, and not recorded.
func (d *Dispatcher) SendUnrecorded(ctx context.Context, e *event.Event, t Target, earlier []event.Delivery) event.Delivery {
	a := further(e, t, earlier)
	a.State = event.Sending
	t.ReplayAs.begin(&a)
	f := d.sender.attempt(ctx, e, t, &a, func() {})
	a.State = f.state()
	d.noteSent(t, &a, f)
	d.opts.OnDelivery(a)
	return a
}

// further returns a replay of an event after earlier attempts, with its numbers.
func further(e *event.Event, t Target, earlier []event.Delivery) event.Delivery {
	d := event.Delivery{Event: e.ID, N: 1, Kind: event.Replay, URL: t.For(e)}
	for i := range earlier {
		d.N = max(d.N, earlier[i].N+1)
	}
	d.Target, d.Attempt = event.Next(len(earlier), func(i int) *event.Delivery { return &earlier[i] }, t.Name, d.URL)
	return d
}

// noteSent updates the state of the attempt's target, if it is one of the dispatcher's, and looks
// for a hint if the attempt has failed.
func (d *Dispatcher) noteSent(t Target, a *event.Delivery, f result) {
	for _, q := range d.list() {
		if q.target.Name == t.Name && q.target.Where() == t.Where() {
			q.note(a, f)
			q.look(a, f)
		}
	}
}

// put records an attempt, even if ctx has ended.
func (d *Dispatcher) put(ctx context.Context, a *event.Delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	return d.log.PutDelivery(ctx, a)
}
