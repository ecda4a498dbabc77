package dev

// Watches whether the targets on this machine are there: when one is back, the events that wait
// for it are sent at once, and those that it gets again.

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"hfhook/delivery"
	"hfhook/internal/handler"
	"hfhook/internal/port"
)

// How often the ports are checked. On Linux the program that listens does not notice; elsewhere
// a check makes a connection.
const (
	lookSoon     = 3 * time.Millisecond   // a handler is being started
	lookOften    = 20 * time.Millisecond  // somebody waits for it
	lookTrying   = 200 * time.Millisecond // the same, with connections to a handler that runs
	lookSeldom   = 500 * time.Millisecond // it is shown
	startsWithin = 10 * time.Second
	never        = time.Duration(1<<63 - 1) // until something changes
)

// A watchedTarget is what is known about the address of a target.
type watchedTarget struct {
	target        delivery.Target
	id            string         // of the program that listens there; empty: none
	seen          bool           // a program has listened there before
	starts        int            // of the handler that hfhook runs, if it is the target
	restartReplay *restartReplay // the replay since it is back; nil: none
}

// A restartReplay is over when the target is gone again: nothing more is sent, and the result
// is not reported.
type restartReplay struct{ over atomic.Bool }

// watchTargets checks the targets' ports until ctx ends.
func (s *Session) watchTargets(ctx context.Context) error {
	watchedTargets := map[string]*watchedTarget{}
	sending := newGroup(ctx, s.log)
	defer sending.stop(nil)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-sending.ctx.Done():
			return context.Cause(sending.ctx)
		case <-timer.C:
		case <-s.moved:
		}
		next, ports := never, map[string]bool{}
		for _, t := range s.outbox.Targets() {
			if !watched(t) {
				continue
			}
			p := watchedTargets[t.Name]
			if p == nil || p.target.Address() != t.Address() {
				p = &watchedTarget{}
				watchedTargets[t.Name] = p
			}
			p.target = t
			next = min(next, s.look(p, sending))
			ports[t.Name] = p.id != ""
		}
		if known := s.ports.Load(); known == nil || !maps.Equal(*known, ports) {
			s.ports.Store(&ports)
			s.change()
		}
		timer.Stop()
		if next < never {
			timer.Reset(next)
		}
	}
}

// watched reports whether a target is a port of this machine.
func watched(t delivery.Target) bool { return t.URL != nil && t.Loopback() }

// look checks a target, acts if it is back, and returns when to check it again.
func (s *Session) look(p *watchedTarget, sending *group) time.Duration {
	own := s.opts.Handler != nil && p.target.Name == s.opts.HandlerTarget
	var st handler.State
	if own {
		if st = s.opts.Handler.State(); st.Starts != p.starts {
			p.starts, p.id = st.Starts, "" // another program listens now
		}
	}
	id, up := s.listener(p, own, st)
	came := up && id != p.id
	if (came || !up) && p.restartReplay != nil {
		p.restartReplay.over.Store(true)
		p.restartReplay = nil
	}
	p.id = id
	if came {
		s.came(p, sending)
	}
	return s.lookAgain(p, own, st)
}

// lookAgain returns when a target is to be checked again. The handler that hfhook runs reports
// its start and end itself, so only its port is waited for.
func (s *Session) lookAgain(p *watchedTarget, own bool, st handler.State) time.Duration {
	up, again := p.id != "", s.opts.OnRestart != RestartNone && s.opts.OnRestart != ""
	switch {
	case own && st.Phase != handler.Running:
		return never
	case own && !up && time.Since(st.Since) < startsWithin:
		return lookSoon
	case p.id == port.Tried:
		return lookTrying
	case !up && s.waits(p.target.Name), !own && again:
		return lookOften
	case own && up && !again:
		return never
	}
	return lookSeldom
}

// listener finds the program that listens at a target's address; id is the one of package port.
// For a port of this machine it is the program at the address that has accepted connections
// before or, for the handler that hfhook runs, at the handler's own address.
func (s *Session) listener(p *watchedTarget, own bool, st handler.State) (id string, up bool) {
	if !own {
		for _, address := range s.outbox.Addresses(p.target) {
			if id, up = port.Listener(address); up {
				return id, true
			}
		}
		return "", false
	}
	if st.Phase != handler.Running {
		return "", false // the program that listens is being stopped
	}
	found := map[string]string{} // id by address
	for _, address := range p.target.Addresses() {
		if id, ok := port.Listener(address); ok {
			found[address] = id
		}
		if p.id != "" && found[address] == p.id {
			return p.id, true
		}
	}
	for _, address := range p.target.Addresses() {
		if id, ok := found[address]; ok && port.HeldBy(id, st.PID) {
			s.outbox.Settle(address)
			return id, true
		}
	}
	for _, address := range s.outbox.Addresses(p.target) {
		if id, ok := found[address]; ok { // the listener is another process than the handler, for example a container
			s.outbox.Settle(address)
			return id, true
		}
	}
	return "", false
}

// came sends the events that wait for a target and, if it was there before, those that it gets
// again.
func (s *Session) came(p *watchedTarget, sending *group) {
	at, again := time.Now(), p.seen
	p.seen = true
	if !again || s.opts.OnRestart == RestartNone || s.opts.OnRestart == "" {
		s.outbox.Back(p.target.Name)
		return
	}
	s.log.Info("target is back", "target", p.target.Name)
	t, v := p.target, new(restartReplay)
	p.restartReplay = v
	sending.run("replay after a restart", func(ctx context.Context) error {
		s.replayAfterRestart(ctx, t, at, v)
		return nil
	})
}

// targetStates returns the states of the targets. While hfhook starts the handler, hints about
// other addresses do not help.
func (s *Session) targetStates() []delivery.TargetState {
	states := s.outbox.Health()
	if s.opts.Handler == nil {
		return states
	}
	if st := s.opts.Handler.State(); st.Phase == handler.Running && time.Since(st.Since) >= startsWithin {
		return states
	}
	for i := range states {
		if states[i].Name == s.opts.HandlerTarget && states[i].Health == Away {
			states[i].Hint = ""
		}
	}
	return states
}

// waits reports whether events wait for a target.
func (s *Session) waits(name string) bool {
	for _, st := range s.outbox.Health() {
		if st.Name == name {
			return st.Health == Away
		}
	}
	return false
}
