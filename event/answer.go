package event

import "time"

// An Answer is the HTTP answer that the sender of an event got. The zero value means that it is
// not known: the event did not come over HTTP, or the process ended before the answer was
// recorded.
type Answer struct {
	At     time.Time
	Took   time.Duration // since the request arrived
	Status int
	Target string // name of the target whose answer was passed on; empty: hfhook answered itself, once the event was on disk
	Reason string // why hfhook answered itself although a target's answer was asked for

	Arrival Arrival // empty: not known
}

// An Arrival says whether the answer reached the sender.
type Arrival string

// The arrivals.
const (
	Written Arrival = "written" // all of it, while the sender kept the connection open
	Lost    Arrival = "lost"    // the sender had closed the connection before
)
