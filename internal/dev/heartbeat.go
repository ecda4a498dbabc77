package dev

// The heartbeat: while events can be received, the store records so every few seconds. So all
// times are known in which none could be received, even if no process ran that could note it.
// One row of the store grows with the beats.

import (
	"context"
	"errors"
	"time"

	"hfhook/store"
	"hfhook/tunnel"
)

const (
	beatEvery = 5 * time.Second
	lookEvery = time.Second // how often new events are looked for, to count triggers

	// countRest is the pause after a count, as a multiple of the time that the count took: a
	// busy day has many rows, and counting may take no more than a small part of the time.
	countRest = 50

	// shownSpans is how many spans the gaps are computed from. A session that runs all day has
	// one span, and one more after each loss.
	shownSpans = 1000
)

// coverage is what the heartbeat publishes. It is never changed afterwards.
type coverage struct {
	gaps     []store.Gap
	offline  time.Time // since when nothing can be received; zero: events can be received
	triggers []store.Triggers
}

// heartbeat records every few seconds, and when the tunnel changes, whether events can be
// received. It ends with ctx, after one last record.
func (s *Session) heartbeat(ctx context.Context) error {
	p := pulse{run: s.started}
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	quotaSeen := quota{}
	var beat, counted, rested time.Time
	received := int64(-1)
	for {
		now := time.Now().Round(0) // wall-clock time: the monotonic clock stops during sleep
		s.beat(ctx, &p, now, false)
		beat = now
		for due := false; !due; {
			if n := s.received.Load(); !now.Before(rested) && (n != received || now.Sub(counted) >= beatEvery) {
				received, counted = n, now
				begun := time.Now()
				for _, n := range quotaSeen.notices(s.count(ctx, now)) {
					s.Notify(n)
				}
				rested = now.Add(countRest * time.Since(begun))
			}
			select {
			case <-ctx.Done():
				s.beat(context.WithoutCancel(ctx), &p, time.Now().Round(0), true)
				return nil
			case <-s.tunneled:
				s.rememberURL()
				due = true
			case <-ticks.C:
				now = time.Now().Round(0)
				due = now.Sub(beat) >= beatEvery
			}
		}
	}
}

// reach returns whether events can be received now.
func (s *Session) reach() reach {
	st := s.tunnel.State()
	if st.Provider == "" { // no tunnel is used, so none can be lost
		return reach{up: true, since: s.started.Round(0), via: store.ViaLocal}
	}
	return reach{up: st.Phase == tunnel.Up, since: st.Since.Round(0), via: st.URL}
}

// beat records whether events can be received now, or that the session is over, and publishes
// the gaps.
func (s *Session) beat(ctx context.Context, p *pulse, now time.Time, over bool) {
	r := s.reach()
	r.over = over
	if sp, ok := p.next(now, r); ok {
		err := s.store.PutSpan(ctx, &sp)
		p.put(sp, err)
		if err == nil || takesNothing(err) {
			s.health.wrote(err)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Debug("heartbeat", "error", err)
		}
	}
	spans, err := s.store.Spans(ctx, shownSpans)
	if err != nil {
		return
	}
	known := coverage{gaps: store.Gaps(spans)}
	if old := s.coverage.Load(); old != nil {
		known.triggers = old.triggers
	}
	if !r.up {
		for _, sp := range spans {
			if sp.To.After(known.offline) {
				known.offline = sp.To
			}
		}
		if known.offline.IsZero() { // nothing was ever received
			known.offline = s.started
		}
	}
	s.coverage.Store(&known)
	s.change()
}

// count returns the triggers of the last day; nil: they are not known.
func (s *Session) count(ctx context.Context, now time.Time) []store.Triggers {
	triggers, err := s.store.Triggers(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return nil
	}
	r := coverage{triggers: triggers}
	if old := s.coverage.Load(); old != nil {
		r.gaps, r.offline = old.gaps, old.offline
	}
	s.coverage.Store(&r)
	s.change()
	return triggers
}

// A reach says whether events can be received at one moment.
type reach struct {
	up    bool
	since time.Time // of up; else when the tunnel was lost
	via   string    // see store.Span
	over  bool      // the session ends: nothing more is received
}

// A pulse is the heartbeat's memory of what was recorded last.
type pulse struct {
	run    time.Time
	last   store.Span
	now    reach // as of the last call
	failed bool  // the last span was not recorded
}

// leastLoss is how long the tunnel must be lost for a gap: delivery ids have a resolution of
// one second.
const leastLoss = time.Second

// next returns the span to record now, if there is one.
func (p *pulse) next(now time.Time, r reach) (sp store.Span, ok bool) {
	was := p.now
	p.now = r
	sp = p.last
	silent := now.Sub(sp.To) > store.LeastGap // the process was stopped or the machine slept
	begin := func(at time.Time, why store.Why) (store.Span, bool) {
		return store.Span{Run: p.run, From: at, To: now, Why: why, Via: r.via, Closed: r.over}, true
	}
	switch {
	case !r.up:
		lost := r.since
		if lost.After(now) {
			lost = now
		}
		if sp.ID == 0 || sp.Closed || lost.Sub(sp.To) > store.LeastGap {
			return sp, false
		}
		if lost.After(sp.To) {
			sp.To = lost
		}
		sp.Closed = true
		return sp, true
	case sp.ID == 0:
		return begin(now, store.Started)
	case p.failed:
		return begin(now, store.Stored)
	case !was.up && (!sp.Closed || now.Sub(sp.To) >= leastLoss):
		return begin(now, store.Tunnel)
	case was.up && r.since.After(was.since) && r.since.After(sp.To) && !silent: // lost and up again between two calls
		return begin(r.since, store.Tunnel)
	case silent:
		return begin(now, store.Paused)
	}
	if now.After(sp.To) { // else the clock was set back
		sp.To = now
	}
	sp.Closed = r.over
	return sp, true
}

// put notes the result of recording a span.
func (p *pulse) put(sp store.Span, err error) {
	p.failed = err != nil
	switch {
	case err == nil:
		p.last = sp
	case errors.Is(err, store.ErrNotFound): // it was deleted
		p.last = store.Span{}
	}
}
