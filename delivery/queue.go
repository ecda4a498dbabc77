package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hfhook/event"
)

const (
	pauseFirst = 250 * time.Millisecond // after a refused connection, doubled each time
	pauseMost  = 2 * time.Second

	recordWithin = 5 * time.Second // for one write to the log, which may outlive the queue's context
	countAtOnce  = 256             // rows that are read at once to count waiting events
)

// A queue sends the waiting deliveries of one target. The log has the events; the queue knows
// which of them are under way, and how many wait.
type queue struct {
	target Target
	out    *Dispatcher
	log    *slog.Logger
	wake   chan struct{} // one slot
	back   chan struct{} // one slot: the target takes connections again
	now    chan struct{} // one slot: cut any pause short
	life   context.Context
	end    context.CancelFunc // of life

	mu      sync.Mutex
	state   TargetState
	trouble string    // why the log cannot be read or written; empty: it can
	recount bool      // fewer events may wait than were counted
	hinted  time.Time // of the last look for a hint
	over    bool      // no more hints are looked for

	hints sync.WaitGroup

	// The rest belongs to the goroutine of run.

	attempts errgroup.Group
	finished chan finished // has room for all attempts under way
	inFlight map[event.ID]bool
	pending  int              // rows up to counted that are not done
	counted  event.ID         // the newest event that was counted
	woken    bool             // there may be newer ones
	delay    time.Duration    // of the last pause; 0: no failure
	pause    <-chan time.Time // nothing is sent until it ends; nil: no pause
	asked    bool             // the target has asked for the pause
	tried    map[event.ID]int // how often the target has asked to get an event later
	looked   time.Time        // when waiting events were last counted from the first
}

// A finished is the end of an attempt.
type finished struct {
	event  event.ID
	result result
	after  time.Duration // how long the target wants to be left alone; 0: it does not
	err    error         // of the log
}

func newQueue(out *Dispatcher, t Target) *queue {
	life, end := context.WithCancel(context.Background())
	q := &queue{
		target:   t,
		out:      out,
		log:      out.opts.Logger.With("target", t.Name),
		wake:     make(chan struct{}, 1),
		back:     make(chan struct{}, 1),
		life:     life,
		end:      end,
		now:      make(chan struct{}, 1),
		state:    newState(t),
		finished: make(chan finished, max(t.Concurrency, 1)),
		inFlight: make(map[event.ID]bool),
		tried:    make(map[event.ID]int),
		woken:    true,
	}
	q.state.Trusted = out.sender.mayKnow(t)
	return q
}

// run sends until ctx ends or end is called, and returns when nothing is under way.
func (q *queue) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.life, cancel)()
	work, interrupt := context.WithCancel(context.WithoutCancel(ctx)) // outlives ctx by the grace
	defer interrupt()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(q.out.opts.Grace, interrupt) })()

	release := func() {}
	owned := false
	for ctx.Err() == nil {
		err := q.guarded(func() (err error) {
			if !owned {
				if release, err = q.out.log.Own(ctx, q.target.Name); err != nil {
					return err
				}
				owned = true
			}
			return q.fill(ctx, work)
		})
		if err != nil && ctx.Err() == nil {
			q.setTrouble(err)
			q.hold()
		}
		if err == nil && q.pause == nil && len(q.inFlight) == 0 {
			q.setTrouble(nil)
		}
		q.publish()
		q.wait(ctx)
	}
	for len(q.inFlight) > 0 {
		q.finish(<-q.finished)
	}
	_ = q.attempts.Wait()
	q.end() // for the looks under way
	q.change(func() { q.over = true })
	q.hints.Wait()
	q.publish()
	if owned {
		release()
	}
}

// wait returns when there may be something to do.
func (q *queue) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-q.wake:
		q.woken = true
	case l := <-q.finished:
		q.finish(l)
	case <-q.pause:
		q.goOn()
	case <-q.back:
		q.goOn()
	case <-q.now:
		q.goOn()
		q.delay = 0
	}
}

// goOn ends a pause.
func (q *queue) goOn() {
	q.pause, q.asked = nil, false
	q.change(func() { q.state.Until = time.Time{} })
}

func (q *queue) finish(l finished) {
	delete(q.inFlight, l.event)
	q.setTrouble(l.err)
	switch l.result {
	case ended, cutOff:
		if l.after > 0 {
			q.tried[l.event]++
			q.postpone(l.after)
			break
		}
		delete(q.tried, l.event)
		q.pending--
		if !q.asked {
			q.delay, q.pause = 0, nil
		}
	case refused, logFailed:
		q.hold()
	}
}

// hold begins a pause, longer than the last one. Nothing reports when a handler is back, or
// when a log works again: so both are tried again.
func (q *queue) hold() {
	if q.pause != nil {
		return
	}
	q.delay = min(max(2*q.delay, pauseFirst), pauseMost)
	q.pause = time.After(q.delay)
}

// fill starts as many attempts as the target takes at once. After a failure it is one, to test
// whether the target is back.
func (q *queue) fill(ctx, work context.Context) error {
	if err := q.count(ctx); err != nil {
		return err
	}
	limit := max(q.target.Concurrency, 1)
	if q.delay > 0 {
		limit = 1
	}
	for q.life.Err() == nil && q.pause == nil && !q.snapshot().Paused && len(q.inFlight) < min(limit, q.pending) {
		d, err := q.next(ctx)
		if err != nil {
			return err
		}
		if d == nil {
			q.pending = len(q.inFlight) // the others were deleted meanwhile
			return nil
		}
		q.launch(ctx, work, d)
	}
	return nil
}

// count adds rows that are new since the last call to the pending ones. The ids of events only
// grow, so no new row has a smaller id than one that was counted.
func (q *queue) count(ctx context.Context) error {
	unseen := 0 // attempts under way that the log no longer has
	if q.takeRecount() {
		q.pending, q.counted, q.woken, q.looked = 0, "", true, time.Now()
		unseen = len(q.inFlight)
	}
	for q.woken {
		rows, err := q.out.log.Waiting(ctx, q.target.Name, q.counted, countAtOnce)
		if err != nil {
			q.requestRecount()
			return err
		}
		q.pending += len(rows)
		for i := range rows {
			if unseen > 0 && q.inFlight[rows[i].Event] {
				unseen--
			}
		}
		if len(rows) > 0 {
			q.counted = rows[len(rows)-1].Event
		}
		q.woken = len(rows) == countAtOnce
	}
	q.pending += unseen // so that each is counted until its attempt has ended
	return nil
}

// takeRecount reports whether to count from the first row, and clears the request: after some
// were dropped and, while nothing is sent, from time to time.
func (q *queue) takeRecount() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	dropped := q.recount
	q.recount = false
	held := q.woken && (q.state.Paused || q.delay > 0) && time.Since(q.looked) >= recountEvery
	return dropped || held
}

func (q *queue) requestRecount() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.recount = true
}

// next returns the oldest waiting delivery, or nil. It is read from the log each time, so that
// nothing is sent that another process deleted.
func (q *queue) next(ctx context.Context) (*event.Delivery, error) {
	rows, err := q.out.log.Waiting(ctx, q.target.Name, "", len(q.inFlight)+1)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rows, func(d event.Delivery) bool { return !q.inFlight[d.Event] })
	if i < 0 {
		return nil, nil
	}
	return &rows[i], nil
}

// launch starts the attempt for a waiting delivery.
func (q *queue) launch(ctx, work context.Context, d *event.Delivery) {
	q.inFlight[d.Event] = true
	tries := q.tried[d.Event]
	q.attempts.Go(func() error {
		l := finished{event: d.Event, result: logFailed}
		l.err = q.guarded(func() (err error) {
			l.result, l.after, err = q.deliver(ctx, work, d, tries)
			return err
		})
		q.finished <- l
		return nil
	})
}

// deliver sends a waiting delivery and records the result. after is how long the target wants
// to be left alone before it gets the event again.
func (q *queue) deliver(ctx, work context.Context, waited *event.Delivery, tries int) (f result, after time.Duration, err error) {
	e, err := q.out.log.Event(work, waited.Event)
	if err != nil {
		return logFailed, 0, err
	}
	d := event.Delivery{Event: waited.Event, N: waited.N, Attempt: waited.Attempt, Kind: waited.Kind, Target: q.target.Name}
	end := func() bool { return false }
	f = q.out.sender.attempt(work, e, q.target, &d, func() { end = q.show(ctx, d) })
	shown := end()
	if f == ended || f == cutOff {
		d.State = f.state()
	}
	q.note(&d, f)
	q.look(&d, f)
	switch f {
	case ended, cutOff:
		if err = q.record(ctx, &d); err == nil {
			q.out.opts.OnDelivery(d)
		}
		if err == nil && f == ended {
			after, err = q.later(ctx, &d, tries)
		}
		return f, after, err
	case refused:
		d = event.Delivery{Event: d.Event, N: d.N, Attempt: d.Attempt, Kind: d.Kind, State: event.Waiting, Target: d.Target, URL: d.URL, Err: d.Err}
		if d.Err == waited.Err && waited.State == event.Waiting && !shown {
			return refused, 0, nil // as it was recorded at an earlier try
		}
		err = q.out.put(ctx, &d)
	default:
		return f, 0, nil
	}
	if err == nil {
		q.out.opts.OnDelivery(d)
	}
	return f, 0, err
}

// show records that an attempt is under way.
func (q *queue) show(ctx context.Context, d event.Delivery) (end func() bool) {
	d.State = event.Sending
	return underWay(func() {
		if err := q.guarded(func() error { return q.out.put(ctx, &d) }); err != nil {
			q.log.Warn("record that a delivery is under way", "event", d.Event, "attempt", d.N, "error", err)
		}
	})
}

// record writes the result of an attempt, and retries until it is written, since otherwise the
// handler would get the event again. It gives up if the delivery is gone from the log, or the
// queue ends.
func (q *queue) record(ctx context.Context, d *event.Delivery) error {
	for delay := pauseFirst; ; delay = min(2*delay, pauseMost) {
		last := ctx.Err() != nil
		err := q.out.put(ctx, d)
		if err == nil {
			return nil
		}
		q.setTrouble(err)
		if last {
			q.log.Error("the result of a delivery was not recorded: it will be sent again", "event", d.Event, "attempt", d.N, "status", d.Status)
			return err
		}
		// What is under way is the oldest of what the log calls waiting.
		rows, readErr := q.out.log.Waiting(ctx, d.Target, "", max(q.target.Concurrency, 1))
		if readErr == nil && !slices.ContainsFunc(rows, func(r event.Delivery) bool { return r.Event == d.Event }) {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

// guarded calls f and turns a panic into an error.
func (q *queue) guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			q.log.Error("panic in a queue", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// note updates the target's state with the result of an attempt.
func (q *queue) note(d *event.Delivery, f result) {
	q.change(func() { q.state.after(d, f) })
}

// publish puts the number of waiting events into the target's state.
func (q *queue) publish() {
	q.change(func() { q.state.Waiting, q.state.Sending = max(q.pending-len(q.inFlight), 0), len(q.inFlight) })
}

// setTrouble notes why the log cannot be used, or that it can again.
func (q *queue) setTrouble(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	q.change(func() {
		if text != "" && text != q.trouble {
			q.log.Error("the queue has stopped", "error", err)
		}
		q.trouble = text
	})
}

// change changes the target's state and reports the change.
func (q *queue) change(f func()) {
	q.mu.Lock()
	before := q.shown()
	f()
	changed := q.shown() != before
	q.mu.Unlock()
	if changed {
		q.out.opts.OnChange()
	}
}

func (q *queue) snapshot() TargetState {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.shown()
}

// shown is the state as others see it; mu is held.
func (q *queue) shown() TargetState {
	s := q.state
	if q.trouble != "" {
		s.Err = q.trouble
	}
	return s
}
