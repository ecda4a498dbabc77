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
	Replay AttemptKind = "replay" // asked for by a person
)

// A DeliveryState is the progress of an attempt.
type DeliveryState string

// The states of a delivery.
const (
	Waiting DeliveryState = "waiting" // recorded, not sent yet: its target is busy or down
	Sending DeliveryState = "sending" // under way
	Done    DeliveryState = "done"    // answered or failed
	Dropped DeliveryState = "dropped" // discarded without being sent

	// Withheld: not sent, because the target has or will get the same delivery from the event
	// SameAs. Interrupted: the process ended, or a person cancelled the attempt, before the
	// answer was complete. Neither says anything about the target.
	Withheld    DeliveryState = "withheld"
	Interrupted DeliveryState = "interrupted"
)

// A Delivery is one attempt to send an event to a target.
type Delivery struct {
	Event  ID
	N      int // 1 for the first attempt of the event, counted over all its targets; the store sets it
	Kind   AttemptKind
	State  DeliveryState
	Target string // name of the target
	URL    string // where it was sent: the target's address with the path that was received
	SameAs ID     // if withheld: the event that the target gets instead

	// Attempt is 1 for the first attempt of the event at this target. The store sets it.
	Attempt int

	// Cleared reports that a person has discarded what was left at the target: the attempt
	// decides no outcome. The store sets it.
	Cleared bool

	Started time.Time     // when the request was sent; zero while waiting
	Took    time.Duration // until the last byte of the answer, or the failure
	Status  int           // of the answer; 0: there was none
	Err     string        // why there was no complete answer

	// For a command, URL is the command line, for example "exec ./job.sh", RequestHeader its
	// environment, and ResponseBody its output. Exited reports that it ended by itself, with
	// the exit status Exit; Status is then 200 for exit status 0, and 500 for any other.
	Exited bool
	Exit   int

	RequestHeader  []Field // as sent, less the secret
	ResponseHeader []Field
	ResponseBody   []byte // the beginning of it: see ResponseCut
	ResponseSize   int64  // bytes read in all
	ResponseCut    bool   // ResponseBody is not the complete body

	// The sums of the complete body, even if ResponseBody is only its beginning: as sent, and
	// with its content coding undone. Without a coding both are the same. A sum is zero if it
	// is not known, because the body was incomplete or could not be decoded.
	ResponseSent    Sum
	ResponseDecoded Sum

	Phases Phases

	// SentID and SentDeliveryID are the event id and the Webhook-Id that the target was sent in
	// place of the event's own. Empty: it got the event's own.
	SentID         ID
	SentDeliveryID string

	// ForComparison reports that the attempt was made to compare its answer with the accepted
	// one. Later answers are not compared with it until a person accepts it.
	ForComparison bool

	// Accepted is when a person accepted the answer as correct; zero: nobody did. Recording the
	// attempt does not change it.
	Accepted time.Time
}

// Summary returns the attempt as lists show it: without the headers, body and sums of the
// answer.
func (d Delivery) Summary() Delivery {
	d.RequestHeader, d.ResponseHeader, d.ResponseBody = nil, nil, nil
	d.ResponseSent, d.ResponseDecoded = Sum{}, Sum{}
	d.SentID, d.SentDeliveryID, d.ForComparison, d.Accepted = "", "", false, time.Time{}
	return d
}

// Phases are the parts of an attempt's time. A part that did not happen is 0, for example
// Connect on a connection that was reused.
type Phases struct {
	Connect   time.Duration `json:"connect"`    // name lookup, TCP and TLS
	Write     time.Duration `json:"write"`      // request head and body
	FirstByte time.Duration `json:"first_byte"` // from the request's end to the first byte of the answer
	Body      time.Duration `json:"body"`       // the rest of the answer
}

// Command reports whether the target is a command.
func (d *Delivery) Command() bool { return strings.HasPrefix(d.URL, "exec ") }

// Result is the result of an attempt that was answered, in a word: "200", or "exit 0" for a
// command. It is empty if there was no answer.
func (d *Delivery) Result() string {
	switch {
	case d.Exited:
		return "exit " + strconv.Itoa(d.Exit)
	case d.Status == 0:
		return ""
	}
	return strconv.Itoa(d.Status)
}

// Redirect says where a redirect points and what to do about it. hfhook follows no redirects,
// because they could lead the secret anywhere. It is empty for any other answer.
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

// OK reports whether the target accepted the event: an answer from 200 to 299, or exit status 0
// of a command.
func (d *Delivery) OK() bool {
	return d.State == Done && d.Err == "" && d.Status >= 200 && d.Status <= 299
}
