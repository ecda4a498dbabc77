package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/waittest"
)

// memLog is a Log in memory.
type memLog struct {
	mu         sync.Mutex
	events     map[event.ID]*event.Event
	deliveries []event.Delivery // of all events, in the order of their first record
	last       int              // number of the newest event
	puts       int
	fail       func(call string) error // nil: no call fails
	owned      map[string]chan struct{}
	changed    chan struct{} // closed at each change
}

func newMemLog() *memLog {
	return &memLog{events: map[event.ID]*event.Event{}, owned: map[string]chan struct{}{}, changed: make(chan struct{})}
}

func (l *memLog) lock(call string) (unlock func(), err error) {
	l.mu.Lock()
	if l.fail != nil {
		err = l.fail(call)
	}
	return l.mu.Unlock, err
}

func (l *memLog) change() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// append records an event that waits for the targets.
func (l *memLog) append(e event.Event, targets ...Target) *event.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	e.ID = event.ID(fmt.Sprintf("%026d", l.last))
	l.events[e.ID] = &e
	for i, t := range targets {
		l.deliveries = append(l.deliveries, event.Delivery{Event: e.ID, N: i + 1, Kind: event.Live, State: event.Waiting, Target: t.Name, Attempt: 1, URL: t.For(&e)})
	}
	l.change()
	return &e
}

func (l *memLog) remove(id event.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.events, id)
	l.deliveries = slices.DeleteFunc(l.deliveries, func(d event.Delivery) bool { return d.Event == id })
	l.change()
}

func (l *memLog) failing(f func(call string) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail = f
}

func (l *memLog) Waiting(_ context.Context, target string, after event.ID, limit int) ([]event.Delivery, error) {
	unlock, err := l.lock("waiting")
	defer unlock()
	if err != nil {
		return nil, err
	}
	var rows []event.Delivery
	for _, d := range l.deliveries {
		if d.Target == target && d.Kind == event.Live && d.Event > after && (d.State == event.Waiting || d.State == event.Sending) {
			rows = append(rows, d)
		}
	}
	slices.SortFunc(rows, func(a, b event.Delivery) int { return cmp.Or(cmp.Compare(a.Event, b.Event), cmp.Compare(a.N, b.N)) })
	return rows[:min(limit, len(rows))], nil
}

func (l *memLog) Drop(_ context.Context, target string, _ event.ID) (n int, err error) {
	unlock, err := l.lock("drop")
	defer unlock()
	if err != nil {
		return 0, err
	}
	for i := range l.deliveries {
		if d := &l.deliveries[i]; d.Target == target && d.Kind == event.Live && d.State == event.Waiting {
			d.State = event.Dropped
			n++
		}
	}
	l.change()
	return n, nil
}

var errGone = errors.New("no such event")

func (l *memLog) Event(_ context.Context, id event.ID) (*event.Event, error) {
	unlock, err := l.lock("event")
	defer unlock()
	if err != nil {
		return nil, err
	}
	e, ok := l.events[id]
	if !ok {
		return nil, errGone
	}
	return e, nil
}

// of returns the attempts of an event; the lock is held.
func (l *memLog) of(id event.ID) (all []event.Delivery) {
	for _, d := range l.deliveries {
		if d.Event == id {
			all = append(all, d)
		}
	}
	return all
}

func (l *memLog) PutDelivery(ctx context.Context, d *event.Delivery) error {
	unlock, err := l.lock("put " + string(d.State))
	defer unlock()
	if err = cmp.Or(err, ctx.Err()); err != nil {
		return err
	}
	l.puts++
	if d.N == 0 {
		others := l.of(d.Event)
		d.N = 1
		for _, other := range others {
			d.N = max(d.N, other.N+1)
		}
		d.Target, d.Attempt = event.Next(len(others), func(i int) *event.Delivery { return &others[i] }, d.Target, d.URL)
		l.deliveries = append(l.deliveries, *d)
		l.change()
		return nil
	}
	i := slices.IndexFunc(l.deliveries, func(o event.Delivery) bool { return o.Event == d.Event && o.N == d.N })
	if i < 0 {
		return errGone
	}
	l.deliveries[i] = *d
	l.change()
	return nil
}

func (l *memLog) PutDeliveries(ctx context.Context, ds []*event.Delivery) []error {
	errs := make([]error, len(ds))
	for i, d := range ds {
		errs[i] = l.PutDelivery(ctx, d)
	}
	return errs
}

func (l *memLog) Own(ctx context.Context, target string) (func(), error) {
	unlock, err := l.lock("own")
	owner, ok := l.owned[target]
	if !ok {
		owner = make(chan struct{}, 1)
		l.owned[target] = owner
	}
	unlock()
	if err != nil {
		return nil, err
	}
	select {
	case owner <- struct{}{}:
		return func() { <-owner }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (l *memLog) all() []event.Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.deliveries)
}

// await returns the deliveries once they are as they should be.
func (l *memLog) await(t *testing.T, what string, ok func([]event.Delivery) bool) []event.Delivery {
	t.Helper()
	limit := time.After(waittest.Limit)
	for {
		l.mu.Lock()
		rows, changed := slices.Clone(l.deliveries), l.changed
		l.mu.Unlock()
		if ok(rows) {
			return rows
		}
		select {
		case <-changed:
		case <-limit:
			for _, d := range rows {
				t.Logf("%s #%d to %s: %s %d %s", d.Event, d.N, d.Target, d.State, d.Status, d.Err)
			}
			t.Fatalf("gave up waiting for %s", what)
		}
	}
}

// done reports whether n deliveries of a target have ended.
func done(target Target, n int) func([]event.Delivery) bool {
	return func(rows []event.Delivery) bool {
		ended := 0
		for _, d := range rows {
			if d.Target == target.Name && d.State == event.Done {
				ended++
			}
		}
		return ended >= n
	}
}

// newest returns the newest delivery of the log.
func (l *memLog) newest(t *testing.T) event.Delivery {
	t.Helper()
	rows := l.all()
	if len(rows) == 0 {
		t.Fatal("nothing was recorded")
	}
	return rows[len(rows)-1]
}
