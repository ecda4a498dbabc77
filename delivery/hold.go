package delivery

// What is held for a target: because it asks for time, or because a person does.

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/duration"
)

const (
	// maxTries is how often an event is sent to a target that answers each time that it
	// wants it later.
	maxTries = 5

	// maxRetryAfter is the longest time that a target gets which it asks for.
	maxRetryAfter = 10 * time.Minute

	// recountEvery is how often what is held is counted again: another process may have
	// dropped some of it.
	recountEvery = 2 * time.Second
)

// retryAfter is the time that an answer asks for before it is sent the event again, and
// the time it gets: 429 and 503 with Retry-After ask so, RFC 9110, section 10.2.3.
func retryAfter(d *event.Delivery, now time.Time) (asked, gets time.Duration) {
	if d.Err != "" || d.Exited || d.Status != http.StatusTooManyRequests && d.Status != http.StatusServiceUnavailable {
		return 0, 0
	}
	for _, f := range d.ResponseHeader {
		if !strings.EqualFold(f.Name, "Retry-After") {
			continue
		}
		value := strings.TrimSpace(f.Value)
		if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
			asked = time.Duration(seconds) * time.Second
		} else if at, err := http.ParseTime(value); err == nil {
			asked = at.Sub(now)
		} else {
			return 0, 0
		}
		return max(asked, 0), min(max(asked, pauseFirst), maxRetryAfter)
	}
	return 0, 0
}

// later records, behind an attempt that was answered so, that the event waits again, and
// returns how long. It is 0 where it does not.
func (q *queue) later(ctx context.Context, done *event.Delivery, tries int) (time.Duration, error) {
	asked, gets := retryAfter(done, time.Now())
	if gets == 0 || tries+1 >= maxTries {
		return 0, nil
	}
	text := fmt.Sprintf("answered %d and asked to wait %s", done.Status, duration.Seconds(asked))
	if gets < asked {
		text += fmt.Sprintf("; retried after %s", duration.Seconds(gets))
	}
	d := event.Delivery{Event: done.Event, Kind: done.Kind, State: event.Waiting, Target: done.Target, URL: done.URL, Err: text}
	if err := q.out.put(ctx, &d); err != nil {
		return 0, err
	}
	q.out.opts.OnDelivery(d)
	return gets, nil
}

// postpone begins the pause that the target has asked for.
func (q *queue) postpone(after time.Duration) {
	q.asked = true
	q.delay = max(q.delay, pauseFirst) // one event then, to try whether it will
	q.pause = time.After(after)
	until := time.Now().Add(after)
	q.change(func() { q.state.Until = until })
}

// Pause holds what comes for a target, or goes on; of all targets where name is empty.
// What is under way goes on.
func (d *Dispatcher) Pause(name string, paused bool) {
	for _, q := range d.named(name) {
		q.change(func() { q.state.Paused = paused })
		poke(q.wake)
	}
}

// Deliver tries at once to send what a target holds, however long it was to wait; that of
// all targets where name is empty. One that is paused goes on.
func (d *Dispatcher) Deliver(name string) {
	for _, q := range d.named(name) {
		q.change(func() { q.state.Paused = false })
		poke(q.now)
	}
}

// Drop gives up what waits for a target, and returns how many events: they are not sent
// to it any more. What is under way goes on.
func (d *Dispatcher) Drop(ctx context.Context, name string) (int, error) {
	n, err := d.log.Drop(ctx, name, "")
	for _, q := range d.named(name) {
		q.change(func() { q.recount = true })
		poke(q.wake)
	}
	if err != nil {
		return n, fmt.Errorf("drop what waits for %s: %w", name, err)
	}
	return n, nil
}

// Recount lets every queue count again what waits: the log may have other deliveries than
// before.
func (d *Dispatcher) Recount() {
	for _, q := range d.list() {
		q.requestRecount()
		poke(q.wake)
	}
}

// named are the queues of a name, or all.
func (d *Dispatcher) named(name string) []*queue {
	var found []*queue
	for _, q := range d.list() {
		if name == "" || q.target.Name == name {
			found = append(found, q)
		}
	}
	return found
}
