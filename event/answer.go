package event

import (
	"strings"
	"time"
)

// An Answer is the HTTP answer that the sender of an event got. The zero value means that it is
// not known: the event did not come over HTTP, or the process ended before the answer was
// recorded.
type Answer struct {
	At     time.Time
	Took   time.Duration // since the request arrived
	Status int
	Target string // name of the target whose answer was passed on; empty: hfhook answered itself, once the event was on disk
	Reason string // why hfhook answered itself although a target's answer was asked for, or ByRule and the rule

	Arrival Arrival // empty: not known
}

// ByRule is how the Reason of an answer begins that somebody has asked for by --ack STATUS.
const ByRule = "--ack "

// ByRule reports whether the answer is one by --ack STATUS.
func (a Answer) ByRule() bool { return strings.HasPrefix(a.Reason, ByRule) }

// An Arrival says whether the answer reached the sender.
type Arrival string

// The arrivals.
const (
	Written Arrival = "written" // all of it, while the sender kept the connection open
	Lost    Arrival = "lost"    // the sender had closed the connection before
)
