package dev

// The heartbeat: while events can be received the store is told so every few seconds,
// so that afterwards each time in which they could not is known, also that in which
// nothing ran that could have noted it. One row of the store grows with the beats.

import (
	"context"
	"errors"
	"time"

	"hfhook/store"
	"hfhook/tunnel"
)

const (
	beatEvery = 5 * time.Second
	lookEvery = time.Second // at what came in, to count the triggers

	// countRest is how many times as long as a count took there is none after it: a busy
	// day has many rows to count, and a count may take no more than a small part of the time.
	countRest = 50

	// shownSpans is how far back the gaps are known. A session that runs all day has
	// one span, and one more after each loss.
	shownSpans = 1000
)

// reached is what the heartbeat knows. It is not changed once it was published.
type reached struct {
	gaps     []store.Gap
	offline  time.Time // since when nothing can be received; zero while it can
	triggers []store.Triggers
}

// heartbeat notes every few seconds, and when the tunnel changes, whether events can be
// received. It ends with ctx, and then notes that once more.
func (s *Session) heartbeat(ctx context.Context) error {
	p := pulse{run: s.started}
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	var beat, counted, rested time.Time
	received := int64(-1)
	for {
		now := time.Now().Round(0) // the wall's time: the other one stands still in sleep
		s.beat(ctx, &p, now)
		beat = now
		for due := false; !due; {
			if n := s.received.Load(); !now.Before(rested) && (n != received || now.Sub(counted) >= beatEvery) {
				received, counted = n, now
				begun := time.Now()
				s.count(ctx, now)
				rested = now.Add(countRest * time.Since(begun))
			}
			select {
			case <-ctx.Done():
				s.beat(context.WithoutCancel(ctx), &p, time.Now().Round(0))
				return nil
			case <-s.tunneled:
				due = true
			case <-ticks.C:
				now = time.Now().Round(0)
				due = now.Sub(beat) >= beatEvery
			}
		}
	}
}

// beat records whether events can be received now, and publishes the gaps.
func (s *Session) beat(ctx context.Context, p *pulse, now time.Time) {
	up, lost := true, time.Time{}
	if s.tunnel != nil {
		st := s.tunnel.State()
		up, lost = st.Phase == tunnel.Up, st.Since.Round(0)
	}
	if sp, ok := p.next(now, up, lost); ok {
		err := s.store.PutSpan(ctx, &sp)
		p.put(sp, err)
		switch {
		case err == nil: // it can be written again
			s.storeErr.Store(nil)
		case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrReadOnly), errors.Is(err, store.ErrBusy):
			s.noteTrouble(err)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Debug("heartbeat", "error", err)
		}
	}
	spans, err := s.store.Spans(ctx, shownSpans)
	if err != nil {
		return
	}
	r := reached{gaps: store.Gaps(spans)}
	if old := s.reached.Load(); old != nil {
		r.triggers = old.triggers
	}
	if !up {
		for _, sp := range spans {
			if sp.To.After(r.offline) {
				r.offline = sp.To
			}
		}
		if r.offline.IsZero() { // nothing was ever received
			r.offline = s.started
		}
	}
	s.reached.Store(&r)
	s.change()
}

// count counts the triggers of the last day.
func (s *Session) count(ctx context.Context, now time.Time) {
	triggers, err := s.store.Triggers(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return
	}
	r := reached{triggers: triggers}
	if old := s.reached.Load(); old != nil {
		r.gaps, r.offline = old.gaps, old.offline
	}
	s.reached.Store(&r)
	s.change()
}

// A pulse is the heartbeat's memory: what was recorded last.
type pulse struct {
	run    time.Time
	last   store.Span
	up     bool // events could be received when it was last asked
	failed bool // the last span was not recorded
}

// next is the span to record now, if there is one. up tells whether events can be
// received, lost since when not.
func (p *pulse) next(now time.Time, up bool, lost time.Time) (sp store.Span, ok bool) {
	wasUp := p.up
	p.up = up
	sp = p.last
	switch {
	case !up:
		if lost.After(now) {
			lost = now
		}
		if !wasUp || sp.ID == 0 || !lost.After(sp.To) || lost.Sub(sp.To) > store.LeastGap {
			return sp, false
		}
		sp.To = lost
	case sp.ID == 0:
		sp = store.Span{Run: p.run, From: now, To: now, Why: store.Started}
	case now.Sub(sp.To) <= store.LeastGap:
		if now.After(sp.To) { // else the clock was put back
			sp.To = now
		}
	default:
		why := store.Paused
		switch {
		case !wasUp:
			why = store.Tunnel
		case p.failed:
			why = store.Stored
		}
		sp = store.Span{Run: p.run, From: now, To: now, Why: why}
	}
	return sp, true
}

// put notes what became of a span.
func (p *pulse) put(sp store.Span, err error) {
	p.failed = err != nil
	switch {
	case err == nil:
		p.last = sp
	case errors.Is(err, store.ErrNotFound): // somebody has deleted it
		p.last = store.Span{}
	}
}
