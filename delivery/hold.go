package delivery

// Events that are held for a target: because the target asks for time, or a person has paused
// it.

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
	// maxTries is how often an event is sent to a target that answers each time with
	// Retry-After.
	maxTries = 5

	// maxRetryAfter is the longest time that a target gets when it asks for a pause.
	maxRetryAfter = 10 * time.Minute

	// recountEvery is how often held events are counted again: another process may have dropped
	// some.
	recountEvery = 2 * time.Second
)

// retryAfter returns the time that an answer asks for before a retry, and the time that is
// granted. 429 and 503 with Retry-After ask for one: RFC 9110, section 10.2.3.
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

// later records, after such an answer, that the event waits again, and returns for how long. It
// returns 0 if the event is not retried.
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
	q.delay = max(q.delay, pauseFirst) // then one event, to test whether it accepts
	q.pause = time.After(after)
	until := time.Now().Add(after)
	q.change(func() { q.state.Until = until })
}

// Pause holds events for a target, or resumes; for all targets if name is empty. Attempts under
// way continue.
func (d *Dispatcher) Pause(name string, paused bool) {
	for _, q := range d.named(name) {
		q.change(func() { q.state.Paused = paused })
		poke(q.wake)
	}
}

// Deliver sends the events that a target holds at once, however long they were to wait; those
// of all targets if name is empty. A paused target is resumed.
func (d *Dispatcher) Deliver(name string) {
	for _, q := range d.named(name) {
		q.change(func() { q.state.Paused = false })
		poke(q.now)
	}
}

// Drop discards the events that wait for a target, and returns how many. Attempts under way
// continue.
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

// Recount makes every queue count its waiting events again: the log may have changed.
func (d *Dispatcher) Recount() {
	for _, q := range d.list() {
		q.requestRecount()
		poke(q.wake)
	}
}

// named returns the queue of that name, or all queues if the name is empty.
func (d *Dispatcher) named(name string) []*queue {
	var found []*queue
	for _, q := range d.list() {
		if name == "" || q.target.Name == name {
			found = append(found, q)
		}
	}
	return found
}
