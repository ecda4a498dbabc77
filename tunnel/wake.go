package tunnel

import (
	"context"
	"time"
)

// A sleeping machine stops its timers, and its connections die silently. The wall clock does
// not stop: a tick that is late by the wall clock means that the process did not run in
// between.
const (
	wakeTick  = 5 * time.Second
	overslept = 15 * time.Second // longer delays mean sleep, not load
)

// watchSleep puts a value into woke, which has one slot, after each time that the
// machine or the process was stopped for a while. It returns when ctx ends.
func watchSleep(ctx context.Context, wall func() time.Time, woke chan<- struct{}) {
	ticker := time.NewTicker(wakeTick)
	defer ticker.Stop()
	last := wall().Round(0) // Round drops the monotonic reading, which stands still in sleep
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := wall().Round(0)
		if now.Sub(last) > wakeTick+overslept {
			select {
			case woke <- struct{}{}:
			default:
			}
		}
		last = now
	}
}
