// Package event has the types that all parts of hfhook share: the event, the delivery and the
// rejected request.
package event

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"hfhook/payload"
)

// Origin says where an event came from.
type Origin string

// The origins of an event.
const (
	FromHub    Origin = "hub"       // came in over HTTP with the right secret
	Synthetic  Origin = "synthetic" // made by trigger
	FromImport Origin = "import"    // read from a file
	FromEdit   Origin = "edit"      // an edited copy of the event Parent
)

// A Field is one header line. The values of one name keep their order; the names are sorted,
// since net/http does not keep their order.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Capture is a verified request as it came, and what was read from it. It is not changed
// once it was handed on: what differs, such as an edited copy, has a Capture of its own.
// Body and Header are shared, not copied. Neither contains the secret.
type Capture struct {
	Received time.Time
	Method   string
	Path     string // escaped as it was sent, without trailing slashes, for example /webhooks/say_hello
	Query    string // raw, without the parameter secret
	Proto    string // for example HTTP/1.1
	Peer     string // address of the client as the server saw it
	Tunnel   bool   // came through the tunnel's listener
	Header   []Field
	Body     []byte
	SHA256   [sha256.Size]byte // of Body

	Origin     Origin
	Parent     ID     // the event that this is an edited copy of
	DeliveryID string // the Hub's Webhook-Id: the same on its retries and replays of one delivery

	// Matched says which of the accepted secrets the request had: 1 for the present one, 2 for
	// the previous one, and so on. 0: no secret was required, or it is not known.
	Matched     int
	HoldsSecret bool // the body contains a secret

	// Payload is what could be read of the body, and nil if nothing could. Only an event that
	// was made by hand can have a body that payload.Parse rejects; Warnings then begin with the
	// reasons.
	Payload  *payload.Payload
	Warnings []payload.Warning
}

// An Event is a Capture with what is known about it once it is recorded. The store sets
// everything except the Capture and Unwanted.
type Event struct {
	Capture

	ID ID // empty until the event is recorded

	// Key is the ID of the first event with this DeliveryID, even if that was deleted; empty:
	// this event is the first.
	Key ID

	// Duplicate is the earliest recorded event with the same DeliveryID that still exists.
	Duplicate ID

	// SameBody is the newest earlier event with the same body; it is set if neither has a
	// DeliveryID, and stays when that event is deleted. SameBodyAt is the time at which that
	// event was received.
	SameBody   ID
	SameBodyAt time.Time

	// Unwanted reports that there were targets when the event was recorded, and that no
	// target's when= matched it.
	Unwanted bool

	Pin    string // the name that a person gave the event, or empty
	Note   string // what a person wrote about the event
	Answer Answer // the answer that the sender got
}

// HandlerID is the id that targets get with the event, so that they can recognise repeats: it
// is the same for all events with one DeliveryID.
func (e *Event) HandlerID() ID {
	if e.Key != "" {
		return e.Key
	}
	return e.ID
}

// AllWarnings returns the warnings about the payload, and the one about a secret in the body.
func (c *Capture) AllWarnings(ofPayload []payload.Warning) []payload.Warning {
	if !c.HoldsSecret {
		return ofPayload
	}
	return append(ofPayload, payload.Warning{Path: ".", Text: "the body contains the webhook secret, so anyone who sees the event can use it: remove it there and set a new secret"})
}

// Secret says which of the accepted secrets the event was verified with: "present",
// "previous", "previous but 1", and so on. It is empty if that is not known.
func (c *Capture) Secret() string {
	switch c.Matched {
	case 0:
		return ""
	case 1:
		return "present"
	case 2:
		return "previous"
	}
	return "previous but " + strconv.Itoa(c.Matched-2)
}

// Values returns the values of a header in their order. Letter case does not matter in the
// name.
func (c *Capture) Values(name string) []string {
	var values []string
	for _, f := range c.Header {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// MaxRowNote is how many bytes of a note a Row has at most.
const MaxRowNote = 200

// A Row is what one line of a list shows of an event. It has no body and no headers.
type Row struct {
	ID        ID
	Received  time.Time
	Path      string
	Scope     payload.Scope
	Action    payload.Action
	RepoType  payload.RepoType
	Repo      string
	Label     string // for example "PR opened": see payload.Meaning
	Subject   string // for example `me/corpus#19 "Fix split names"`
	Size      int64  // of the body, in bytes
	Origin    Origin
	Parent    ID
	Duplicate ID
	SameBody  ID
	Warnings  int
	Pin       string // the name that a person gave the event, or empty
	Note      string // the beginning of what a person wrote about it: see MaxRowNote

	SameBodyAt time.Time // when SameBody was received

	AckStatus  int       // what --ack STATUS had the sender told; 0: another answer, or none yet
	Unwanted   bool      // see Event
	Missed     bool      // the Hub sent it first while nothing could be received; set only if a filter asks for it
	Outcomes   []Outcome // in the order of the targets of the running programs
	Deliveries int       // attempts so far, at any address, including the waiting ones
	Last       Delivery  // the newest attempt, at any address. It decides no outcome; zero if Deliveries is 0

	// The attempts have neither headers nor bodies.
}
