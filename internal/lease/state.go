package lease

// Kind there is to show: whose token, which webhooks, and what happened.

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"hfhook/internal/hub"
)

// A State is what a Keeper knows of the Hub. It is never changed once it was given out.
type State struct {
	User string    // whose token it is; empty: not known, or none
	Role string    // of the token: see hub.Account
	Read time.Time // when Hooks were read; zero: not yet

	Hooks []Hook // those that point here first, then others of hfhook's

	// Problem is why the Hub could not be read, or did not do what was wanted last;
	// nil: it did. Fix says what to do.
	Problem error
	Fix     string

	// PauseAt is when the webhooks of this session are disabled, unless the tunnel is
	// back before; zero where it is not down, or they are not to be. Paused: they are.
	PauseAt time.Time
	Paused  bool
}

// Words of Trouble that are nobody's fault.
const (
	NoLogin = "no login"
	Offline = "offline"
)

// Trouble is Problem in one or two words; empty where there is none.
func (s *State) Trouble() string {
	switch err := s.Problem; {
	case err == nil:
		return ""
	case errors.Is(err, hub.ErrNoToken):
		return NoLogin
	case errors.Is(err, hub.ErrOffline):
		return Offline
	case errors.Is(err, hub.ErrToken):
		return "bad token"
	case errors.Is(err, hub.ErrForbidden):
		return "forbidden"
	case errors.Is(err, hub.ErrUnreachable):
		return "unreachable"
	case errors.Is(err, hub.ErrLimited):
		return "rate limit"
	case errors.Is(err, hub.ErrNotHub):
		return "wrong answer"
	default:
		return "refused"
	}
}

// Here is the webhook that leads to this session: an enabled one if there is one, and
// one that the session uses rather than another. nil: none.
func (s *State) Here() *Hook {
	var best *Hook
	for i := range s.Hooks {
		if h := &s.Hooks[i]; h.Here && (best == nil || h.rank() > best.rank()) {
			best = h
		}
	}
	return best
}

// rank is the higher the more a webhook has to do with the session.
func (h *Hook) rank() (n int) {
	for i, is := range []bool{h.Noted, h.Used, h.State == hub.Enabled && h.Here, h.Here} {
		if is {
			n += 1 << i
		}
	}
	return n
}

// Hook returns a webhook by its id, or nil.
func (s *State) Hook(id string) *Hook {
	for i := range s.Hooks {
		if s.Hooks[i].ID == id {
			return &s.Hooks[i]
		}
	}
	return nil
}

// A Hook is a webhook on the Hub, and what it has to do with hfhook.
type Hook struct {
	hub.Webhook
	Activity string // its page on the Hub

	Here bool // it leads to this session
	Old  bool // it leads to where an earlier session, or the tunnel before this one, was

	Noted   bool // hfhook made it, or has taken it over
	Taken   bool // it was taken over, and is given back
	Used    bool // by this session
	Others  bool // used by another hfhook on this machine
	Made    time.Time
	OnQuit  OnQuit
	Was     string    // where it led before it was taken over
	Secret  time.Time // when this session set its secret to the one that it wants; zero: never
	Crashed bool      // a session that used it ended without giving it back
}

// leadsTo reports whether a webhook's URL leads to the server whose hook is at public.
func leadsTo(raw, public string) bool {
	a, err := url.Parse(raw)
	if err != nil || public == "" {
		return false
	}
	b, err := url.Parse(public)
	return err == nil && a.Host != "" && strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Host, b.Host)
}

// shown is a URL without what may be secret in it.
func shown(raw string) string {
	w := hub.Webhook{URL: raw}
	if raw == "" {
		return "none"
	}
	return w.Target()
}

// A NoticeKind is something that a Keeper did on the Hub, or found there.
type NoticeKind string

// Kind can happen.
const (
	Created   NoticeKind = "created"
	Updated   NoticeKind = "updated"
	Enabled   NoticeKind = "enabled"
	Disabled  NoticeKind = "disabled"
	Paused    NoticeKind = "paused" // disabled because the tunnel is down
	Deleted   NoticeKind = "deleted"
	Restored  NoticeKind = "restored"  // given back as it was before it was taken over
	Kept      NoticeKind = "kept"      // left enabled at the end
	Forgotten NoticeKind = "forgotten" // it is no longer on the Hub
	Suspended NoticeKind = "suspended" // by the Hub
	Doubled   NoticeKind = "doubled"   // another webhook sends the same events here
	Failed    NoticeKind = "failed"
)

// Notice are what happened.
type Notice struct {
	Kind    NoticeKind
	Webhook string // its id; empty where there is none
	URL     string // where it leads, without what may be secret
	Text    string // as a sentence
	Err     error  // of Failed
	Fix     string // what to do about Err
}
