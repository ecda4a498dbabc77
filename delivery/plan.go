package delivery

// Replays of many events.

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/event"
)

// maxRecording is how many attempts of a plan may have ended without being recorded yet: they
// are recorded together, so that many share one sync of the disk. With the largest answers that
// are kept it is 32 MiB, which leaves room in a log that others write, too.
const maxRecording = 128

// A Plan says what [Dispatcher.Replay] sends: each event to each target.
type Plan struct {
	Events  []event.ID // in the order in which they are started; one that is listed twice is sent twice
	Targets []Target

	// Load returns an event of the plan, or the one to send in its place, and its attempts that
	// were recorded before the plan began, with N, Attempt, Kind, Target and URL. It is called by one
	// goroutine, in the order of Events, and ahead of sending.
	Load func(ctx context.Context, id event.ID) (e *event.Event, earlier []event.Delivery, err error)

	// Skip reports whether an event is not sent to a target; it is then not counted as planned.
	// It is called by one goroutine. Nil: nothing is skipped.
	Skip func(event.ID, *Target) bool

	// Record records an event of Load that has no ID yet, just before it is sent for the first
	// time, and sets its ID. It is called by several goroutines at once, but not for the same
	// event. It may be nil if Load returns no such event.
	Record func(context.Context, *event.Event) error

	// Gone reports whether an error of Load or of the log means that the event was deleted
	// after the plan was made. The plan then continues without it. It is called by several
	// goroutines at once. Nil: never.
	Gone func(id event.ID, err error) bool

	// Unrecorded reports whether the plan continues although the log could not record an
	// attempt, for example on a full disk: the attempt then counts as sent. It is called by one
	// goroutine at a time. Nil: never.
	Unrecorded func(error) bool

	// OnResult is called after an attempt was recorded: by one goroutine at a time, in the
	// order in which the attempts ended. With a concurrency of 1 that is the order of the plan.
	// Sending continues for a while as it runs. Nil: nothing is called.
	OnResult func(Result)

	// Concurrency is how many events are under way at once; 0 means 1. An event goes to
	// one target after the other.
	Concurrency int

	// Pace repeats the time between the events, by Received of the events that Load returns: 1
	// at the original speed, 10 ten times as fast. A target that takes longer delays what
	// follows, unless Concurrency leaves room. 0: without pauses.
	Pace float64

	// StopOn ends the plan after a result for which it is true: nothing more is started, and
	// attempts under way end. It is called by several goroutines at once, before the result is
	// recorded. Nil: never.
	StopOn func(Result) bool
}

// A Result is the result of one attempt of a plan.
type Result struct {
	For      event.ID     // as in Plan.Events
	Event    *event.Event // the event that was sent
	Delivery event.Delivery
	Refused  bool // the target accepted no connection, so nothing was sent
}

// A Tally counts the attempts of a plan.
type Tally struct {
	Planned  int // events times targets, without what Skip leaves out
	Sent     int // recorded, or not because of Unrecorded; includes those whose target accepted no connection
	Answered int // of those, with an answer from 200 to 299
}

// Replay carries out the plan, and returns once everything is recorded. A target that fails is
// not an error: the attempt says so, and is not tried again. When ctx ends, so do the attempts
// under way, which are recorded as interrupted, and the error is ctx's cause. Other errors are
// those of Load, of Record and of the log. The tally is always right.
//
// Unlike Send it records an attempt as under way only if it takes a while, so a process that is
// killed may leave no trace of a quick one. X-Hfhook-Attempt counts from the attempts of Load;
// the log may number the attempt differently if another process sends the same event meanwhile.
func (d *Dispatcher) Replay(ctx context.Context, p Plan) (Tally, error) {
	if p.OnResult == nil {
		p.OnResult = func(Result) {}
	}
	if p.StopOn == nil {
		p.StopOn = func(Result) bool { return false }
	}
	if p.Skip == nil {
		p.Skip = func(event.ID, *Target) bool { return false }
	}
	if p.Gone == nil {
		p.Gone = func(event.ID, error) bool { return false }
	}
	if p.Unrecorded == nil {
		p.Unrecorded = func(error) bool { return false }
	}
	r := &run{
		Dispatcher: d, plan: p,
		jobs:   make(chan job, max(p.Concurrency, 1)),
		ended:  make(chan *record, maxRecording),
		halted: make(chan struct{}),
	}
	tally := Tally{}
	for _, id := range p.Events {
		for i := range p.Targets {
			if !p.Skip(id, &p.Targets[i]) {
				tally.Planned++
			}
		}
	}

	var feeding, sending sync.WaitGroup
	feeding.Go(func() {
		defer close(r.jobs)
		if err := r.feed(ctx); err != nil {
			r.fail(err)
		}
	})
	for range cap(r.jobs) {
		sending.Go(func() {
			for j := range r.jobs {
				r.carryOut(ctx, j)
			}
		})
	}
	go func() { // ends when the sending does, which this function waits for
		sending.Wait()
		close(r.ended)
	}()
	recorded := make(chan *record, maxRecording)
	go func() { // ends with r.ended
		defer close(recorded)
		r.record(ctx, recorded)
	}()

	for rec := range recorded {
		switch err := rec.err; {
		case err == nil:
		case p.Gone(rec.result.For, err):
			continue
		case !p.Unrecorded(err):
			r.fail(err)
			continue
		}
		tally.Sent++
		if rec.result.Delivery.OK() {
			tally.Answered++
		}
		d.opts.OnDelivery(rec.result.Delivery)
		p.OnResult(rec.result)
	}
	feeding.Wait()
	return tally, r.err
}

// A run is a plan that is being carried out.
type run struct {
	*Dispatcher
	plan  Plan
	jobs  chan job
	ended chan *record // in the order in which they are recorded

	halt   sync.Once
	halted chan struct{} // closed: nothing more is started
	over   atomic.Bool   // the same

	mu  sync.Mutex
	err error // the first
}

// A job is an event that is sent to all targets.
type job struct {
	id       event.ID // as in the plan
	event    *event.Event
	attempts []event.Delivery // for each target, with the numbers under which it is sent; 0: it is skipped
}

// A record is an attempt that has ended, or is under way, and is recorded next.
type record struct {
	result Result
	sent   int           // the number that it was sent with
	err    error         // set before it is reported
	made   bool          // it is recorded already
	shown  chan struct{} // closed once it is recorded as under way; nil: it has ended
}

func (r *run) stop() {
	r.halt.Do(func() {
		r.over.Store(true)
		close(r.halted)
	})
}

func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
	r.stop()
}

// feed makes the jobs, each at its time.
func (r *run) feed(ctx context.Context) error {
	pace := pacer{speed: r.plan.Pace}
	begun := map[event.ID][]event.Delivery{} // attempts of the event that this run has numbered
	for _, id := range r.plan.Events {
		e, earlier, err := r.plan.Load(ctx, id)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil && r.plan.Gone(id, err):
			continue
		case err != nil:
			return fmt.Errorf("replay event %s: %w", id, err)
		case !pace.wait(ctx, e.Received, r.halted):
			return context.Cause(ctx) // nil if the run was halted
		}
		j := job{id: id, event: e}
		earlier = append(slices.Clip(earlier), begun[e.ID]...)
		known := len(earlier)
		for i, t := range r.plan.Targets {
			if r.plan.Skip(id, &r.plan.Targets[i]) {
				j.attempts = append(j.attempts, event.Delivery{})
				continue
			}
			a := further(e, t, earlier)
			j.attempts, earlier = append(j.attempts, a), append(earlier, a)
		}
		if e.ID != "" {
			begun[e.ID] = append(begun[e.ID], earlier[known:]...)
		}
		select {
		case r.jobs <- j:
		case <-r.halted:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// carryOut sends an event to the targets.
func (r *run) carryOut(ctx context.Context, j job) {
	for i, t := range r.plan.Targets {
		if j.attempts[i].N == 0 {
			continue
		}
		if ctx.Err() != nil {
			r.fail(context.Cause(ctx))
		}
		if r.over.Load() {
			return
		}
		if j.event.ID == "" {
			if err := r.plan.Record(ctx, j.event); err != nil {
				r.fail(fmt.Errorf("record what is sent for event %s: %w", j.id, err))
				return
			}
		}
		r.send(ctx, j, t, j.attempts[i])
	}
}

// send makes one attempt and has it recorded.
func (r *run) send(ctx context.Context, j job, t Target, a event.Delivery) {
	if r.opts.SendFor != nil {
		r.sendFor(ctx, j, t)
		return
	}
	a.Event = j.event.ID // an event that was just recorded had no ID before
	t.ReplayAs.begin(&a)
	shown := 0 // the number under which it is recorded as under way
	end := func() bool { return false }
	f := r.sender.attempt(ctx, j.event, t, &a, func() { end = r.show(a, &shown) })
	end()
	if f == unsent || f == cutOff {
		r.fail(context.Cause(ctx))
	}
	if f == unsent && shown == 0 {
		return
	}
	a.State = f.state()
	r.noteSent(t, &a, f)
	rec := r.newRecord(Result{For: j.id, Event: j.event, Delivery: a, Refused: f == refused})
	rec.sent, rec.result.Delivery.N = a.N, shown // 0: a new one
	r.ended <- rec                               // bounds the unrecorded attempts
}

// record records what has ended, together what has ended meanwhile, and then passes it on. One
// goroutine does so: the log numbers the attempts of an event in the order in which it gets them.
func (r *run) record(ctx context.Context, recorded chan<- *record) {
	for first := range r.ended {
		group := []*record{first}
		for range len(r.ended) { // nobody else receives
			group = append(group, <-r.ended)
		}
		r.putAll(ctx, group)
		for _, rec := range group {
			if rec.shown == nil {
				recorded <- rec
				continue
			}
			if rec.err != nil {
				r.opts.Logger.Warn("record that a replay is under way", "event", rec.result.Delivery.Event, "error", rec.err)
			}
			close(rec.shown)
		}
	}
}

// putAll records attempts, even if ctx has ended.
func (r *run) putAll(ctx context.Context, group []*record) {
	var attempts []*event.Delivery
	var of []*record
	for _, rec := range group {
		if !rec.made {
			attempts, of = append(attempts, &rec.result.Delivery), append(of, rec)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	for i, err := range r.log.PutDeliveries(ctx, attempts) {
		if rec := of[i]; err != nil {
			d := &rec.result.Delivery
			d.N = rec.sent
			rec.err = fmt.Errorf("record what %s answered to event %s: %w", d.Target, d.Event, err)
		}
	}
}

// newRecord returns the record of a result, and halts the run if StopOn says so.
func (r *run) newRecord(res Result) *record {
	if r.plan.StopOn(res) {
		r.stop()
	}
	return &record{result: res}
}

// sendFor has SendFor make and record one attempt.
func (r *run) sendFor(ctx context.Context, j job, t Target) {
	made, refused, err := r.opts.SendFor(ctx, j.event.ID, t)
	res := Result{For: j.id, Event: j.event, Delivery: made, Refused: refused}
	rec := &record{result: res}
	if err == nil {
		rec = r.newRecord(res)
	}
	rec.err, rec.made = err, true
	r.ended <- rec
}

// show has it recorded that an attempt is under way, and sets its number.
func (r *run) show(a event.Delivery, number *int) (end func() bool) {
	a.N, a.State = 0, event.Sending
	return underWay(func() {
		rec := &record{result: Result{Delivery: a}, shown: make(chan struct{})}
		r.ended <- rec
		<-rec.shown
		*number = rec.result.Delivery.N // 0 if it was not recorded
	})
}

// A pacer repeats the time between events.
type pacer struct {
	speed float64
	from  time.Time // when the first event was received
	begun time.Time // when that was sent
}

// wait returns true at the time for the event that was received then, or false if ctx or the
// run ends before.
func (p *pacer) wait(ctx context.Context, received time.Time, halted <-chan struct{}) bool {
	if p.speed <= 0 {
		return true
	}
	if p.begun.IsZero() {
		p.from, p.begun = received, time.Now()
		return true
	}
	due := p.begun.Add(time.Duration(float64(received.Sub(p.from)) / p.speed))
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-halted:
	case <-ctx.Done():
	}
	return false
}
