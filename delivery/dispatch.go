// Package delivery sends recorded events to targets, usually local handlers, and records every
// attempt.
//
// The log says what is to be sent: an event is recorded together with a waiting delivery for
// each target. A [Dispatcher] has a queue for each target, which reads the waiting deliveries,
// oldest first, sends them and records the results. Channels only wake the queues, so nothing
// is lost if a channel is full or the process ends: what was not sent is sent after the next
// start. A target that is slow or down does not delay the others.
//
// An event is sent at least once. It is sent a second time only if the process was killed, or
// the log could not be written, between sending and recording. A handler can recognise repeats
// by X-Hfhook-Event-Id.
//
//	d := delivery.New(log, delivery.Options{Targets: targets, Secret: secret})
//	go d.Run(ctx)
//	…
//	// after each event that was recorded with the targets' names and addresses:
//	d.Wake()
package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hfhook/event"
)

// DefaultGrace is how long a delivery that is under way may continue after Run's context has
// ended.
const DefaultGrace = 2 * time.Second

// A Log stores events and deliveries; store.Store is the complete interface. Its methods are
// called by several goroutines at once.
type Log interface {
	// Waiting returns live deliveries of a target that were not sent, or whose result was not
	// recorded, oldest event first: at most limit of them, of events after the given one.
	Waiting(ctx context.Context, target string, after event.ID, limit int) ([]event.Delivery, error)

	// Event returns a complete event.
	Event(ctx context.Context, id event.ID) (*event.Event, error)

	// PutDelivery records an attempt: as a new one if d.N is 0, and then sets d.N; otherwise it
	// replaces attempt N.
	PutDelivery(ctx context.Context, d *event.Delivery) error

	// PutDeliveries is PutDelivery for several attempts, in their order. It returns the error
	// of each.
	PutDeliveries(ctx context.Context, ds []*event.Delivery) []error

	// Drop discards the waiting live deliveries of a target, for events up to the given one, or
	// for all if that is empty. It returns how many.
	Drop(ctx context.Context, target string, through event.ID) (int, error)

	// Own waits until no other process sends the waiting deliveries of the target. It returns
	// ctx's cause if ctx ends first.
	Own(ctx context.Context, target string) (release func(), err error)
}

// Options of a Dispatcher. All of them are optional.
type Options struct {
	Targets []Target // as by Add

	// Secret returns the webhook secret for the target of this name, and whether there is one.
	// It is called for each attempt. The secret is sent to loopback targets and to the hosts of
	// SendSecretTo; it is never recorded, logged or returned.
	Secret       func(target string) (secret string, ok bool)
	SendSecretTo []string // host names, without port

	// Proxy returns the proxy for targets that are not on this machine, for example
	// http.ProxyFromEnvironment; nil means none.
	Proxy func(*http.Request) (*url.URL, error)

	// OnChange is called after the state of a target has changed, and OnDelivery
	// after an attempt was recorded: done, or waiting for a target that is down.
	// They are called by several goroutines at once and may not block.
	OnChange   func()
	OnDelivery func(event.Delivery)

	// OnAttempt is called when an attempt begins; the function that it returns is called when
	// the attempt has ended, before OnDelivery. Both are called by several goroutines at once
	// and must not block.
	OnAttempt func(event.Delivery) (ended func())

	// SendFor, if set, makes and records the attempts of Replay in place of this Dispatcher;
	// another process may have the target and the secret. refused reports that the target
	// accepted no connection. It is called by several goroutines at once.
	SendFor func(ctx context.Context, id event.ID, t Target) (made event.Delivery, refused bool, err error)

	// OwnPort is the port of the capture server on this machine, which cannot be a handler.
	OwnPort string

	Grace  time.Duration // 0 means DefaultGrace
	Logger *slog.Logger  // nil: nothing is logged
}

// A Dispatcher sends events to targets. Its methods may be called by several
// goroutines at once.
type Dispatcher struct {
	log    Log
	opts   Options
	sender sender

	mu      sync.Mutex
	begun   bool
	queues  []*queue          // one for each target, in the order of Add
	running map[string]*queue // by name; a removed one of that name may still be ending
	changed chan struct{}     // one slot: queues and running may differ
}

// New returns a dispatcher that sends waiting deliveries once Run is called. Send works without
// Run.
func New(log Log, opts Options) *Dispatcher {
	if opts.Secret == nil {
		opts.Secret = func(string) (string, bool) { return "", false }
	}
	if opts.OnChange == nil {
		opts.OnChange = func() {}
	}
	if opts.OnDelivery == nil {
		opts.OnDelivery = func(event.Delivery) {}
	}
	if opts.OnAttempt == nil {
		opts.OnAttempt = func(event.Delivery) func() { return func() {} }
	}
	if opts.Grace <= 0 {
		opts.Grace = DefaultGrace
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	local := new(localDialer)
	insecure := newTransport(local, opts.Proxy)
	insecure.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // for targets on this machine that ask for it
	d := &Dispatcher{
		log:  log,
		opts: opts,
		sender: sender{
			local:      local,
			transport:  newTransport(local, opts.Proxy),
			insecure:   insecure,
			transport2: local.http2Transport(false),
			insecure2:  local.http2Transport(true),
			secret:     opts.Secret,
			secretFor:  opts.SendSecretTo,
			begins:     opts.OnAttempt,
			log:        opts.Logger,
			grace:      endGrace,
		},
		running: make(map[string]*queue),
		changed: make(chan struct{}, 1),
	}
	for _, t := range opts.Targets {
		d.Add(t)
	}
	return d
}

// Add adds a target, or replaces the one of the same name. Deliveries that wait for it in the
// log, even from an earlier process, are sent first.
func (d *Dispatcher) Add(t Target) {
	q := newQueue(d, t)
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(t.Name); i >= 0 {
		q.state.Paused = d.queues[i].snapshot().Paused
		d.queues[i].end()
		d.queues[i] = q
	} else {
		d.queues = append(d.queues, q)
	}
	poke(d.changed)
}

// Set replaces the targets by the given ones, in their order. An unchanged target continues; a
// changed or missing one ends as with Add and Remove.
func (d *Dispatcher) Set(targets []Target) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var queues []*queue
	for _, t := range targets {
		i := d.find(t.Name)
		if i >= 0 && d.queues[i].target.Equal(t) {
			queues = append(queues, d.queues[i])
			continue
		}
		q := newQueue(d, t)
		if i >= 0 {
			q.state.Paused = d.queues[i].snapshot().Paused
		}
		queues = append(queues, q)
	}
	for _, q := range d.queues {
		if !slices.Contains(queues, q) {
			q.end()
		}
	}
	d.queues = queues
	poke(d.changed)
}

// Remove removes a target. Its waiting deliveries stay in the log; a delivery under way has
// Options.Grace to end.
func (d *Dispatcher) Remove(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(name); i >= 0 {
		d.queues[i].end()
		d.queues = slices.Delete(d.queues, i, i+1)
		poke(d.changed)
	}
}

// find returns the index of a target in d.queues, or -1.
func (d *Dispatcher) find(name string) int {
	return slices.IndexFunc(d.queues, func(q *queue) bool { return q.target.Name == name })
}

// Wake makes the queues look at the log. Call it after an event was recorded, by this process
// or another one. It never blocks.
func (d *Dispatcher) Wake() {
	for _, q := range d.list() {
		poke(q.wake)
	}
}

// Targets returns the targets in the order in which they were added.
func (d *Dispatcher) Targets() []Target {
	var targets []Target
	for _, q := range d.list() {
		targets = append(targets, q.target)
	}
	return targets
}

// Health returns the states of the targets in the order in which they were added.
func (d *Dispatcher) Health() []TargetState {
	var states []TargetState
	for _, q := range d.list() {
		states = append(states, q.snapshot())
	}
	return states
}

func (d *Dispatcher) list() []*queue {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.queues)
}

// Run sends waiting deliveries until ctx ends, and returns nil once all attempts have ended. A
// delivery that is under way then has Options.Grace to end. After that it is recorded as
// interrupted and not sent again, since the handler has it. One that has no connection yet
// stays waiting. Run must be called once only.
func (d *Dispatcher) Run(ctx context.Context) error {
	d.mu.Lock()
	begun := d.begun
	d.begun = true
	d.mu.Unlock()
	if begun {
		return errors.New("the dispatcher is already running")
	}
	for _, t := range []*http.Transport{d.sender.transport, d.sender.insecure, d.sender.transport2, d.sender.insecure2} {
		defer t.CloseIdleConnections()
	}
	var group errgroup.Group
	for {
		d.start(ctx, &group)
		select {
		case <-ctx.Done():
			return group.Wait()
		case <-d.changed:
		}
	}
}

// start starts each queue that is not running yet. If a removed queue of that name is still
// ending, the new one starts when it has ended.
func (d *Dispatcher) start(ctx context.Context, group *errgroup.Group) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, q := range d.queues {
		name := q.target.Name
		if d.running[name] != nil {
			continue
		}
		d.running[name] = q
		group.Go(func() error {
			defer func() {
				d.mu.Lock()
				defer d.mu.Unlock()
				delete(d.running, name)
				poke(d.changed)
			}()
			q.run(ctx)
			return nil
		})
	}
}

// poke puts a value into a channel with one slot, unless it has one.
func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
