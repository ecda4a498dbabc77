// Package event holds the nouns of hfhook: the event, the delivery and the
// rejected request. It is what the server hands to the store, the store to the
// screen, and a target gets.
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

// A Field is one header line. The values of one name keep the order in which
// they came; the names are sorted, since net/http keeps no order among them.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An Event is one verified request that was recorded.
//
// Body and Header are shared, never copied: nobody may change them once the event
// was recorded. The secret is in neither.
type Event struct {
	ID       ID // empty until the store has recorded the event
	Received time.Time
	Method   string
	Path     string // escaped as it was sent, without slashes at its end, for example /webhooks/say_hello
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

	// Key is the ID of the first event with this DeliveryID, also after that was deleted;
	// empty: this is the first. The store sets it.
	Key ID

	// Matched is which of the accepted secrets the request brought: 1 for the present one,
	// 2 for the one before it, and so on. 0: none was wanted, or it is not known.
	Matched     int
	HoldsSecret bool // a secret is in the body

	// Payload is what could be read of the body, and nil if nothing could. Only an event
	// that was made by hand can have a body that payload.Parse refuses; Warnings then
	// begin with the reasons.
	Payload  *payload.Payload
	Warnings []payload.Warning

	Pin  string // the name that a person gave the event; empty where it has none. The store keeps it
	Note string // what a person wrote about the event; the store keeps it

	// Duplicate is the earliest recorded event with the same DeliveryID that was not
	// deleted. The store sets it.
	Duplicate ID

	// SameBody is the newest earlier event with the same body, of those that have no
	// DeliveryID, as this one has none; it stays when that event is deleted. The store
	// sets it, and the time at which that one was received.
	SameBody   ID
	SameBodyAt time.Time

	// Unwanted reports that there were targets when the event was recorded, and that the
	// when= of none of them takes it.
	Unwanted bool

	// Answer is what the sender was told. The store sets it.
	Answer Answer
}

// HandlerID is the id that targets get with the event, for them to know it again: it is
// the same for all events with one DeliveryID.
func (e *Event) HandlerID() ID {
	if e.Key != "" {
		return e.Key
	}
	return e.ID
}

// AllWarnings returns the warnings about the payload, and that about a secret in the body.
func (e *Event) AllWarnings(ofPayload []payload.Warning) []payload.Warning {
	if !e.HoldsSecret {
		return ofPayload
	}
	return append(ofPayload, payload.Warning{Path: ".", Text: "the body contains the webhook secret, so anyone who sees the event can use it: remove it there and set a new secret"})
}

// Secret says which of the accepted secrets the event was verified with: "present",
// "previous", "previous but 1", and so on. It is empty if that is not known.
func (e *Event) Secret() string {
	switch e.Matched {
	case 0:
		return ""
	case 1:
		return "present"
	case 2:
		return "previous"
	}
	return "previous but " + strconv.Itoa(e.Matched-2)
}

// Values returns the values of a header in the order in which they came. The
// name is compared without regard to letter case.
func (e *Event) Values(name string) []string {
	var values []string
	for _, f := range e.Header {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// MaxRowNote is how much of a note a Row has, in bytes.
const MaxRowNote = 200

// A Row is what a line of a list shows of an event: no body, no headers.
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
	Pin       string // the name that a person gave the event; empty where it has none
	Note      string // the beginning of what a person wrote about it: see MaxRowNote

	SameBodyAt time.Time // when SameBody was received

	Unwanted   bool      // see Event
	Missed     bool      // it was sent first while nothing could be received; set only where a filter asks for it
	Outcomes   []Outcome // see Outcomes; in the order in which the running programs have the targets
	Deliveries int       // attempts so far, wherever they went, the waiting ones included
	Last       Delivery  // the newest attempt, wherever it went: it decides nothing. Zero if Deliveries is 0

	// The attempts have no headers and bodies.
}
