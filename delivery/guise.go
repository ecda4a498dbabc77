package delivery

// What a replay tells a target of itself.

import (
	"crypto/rand"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"time"

	"hfhook/event"
)

// A Guise is how the replays to a target look to it. The zero value is the usual one.
type Guise struct {
	// Unmarked leaves out X-Hfhook-Replay, so that nothing tells a replay from a live
	// delivery but its number.
	Unmarked bool

	// NewID sends an X-Hfhook-Event-Id that no other attempt has, so that a handler
	// which keeps the ids it has seen does not take the event for one of them.
	NewID bool

	// Secret says whether the secret is sent, whatever the target's host.
	Secret Disclosure
}

// A Disclosure says whether a target gets the secret.
type Disclosure int

// The disclosures.
const (
	ByHost   Disclosure = iota // a target on this machine does, and the hosts of Options.SendSecretTo
	Always                     // it does
	Withheld                   // it does not
)

// apply changes what an attempt would send.
func (g Guise) apply(h http.Header) {
	if g.Unmarked {
		h.Del(replayHeader)
	}
	if g.NewID {
		h.Set(idHeader, string(newID()))
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

// mayKnow tells whether a target gets the secret.
func (s *sender) mayKnow(t Target) bool {
	switch t.Guise.Secret {
	case Always:
		return true
	case Withheld:
		return false
	}
	if t.Loopback() {
		return true
	}
	host := t.URL.Hostname()
	return slices.ContainsFunc(s.secretFor, func(h string) bool { return strings.EqualFold(h, host) })
}
