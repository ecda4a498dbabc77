package event

import "time"

// Kind says why an attempt was made.
type Kind string

// The kinds of a delivery.
const (
	Live   Kind = "live"   // the first way of the event to a target
	Replay Kind = "replay" // asked for afterwards
)

// A DeliveryState says how far an attempt has come.
type DeliveryState string

// The states of a delivery.
const (
	Waiting DeliveryState = "waiting" // recorded, not sent yet: its target is busy or down
	Sending DeliveryState = "sending" // under way
	Done    DeliveryState = "done"    // answered or failed
	Dropped DeliveryState = "dropped" // given up without being sent
)

// A Delivery is one attempt to hand an event to a target.
type Delivery struct {
	Event  ID
	N      int // 1 for the first attempt of the event, counted over all its targets
	Kind   Kind
	State  DeliveryState
	Target string // name of the target
	URL    string // where it was sent: the target's address with the path that was received

	Started time.Time     // when the request was sent; zero while waiting
	Took    time.Duration // until the last byte of the answer, or the failure
	Status  int           // of the answer; 0 where there was none
	Err     string        // why there was no whole answer

	RequestHeader  []Field // as sent, less the secret
	ResponseHeader []Field
	ResponseBody   []byte // the first bytes of it: see ResponseCut
	ResponseSize   int64  // bytes read in all
	ResponseCut    bool   // ResponseBody is not the whole body

	Phases Phases
}

// Phases are the parts of an attempt's time. A part that did not happen, as the
// connect on a kept connection, is 0.
type Phases struct {
	Connect   time.Duration `json:"connect"`    // name look-up, TCP and TLS
	Write     time.Duration `json:"write"`      // request head and body
	FirstByte time.Duration `json:"first_byte"` // from the request's end to the first byte of the answer
	Body      time.Duration `json:"body"`       // the rest of the answer
}

// OK tells whether the target took the event: an answer from 200 to 299.
func (d *Delivery) OK() bool {
	return d.State == Done && d.Err == "" && d.Status >= 200 && d.Status <= 299
}
