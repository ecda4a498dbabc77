package event

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// AttemptKind says why an attempt was made.
type AttemptKind string

// The kinds of a delivery.
const (
	Live   AttemptKind = "live"   // the first attempt of the event at a target
	Replay AttemptKind = "replay" // asked for afterwards
)

// A DeliveryState says how far an attempt has come.
type DeliveryState string

// The states of a delivery.
const (
	Waiting DeliveryState = "waiting" // recorded, not sent yet: its target is busy or down
	Sending DeliveryState = "sending" // under way
	Done    DeliveryState = "done"    // answered or failed
	Dropped DeliveryState = "dropped" // given up without being sent

	// Withheld: not sent, because the target has, or is about to get, the same delivery
	// from the event SameAs. Interrupted: ended by the end of the process or by a person
	// before there was a whole answer. Neither says anything about the target.
	Withheld    DeliveryState = "withheld"
	Interrupted DeliveryState = "interrupted"
)

// A Delivery is one attempt to hand an event to a target.
type Delivery struct {
	Event  ID
	N      int // 1 for the first attempt of the event, counted over all its targets; the store sets it
	Kind   AttemptKind
	State  DeliveryState
	Target string // name of the target
	URL    string // where it was sent: the target's address with the path that was received
	SameAs ID     // of one that was withheld: the event that the target gets instead

	// Attempt is 1 for the first attempt of the event at this target. The store sets it.
	Attempt int

	// Cleared reports that a person has given up what was left over at the target: the
	// attempt decides no outcome. The store sets it.
	Cleared bool

	Started time.Time     // when the request was sent; zero while waiting
	Took    time.Duration // until the last byte of the answer, or the failure
	Status  int           // of the answer; 0 where there was none
	Err     string        // why there was no whole answer

	// Of a command, URL is how it was called, for example "exec ./job.sh", RequestHeader what it
	// had in its environment, and ResponseBody what it wrote. Exited says that it ended by
	// itself, with the status Exit; Status is then 200 for 0, and 500 for any other.
	Exited bool
	Exit   int

	RequestHeader  []Field // as sent, less the secret
	ResponseHeader []Field
	ResponseBody   []byte // the first bytes of it: see ResponseCut
	ResponseSize   int64  // bytes read in all
	ResponseCut    bool   // ResponseBody is not the whole body

	// The sums of the whole body, also where ResponseBody is only its beginning: as it
	// was sent, and with its content coding undone. Without a coding both are the same.
	// One that is not known, since the body did not come whole or cannot be decoded, is
	// zero.
	ResponseSent    Sum
	ResponseDecoded Sum

	Phases Phases

	// SentID and SentDeliveryID are the event id and the Webhook-Id that the target was
	// sent in place of the event's own. Empty: it got those.
	SentID         ID
	SentDeliveryID string

	// ForComparison says that the attempt was made to compare its answer with the one that
	// is right. Other answers are not compared with it until a person accepts it.
	ForComparison bool

	// Accepted is when a person said that the answer is right; zero: nobody did. The store
	// keeps it by itself: recording an attempt does not change it.
	Accepted time.Time
}

// Summary returns the attempt as lists have it: without headers, body and sums of the answer,
// and without what is known of it besides.
func (d Delivery) Summary() Delivery {
	d.RequestHeader, d.ResponseHeader, d.ResponseBody = nil, nil, nil
	d.ResponseSent, d.ResponseDecoded = Sum{}, Sum{}
	d.SentID, d.SentDeliveryID, d.ForComparison, d.Accepted = "", "", false, time.Time{}
	return d
}

// Phases are the parts of an attempt's time. A part that did not happen, as the
// connect on a kept connection, is 0.
type Phases struct {
	Connect   time.Duration `json:"connect"`    // name look-up, TCP and TLS
	Write     time.Duration `json:"write"`      // request head and body
	FirstByte time.Duration `json:"first_byte"` // from the request's end to the first byte of the answer
	Body      time.Duration `json:"body"`       // the rest of the answer
}

// Command reports whether the target is a command.
func (d *Delivery) Command() bool { return strings.HasPrefix(d.URL, "exec ") }

// Result is what came of an attempt that has an answer, in a word: "200", or "exit 0"
// of a command. It is empty where there is none.
func (d *Delivery) Result() string {
	switch {
	case d.Exited:
		return "exit " + strconv.Itoa(d.Exit)
	case d.Status == 0:
		return ""
	}
	return strconv.Itoa(d.Status)
}

// Redirect says of an answer that points elsewhere where to, and what to do about it:
// nothing follows it, for it could lead the secret anywhere. It is empty for any other
// answer.
func (d *Delivery) Redirect() string {
	switch d.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return ""
	}
	for _, f := range d.ResponseHeader {
		if strings.EqualFold(f.Name, "Location") && f.Value != "" {
			to := f.Value
			if base, err := url.Parse(d.URL); err == nil {
				if there, err := base.Parse(to); err == nil {
					to = there.String()
				}
			}
			return "it redirects to " + to + ", and hfhook does not follow redirects: use that address as the target"
		}
	}
	return "it redirects, and hfhook does not follow redirects: use the final address as the target"
}

// OK reports whether the target took the event: an answer from 200 to 299, or of a
// command the exit status 0.
func (d *Delivery) OK() bool {
	return d.State == Done && d.Err == "" && d.Status >= 200 && d.Status <= 299
}
