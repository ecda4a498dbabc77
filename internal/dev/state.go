package dev

import (
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/handler"
	"hfhook/internal/lease"
	"hfhook/store"
	"hfhook/tunnel"
)

// A State is everything that a front end shows except the events themselves. It is never
// changed after it was published, so any goroutine may keep it.
type State struct {
	Started  time.Time
	LocalURL string // of the hook, for example http://127.0.0.1:4665/webhooks
	HookURL  string // of the hook, public; empty until the tunnel's URL is known
	NoReach  string // why the Hub cannot send to the hook; empty: nothing is known against it
	Project  string // name of the working directory

	Tunnel  tunnel.State
	Secret  Secret
	Store   Store
	Targets []delivery.TargetState
	Ports   map[string]bool // by name of targets on this machine: whether something listens there
	Hub     *lease.State    // nil: the Hub is left alone

	Handler        *handler.State  // nil: hfhook runs none
	HandlerRestart *HandlerRestart // the last one; nil: there was none
	Notices        []Notice        // the newest notices, newest last

	Gaps     []store.Gap      // when nothing could be received, in this and earlier sessions, oldest first
	Offline  time.Time        // since when nothing can be received; zero: events can be received
	Triggers []store.Triggers // of the last 24 hours by webhook, most first

	Received int64            // events recorded by this session
	Failed   int64            // attempts of this session that were not answered 2xx
	Rejected []event.Rejected // newest last, the last 1,000 of them
	Refused  int64            // requests rejected by this session
}

// Health returns the state of a target, by its last attempt and, on this machine, by what
// listens there now.
func (st *State) Health(t *Target) Health {
	listens, known := st.Ports[t.Name]
	switch {
	case known && !listens:
		return Away
	case known && t.Health == Unknown:
		return Healthy
	}
	return t.Health
}

// Secret is what may be shown about the secret.
type Secret struct {
	Verified bool   // false with --no-verify: anybody may post
	Source   string // for example "WEBHOOK_SECRET" or the path of its file
	Length   int    // in characters
	Made     bool   // hfhook made it
	Previous bool   // an earlier secret is accepted too
	Typed    bool   // it was typed in or fixed in this session: Source has another one
	Bad      int    // requests with a missing or wrong secret since the secret was set, if they may be from the Hub; not those of strangers
}

type (
	Target = delivery.TargetState
	Health = delivery.Health
)

const (
	Unknown = delivery.Unknown
	Healthy = delivery.Healthy
	Failing = delivery.Failing
	Away    = delivery.Away
)
