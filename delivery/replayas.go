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

// A ReplayAs says how the replays to a target look to it. The zero value is the usual one:
// the event's own ids, and headers by which a handler can tell a replay.
type ReplayAs struct {
	// New sends a Webhook-Id and an X-Hfhook-Event-Id that no other attempt has, so that a
	// handler which keeps the ids that it has seen takes the event as a new one. Both are
	// recorded with the attempt.
	New bool

	// Exact sends what the Hub sent and nothing of hfhook's own, see exact.go.
	Exact bool

	// Unmarked leaves out X-Hfhook-Replay, and NewEventID sends another X-Hfhook-Event-Id
	// alone. They are for the flags of these names, which New and Exact replace.
	Unmarked, NewEventID bool

	// ForComparison marks the attempts as made to compare their answers.
	ForComparison bool

	Secret SecretPolicy
}

// A SecretPolicy says whether a target gets the secret.
type SecretPolicy int

// The policies.
const (
	SecretByHost SecretPolicy = iota // a target on this machine does, and the hosts of Options.SendSecretTo
	SecretAlways                     // it does
	SecretNever                      // it does not
)

// begin notes in an attempt what is known of it before it is made.
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

// newID is an ID that no event has.
func newID() event.ID {
	var b [16]byte
	_, _ = rand.Read(b[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(time.Now().UnixMilli()))
	copy(b[:6], ms[2:])
	id, _ := event.IDFromBytes(b[:]) // 16 bytes always are one
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
