package tunnel

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Options are the environment and the limits of a Tunnel. Zero fields have the stated defaults.
type Options struct {
	// Serve answers the requests of ln, the listener of a connection. It returns once ln is
	// closed or ctx ends, and the requests under way are answered. It may be nil for a provider
	// whose requests reach the server otherwise.
	Serve func(ctx context.Context, ln net.Listener) error

	// Report is called with the new state after each change, one call at a time, and must not
	// block. It may be nil.
	Report func(State)

	ProbePath string       // where ProbeHandler is mounted; /webhooks/.probe
	Client    *http.Client // sends the probes; one that trusts the system's authorities
	Logger    *slog.Logger // nothing is logged

	Backoff      Backoff       // between attempts to connect; 2 s to 30 s
	ProbeBackoff Backoff       // between probes that do not come round; 500 ms to 30 s
	OpenTimeout  time.Duration // of one attempt to connect; 30 s
	ProbeTimeout time.Duration // of one probe; 10 s
	CloseTimeout time.Duration // for requests under way when a connection is given up; 5 s
}

// A Tunnel keeps a connection of a provider open. It is safe for concurrent use.
type Tunnel struct {
	provider Provider
	opts     Options
	log      *slog.Logger
	probes   *prober
	wall     func() time.Time
	woke     chan struct{} // one slot: the machine slept
	orders   chan order    // one slot: the newest order
	running  atomic.Bool
	url      string // of the last connection; only for Run's goroutine

	mu    sync.Mutex // for state, lost, next, and putting orders
	next  Provider   // the argument of Use; nil: none
	state State
	lost  bool // the tunnel was up, and shall be up again
}

// An order is what the user wants the tunnel to do.
type order int

const (
	retry order = iota
	drop
	swap
)

// New returns a tunnel that Run opens. Without a provider it stays off until Use is called.
func New(p Provider, opts Options) *Tunnel {
	opts.ProbePath = cmp.Or(opts.ProbePath, "/webhooks/.probe")
	opts.Backoff = cmp.Or(opts.Backoff, Backoff{First: 2 * time.Second, Max: 30 * time.Second})
	opts.ProbeBackoff = cmp.Or(opts.ProbeBackoff, Backoff{First: 500 * time.Millisecond, Max: 30 * time.Second})
	opts.OpenTimeout = cmp.Or(opts.OpenTimeout, 30*time.Second)
	opts.ProbeTimeout = cmp.Or(opts.ProbeTimeout, 10*time.Second)
	opts.CloseTimeout = cmp.Or(opts.CloseTimeout, 5*time.Second)
	t := &Tunnel{
		provider: p,
		opts:     opts,
		log:      cmp.Or(opts.Logger, slog.New(slog.DiscardHandler)),
		probes:   newProber(opts.Client),
		wall:     time.Now,
		woke:     make(chan struct{}, 1),
		orders:   make(chan order, 1),
		state:    State{Phase: Off, Since: time.Now()},
	}
	if p != nil {
		t.state.Provider = p.Name()
	}
	return t
}

// State returns the present state.
func (t *Tunnel) State() State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// ProbeHandler answers the probes of this tunnel only: without the nonce of a probe under way
// the answer is 404.
func (t *Tunnel) ProbeHandler() http.Handler { return t.probes }

// Retry requests an attempt now: a connection, also when the tunnel is off, down or lost, or a
// new probe of an open connection.
func (t *Tunnel) Retry() { t.order(retry) }

// Drop closes the connection and continues without a tunnel, until Retry.
func (t *Tunnel) Drop() { t.order(drop) }

// Use closes the connection once the requests under way are answered, and continues with
// another provider.
func (t *Tunnel) Use(p Provider) {
	t.mu.Lock()
	t.next = p
	t.mu.Unlock()
	t.order(swap)
}

// adopt changes to the provider of Use, if there is a new one.
func (t *Tunnel) adopt() {
	t.mu.Lock()
	next := t.next
	t.next = nil
	t.mu.Unlock()
	if next == nil {
		return
	}
	t.provider, t.url = next, ""
	t.mu.Lock()
	t.lost, t.state.Phase = false, Off // the user closed it, so it was not lost
	t.mu.Unlock()
	t.set(func(s *State) { *s = State{Provider: next.Name(), Phase: Connecting, Since: s.Since} })
}

func (t *Tunnel) order(w order) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.orders:
	default:
	}
	t.orders <- w
}

// Run opens the tunnel and keeps it open until ctx ends. Then it lets the requests under way
// finish, closes everything, and returns nil. It must be called once only.
func (t *Tunnel) Run(ctx context.Context) error {
	if t.running.Swap(true) {
		return errors.New("the tunnel is already running or has ended")
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { watchSleep(ctx, t.wall, t.woke) })

	for failed := 0; ctx.Err() == nil; {
		t.adopt()
		if t.provider == nil {
			t.rest(ctx, nil)
			continue
		}
		end := t.attempt(ctx)
		if end.lasted {
			failed = 0
		}
		if ctx.Err() != nil || end.again {
			continue
		}
		var due <-chan time.Time
		switch {
		case end.problem == nil:
			t.goOff()
		case end.problem.Fatal:
			t.set(func(s *State) { s.Phase, s.Problem, s.Retry = Down, end.problem, time.Time{} })
		default:
			wait := t.opts.Backoff.wait(failed)
			failed++
			due = time.After(wait)
			t.set(func(s *State) { s.Phase, s.Problem, s.Retry = Waiting, end.problem, time.Now().Add(wait) })
		}
		if t.rest(ctx, due) {
			failed = 0
		}
	}
	t.goOff()
	return nil
}

// rest waits for the next attempt: until it is due, until the machine wakes up if one is due at
// all, or until somebody requests it, which makes the result true.
func (t *Tunnel) rest(ctx context.Context, due <-chan time.Time) (asked bool) {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-due:
			return false
		case <-t.woke:
			if due != nil {
				return false
			}
		case w := <-t.orders:
			if w != drop {
				return true
			}
			due = nil
			t.goOff()
		}
	}
}

// An ending says how an attempt ended. The zero value: the tunnel is not wanted any more.
type ending struct {
	problem *Problem
	again   bool // at once, with no wait
	lasted  bool // the tunnel was up for so long that the waits start over
}

// attempt opens a connection and holds it until its end.
func (t *Tunnel) attempt(ctx context.Context) ending {
	t.set(func(s *State) {
		s.Phase, s.Retry = Connecting, time.Time{}
		s.Attempt++
	})
	conn, err := t.open(ctx)
	switch {
	case conn != nil:
		t.url = conn.URL()
		return newHold(ctx, t, conn).watch()
	case errors.Is(err, errSwap):
		return ending{again: true}
	case err != nil:
		return ending{problem: problemOf(err)}
	default:
		return ending{}
	}
}

// errSwap ends an attempt in order to change the provider.
var errSwap = errors.New("switching to another provider")

// open returns neither a connection nor an error if no tunnel is wanted any more.
func (t *Tunnel) open(ctx context.Context) (Conn, error) {
	attempt, cancel := context.WithTimeout(ctx, t.opts.OpenTimeout)
	defer cancel()
	var conn Conn
	var err error
	opened := make(chan struct{})
	go func() {
		defer close(opened)
		conn, err = t.provider.Open(attempt, t.url)
	}()
	for {
		select {
		case <-opened:
			if ctx.Err() != nil && conn == nil {
				return nil, nil
			}
			return conn, err
		case w := <-t.orders:
			if w == retry {
				continue // it is opening
			}
			cancel()
			if <-opened; conn != nil {
				_ = conn.Close()
			}
			if w == swap {
				return nil, errSwap
			}
			return nil, nil
		}
	}
}

func (t *Tunnel) goOff() {
	t.set(func(s *State) { *s = State{Provider: s.Provider, Phase: Off, Since: s.Since} })
}

// set changes the state, updates State.Since, and reports. Only Run's goroutine calls it.
func (t *Tunnel) set(change func(*State)) {
	t.mu.Lock()
	s := t.state
	change(&s)
	if before := t.state.Phase; s.Phase != before {
		wasLost := t.lost
		t.lost = s.Phase != Up && s.Phase != Off && (wasLost || before == Up)
		if !t.lost || !wasLost {
			s.Since = time.Now()
		}
		switch {
		case !t.lost:
			s.Lost = time.Time{}
		case !wasLost:
			s.Lost = s.Since
		}
	}
	changed := s != t.state
	news := s.Phase != t.state.Phase || s.Problem != t.state.Problem
	t.state = s
	t.mu.Unlock()
	if news {
		t.logState(s)
	}
	if changed && t.opts.Report != nil {
		t.opts.Report(s)
	}
}

func (t *Tunnel) logState(s State) {
	attrs := []any{"provider", s.Provider, "phase", string(s.Phase), "url", s.URL}
	if s.Problem != nil {
		// Not a warning: the receiver of the states informs the user.
		attrs = append(attrs, "attempt", s.Attempt, "problem", s.Problem.Error(), "said", s.Problem.Message)
	}
	t.log.Info("tunnel", attrs...)
}
