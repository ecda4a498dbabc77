package tunnel

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"hfhook/internal/neterr"
)

// Limits of a connection that is held.
const (
	// The service may answer 404 to a new URL until each of its edges knows it. That is not
	// reported before this time has passed.
	settling = 10 * time.Second

	// A client that reconnects by itself has this long for an attempt.
	reconnectTimeout = 45 * time.Second

	// Asking the service for no more requests is a courtesy: this is the most time spent on it
	// when no request is under way.
	unbindTimeout = time.Second

	// After this time, a tunnel that fails starts a new series of failures.
	lasting = time.Minute
)

// A hold is one open connection, from its opening to its end: it is served, probed until a
// probe succeeds, and probed again whenever there is doubt.
type hold struct {
	t      *Tunnel
	conn   Conn
	ctx    context.Context // of the tunnel's Run
	url    string
	fresh  time.Time // since when the service has had the URL without interruption
	up     time.Time // since when the tunnel is up; zero: it is not
	lasted bool      // it was up for at least the time lasting

	wg     sync.WaitGroup
	gate   *gate           // nil: the connection has no listener
	ended  <-chan struct{} // the gate's; nil without one
	served chan struct{}   // closed when Serve has returned; nil without a gate
	serve  error           // the error of Serve

	due    <-chan time.Time // of the next probe; of the client's next attempt, then of its end, while lost
	failed int              // failed probes in a row
	probe  <-chan probed    // the result of the probe under way; nil: there is none
	cancel context.CancelFunc

	lost         bool // the client is reconnecting
	reconnecting bool // and its attempt is under way
}

// probed is the result of a probe: its duration, or why it failed.
type probed struct {
	took    time.Duration
	problem *Problem
}

func newHold(ctx context.Context, t *Tunnel, conn Conn) *hold {
	h := &hold{t: t, conn: conn, ctx: ctx, url: conn.URL(), fresh: time.Now(), cancel: func() {}}
	if inner := conn.Listener(); inner != nil {
		h.gate = newGate(inner)
		h.ended = h.gate.ended
		h.served = make(chan struct{})
		h.wg.Go(h.gate.run)
		h.wg.Go(func() {
			defer close(h.served)
			h.serve = t.opts.Serve(ctx, h.gate)
		})
	}
	return h
}

// watch returns after everything of the connection is closed.
func (h *hold) watch() (end ending) {
	defer func() {
		h.notUp()
		end.lasted = h.lasted
		h.close()
	}()
	h.check()
	for {
		select {
		case <-h.ctx.Done():
			return ending{}
		case w := <-h.t.orders:
			switch {
			case w == drop:
				return ending{}
			case w == swap:
				h.t.adopt() // before waiting for requests under way: the URL accepts no more of them
				return ending{again: true}
			case h.lost:
				return ending{again: true}
			}
			h.check()
		case <-h.t.woke:
			if h.lost { // the client keeps waiting as before
				return ending{again: true}
			}
			h.check()
		case <-h.ended:
			return ending{problem: problemOf(h.gate.err)}
		case <-h.served:
			return h.serverEnded()
		case e := <-h.conn.Events():
			if e.Ended != nil {
				return ending{problem: problemOf(e.Ended)}
			}
			h.event(e)
		case p := <-h.probe:
			h.stopProbe()
			h.judge(p)
		case <-h.due:
			switch {
			case !h.lost:
				h.startProbe()
			case h.reconnecting:
				return ending{again: true}
			default:
				h.reconnect(h.t.State().Problem, 0)
			}
		}
	}
}

// serverEnded returns the ending after the server has stopped serving.
func (h *hold) serverEnded() ending {
	select {
	case <-h.ended: // that is the reason
		return ending{problem: problemOf(h.gate.err)}
	default:
	}
	if err := h.serve; err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, http.ErrServerClosed) {
		return ending{problem: &Problem{Message: "the server stopped: " + oneLine(neterr.Words(err)), Err: err, Fatal: true}}
	}
	return ending{}
}

// event handles an event of the service's client.
func (h *hold) event(e ConnEvent) {
	switch {
	case e.Lost != nil:
		h.stopProbe()
		h.notUp()
		h.lost = true
		h.reconnect(problemOf(e.Lost), e.Retry)
	case e.Latency > 0:
		h.t.set(func(s *State) { s.Latency = e.Latency })
	default:
		h.lost, h.fresh = false, time.Now()
		h.check()
	}
}

// reconnect reports that the client makes its next attempt to reconnect after wait, or has
// begun it.
func (h *hold) reconnect(problem *Problem, wait time.Duration) {
	h.reconnecting = wait <= 0
	if !h.reconnecting {
		h.due = time.After(wait)
		h.t.set(func(s *State) { s.Phase, s.Problem, s.Retry = Waiting, problem, time.Now().Add(wait) })
		return
	}
	h.due = time.After(reconnectTimeout)
	h.t.set(func(s *State) {
		s.Phase, s.Problem, s.Retry = Connecting, problem, time.Time{}
		s.Attempt++
	})
}

// notUp notes that the tunnel is no longer known to be up.
func (h *hold) notUp() {
	h.lasted = h.lasted || !h.up.IsZero() && time.Since(h.up) > lasting
	h.up = time.Time{}
}

// check begins a new series of probes.
func (h *hold) check() {
	h.notUp()
	h.failed = 0
	h.t.set(func(s *State) { s.Phase, s.URL, s.Retry, s.Problem = Checking, h.url, time.Time{}, nil })
	h.startProbe()
}

func (h *hold) startProbe() {
	h.stopProbe()
	h.due = nil
	ctx, cancel := context.WithTimeout(h.ctx, h.t.opts.ProbeTimeout)
	result := make(chan probed, 1)
	h.probe, h.cancel = result, cancel
	h.wg.Go(func() {
		took, problem := h.t.probes.send(ctx, h.url+h.t.opts.ProbePath)
		result <- probed{took, problem}
	})
}

// stopProbe cancels the probe under way, if there is one.
func (h *hold) stopProbe() {
	h.cancel()
	h.probe = nil
}

// judge handles the result of a probe.
func (h *hold) judge(p probed) {
	switch {
	case p.problem == nil:
		h.up = time.Now()
		h.t.set(func(s *State) {
			s.Phase, s.Latency, s.Attempt, s.Problem, s.Retry = Up, p.took, 0, nil, time.Time{}
		})
	case p.problem.Fatal:
		h.t.set(func(s *State) { s.Phase, s.Problem, s.Retry = Down, p.problem, time.Time{} })
	default:
		wait := h.t.opts.ProbeBackoff.wait(h.failed)
		h.failed++
		h.due = time.After(wait)
		h.t.set(func(s *State) {
			s.Phase, s.Retry = Checking, time.Now().Add(wait)
			if p.problem.Code != codeOffline || time.Since(h.fresh) > settling {
				s.Problem = p.problem
			}
		})
	}
}

// close ends the connection after the requests under way, unless their answers cannot be
// delivered.
func (h *hold) close() {
	h.stopProbe()
	if h.gate != nil {
		_ = h.gate.Close()
	}
	if h.gate != nil && !h.lost {
		unbound := make(chan struct{})
		h.wg.Go(func() {
			defer close(unbound)
			_ = h.conn.Listener().Close()
		})
		await(h.served, h.t.opts.CloseTimeout)
		await(unbound, unbindTimeout)
	}
	if err := h.conn.Close(); err != nil {
		h.t.log.Warn("close the tunnel", "error", oneLine(err.Error()))
	}
	h.wg.Wait()
}

func await(done <-chan struct{}, limit time.Duration) {
	select {
	case <-done:
	case <-time.After(limit):
	}
}
