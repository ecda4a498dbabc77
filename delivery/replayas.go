package delivery

// How a replay looks to its target.

import (
	"crypto/rand"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"time"

	"hfhook/event"
)

// A ReplayAs says how the replays to a target look to it. The zero value is the default: the
// event's own ids, and headers by which a handler can recognise a replay.
type ReplayAs struct {
	// New sends a new Webhook-Id and X-Hfhook-Event-Id, so that a handler that remembers ids
	// treats the event as a new one. Both are recorded with the attempt.
	New bool

	// Exact sends what the Hub sent, and no headers of hfhook, see exact.go.
	Exact bool

	// Unmarked leaves out X-Hfhook-Replay, and NewEventID sends a new X-Hfhook-Event-Id only.
	// They are for the deprecated flags of these names; New and Exact replace them.
	Unmarked, NewEventID bool

	// ForComparison marks the attempts as made to compare their answers.
	ForComparison bool

	Secret SecretPolicy
}

// A SecretPolicy says whether a target gets the secret.
type SecretPolicy int

// The policies.
const (
	SecretByHost SecretPolicy = iota // a target on this machine gets it, and the hosts of Options.SendSecretTo
	SecretAlways                     // the target gets it
	SecretNever                      // the target does not get it
)

// begin sets the fields of an attempt that are known before it is made.
func (r ReplayAs) begin(d *event.Delivery) {
	d.ForComparison = r.ForComparison
	if r.New || r.NewEventID {
		d.SentID = newID()
	}
	if r.New {
		d.SentDeliveryID = event.NewDeliveryID()
	}
}

// apply changes the usual headers of an attempt.
func (r ReplayAs) apply(h http.Header, d *event.Delivery) {
	if r.Unmarked {
		h.Del(replayHeader)
	}
	if d.SentID != "" {
		h.Set(idHeader, string(d.SentID))
	}
	if d.SentDeliveryID != "" {
		h.Set(event.DeliveryHeader, d.SentDeliveryID)
	}
}

// newID returns an ID that no event has.
func newID() event.ID {
	var b [16]byte
	_, _ = rand.Read(b[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(time.Now().UnixMilli()))
	copy(b[:6], ms[2:])
	id, _ := event.IDFromBytes(b[:]) // 16 bytes are always valid
	return id
}

// mayKnow reports whether a target gets the secret.
func (s *sender) mayKnow(t Target) bool {
	switch t.ReplayAs.Secret {
	case SecretAlways:
		return true
	case SecretNever:
		return false
	}
	if t.Loopback() {
		return true
	}
	host := t.URL.Hostname()
	return slices.ContainsFunc(s.secretFor, func(h string) bool { return strings.EqualFold(h, host) })
}
