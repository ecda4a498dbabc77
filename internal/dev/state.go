package dev

import (
	"time"

	"hfhook/event"
	"hfhook/store"
	"hfhook/tunnel"
)

// A State is all that a face of the session shows but the events themselves. It
// is never changed once it was published, so any goroutine may keep it.
type State struct {
	Started  time.Time
	LocalURL string // of the hook, as in http://127.0.0.1:4665/webhooks
	HookURL  string // of the hook, public; empty until the tunnel's URL is known
	Project  string // name of the working directory

	Tunnel  tunnel.State
	Secret  Secret
	Store   Store
	Targets []Target

	Received int64            // events recorded by this session
	Rejected []event.Rejected // newest last, the last 1,000 of them
	Refused  int64            // requests rejected by this session
}

// Secret is what may be said about the secret.
type Secret struct {
	Verified bool   // false with --no-verify: everybody may post
	Source   string // as in "WEBHOOK_SECRET" or the path of its file
	Length   int    // in characters
	Made     bool   // hfhook made it
	Previous bool   // an earlier secret is accepted too
	Bad      int    // requests of this session refused for a missing or wrong secret
}

// Store is the state of the event store.
type Store struct {
	store.Stats
	Err string // why the last write failed; empty once one has succeeded again
}

// Health says what is known of a target.
type Health string

// The healths of a target.
const (
	Unknown Health = "unknown" // nothing was sent yet, and nothing was tried
	Healthy Health = "up"      // the last answer was a 2xx, or it takes connections
	Failing Health = "failing" // it answers, but not with a 2xx
	Away    Health = "down"    // it takes no connection: events wait for it
)

// A Target is the state of one target.
type Target struct {
	Name    string
	URL     string
	Health  Health
	Status  int           // of the last answer
	Took    time.Duration // of the last answer
	Err     string        // why there was no answer
	InARow  int           // failures since the last success
	Waiting int           // events that were not sent yet
}
