package tunnel

import "time"

// A Backoff is a wait that grows: First, then twice the one before, never more
// than Max.
type Backoff struct{ First, Max time.Duration }

// wait returns how long to wait after failures that number n+1 in a row.
func (b Backoff) wait(n int) time.Duration {
	d := b.First
	for ; n > 0 && d < b.Max; n-- {
		d *= 2
	}
	return min(d, b.Max)
}
