package store

import (
	"time"

	"hfhook/event"
)

// An Order is the sort order of a list.
type Order string

// The orders. Equal events are sorted by time.
const (
	ByTime     Order = ""         // newest first
	ByDuration Order = "duration" // slowest first: see Slowest. Events without an answer come last
	BySize     Order = "size"     // largest body first
)

// Slowest returns the longest duration among the targets; false: no attempt is done.
func Slowest(r *event.Row) (took time.Duration, ok bool) {
	for i := range r.Outcomes {
		if last := &r.Outcomes[i].Last; last.State == event.Done && (!ok || last.Took > took) {
			took, ok = last.Took, true
		}
	}
	return took, ok
}
