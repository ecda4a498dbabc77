package event

import "time"

// An Answer is what the sender of an event was told. The zero value: that is not known,
// since the event did not come over HTTP, or the process ended in that moment.
type Answer struct {
	At     time.Time
	Took   time.Duration // since the request was there
	Status int
	Target string // name of the target whose answer was passed on; empty: it was hfhook's own, once the event was on disk
	Reason string // why it was hfhook's own although a target's was asked for

	Arrival Arrival // empty: not known
}

// An Arrival says whether an answer got out.
type Arrival string

// The arrivals.
const (
	Written Arrival = "written" // all of it, while the sender kept the connection open
	Lost    Arrival = "lost"    // the sender had closed the connection before
)
