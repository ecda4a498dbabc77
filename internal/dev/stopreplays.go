package dev

import (
	"context"
	"errors"
	"sync"
)

// ErrStopped is the cause of a ReplayMany or ReplayOnce that was ended by StopReplays.
var ErrStopped = errors.New("stopped from another shell")

// replays are the ones under way.
type replays struct {
	mu    sync.Mutex
	next  int
	stops map[int]context.CancelCauseFunc
}

// begin returns the context of a replay, and a function to call at its end.
func (r *replays) begin(ctx context.Context) (context.Context, func()) {
	ctx, stop := context.WithCancelCause(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stops == nil {
		r.stops = map[int]context.CancelCauseFunc{}
	}
	n := r.next
	r.next++
	r.stops[n] = stop
	return ctx, func() {
		stop(nil)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.stops, n)
	}
}

// StopReplays ends the replays that are under way, and returns how many there were. Attempts
// under way are recorded as interrupted.
func (s *Session) StopReplays() int {
	r := &s.replays
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stop := range r.stops {
		stop(ErrStopped)
	}
	return len(r.stops)
}
