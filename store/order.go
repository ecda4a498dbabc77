package store

import (
	"time"

	"hfhook/event"
)

// An Order is what the rows of a list are sorted by.
type Order string

// The orders. Events that are equal in it are sorted by time.
const (
	ByTime     Order = ""         // newest first
	ByDuration Order = "duration" // slowest first: see Slowest. Those that no target has answered come last
	BySize     Order = "size"     // largest body first
)

// Slowest returns how long the target that took longest took; false: no attempt is done.
func Slowest(r *event.Row) (took time.Duration, ok bool) {
	for i := range r.Outcomes {
		if last := &r.Outcomes[i].Last; last.State == event.Done && (!ok || last.Took > took) {
			took, ok = last.Took, true
		}
	}
	return took, ok
}
