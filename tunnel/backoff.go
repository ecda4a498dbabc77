package tunnel

import "time"

// A Backoff is a growing wait: First, then twice the previous one, up to Max.
type Backoff struct{ First, Max time.Duration }

// wait returns how long to wait after n+1 failures in a row.
func (b Backoff) wait(n int) time.Duration {
	d := b.First
	for ; n > 0 && d < b.Max; n-- {
		d *= 2
	}
	return min(d, b.Max)
}
