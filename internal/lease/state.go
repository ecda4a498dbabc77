package lease

// What is shown: the user, the webhooks, and what happened.

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"hfhook/internal/hub"
)

// A State is what a Keeper knows about the Hub. It is never changed after it was returned.
type State struct {
	User string    // owner of the token; empty: unknown, or no token
	Role string    // of the token: see hub.Account
	Read time.Time // when Hooks were read; zero: not yet

	Hooks []Hook // those that point here first, then hfhook's others

	// Problem is why the Hub could not be read, or why the last change failed; nil: no problem.
	// Fix says what to do.
	Problem error
	Fix     string

	// PauseAt is when the webhooks of this session will be disabled, unless the tunnel is back
	// before; zero: they will not. Paused: they are disabled.
	PauseAt time.Time
	Paused  bool
}

// Values of Trouble that are not errors of the user.
const (
	NoLogin = "no login"
	Offline = "offline"
)

// Trouble returns Problem in one or two words, or an empty text.
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

// Here returns the webhook that points to this session, preferring enabled ones and those that
// the session uses; nil: none.
func (s *State) Here() *Hook {
	var best *Hook
	for i := range s.Hooks {
		if h := &s.Hooks[i]; h.Here && (best == nil || h.rank() > best.rank()) {
			best = h
		}
	}
	return best
}

// rank orders webhooks by their relation to the session, closest highest.
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

// A Hook is a webhook on the Hub, and its relation to hfhook.
type Hook struct {
	hub.Webhook
	Activity string // its page on the Hub

	Here bool // it points to this session
	Old  bool // it points to an earlier session, or to the previous tunnel

	Noted   bool // hfhook made it, or has taken it over
	Taken   bool // it was taken over, and will be restored
	Used    bool // by this session
	Others  bool // used by another hfhook on this machine
	Made    time.Time
	OnQuit  OnQuit
	Was     string    // its URL before it was taken over
	Secret  time.Time // when this session set its present secret; zero: never
	Crashed bool      // a session that used it ended without giving it back
}

// leadsTo reports whether a webhook's URL points to the server whose hook is at public.
func leadsTo(raw, public string) bool {
	a, err := url.Parse(raw)
	if err != nil || public == "" {
		return false
	}
	b, err := url.Parse(public)
	return err == nil && a.Host != "" && strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Host, b.Host)
}

// shown returns a URL without parts that may be secret.
func shown(raw string) string {
	w := hub.Webhook{URL: raw}
	if raw == "" {
		return "none"
	}
	return w.Target()
}

// A NoticeKind says what a Keeper did on the Hub, or found there.
type NoticeKind string

// The kinds of notices.
const (
	Created   NoticeKind = "created"
	Updated   NoticeKind = "updated"
	Enabled   NoticeKind = "enabled"
	Disabled  NoticeKind = "disabled"
	Paused    NoticeKind = "paused" // disabled because the tunnel is down
	Deleted   NoticeKind = "deleted"
	Restored  NoticeKind = "restored"  // restored to its state before it was taken over
	Kept      NoticeKind = "kept"      // left enabled at the end
	Forgotten NoticeKind = "forgotten" // it is no longer on the Hub
	Suspended NoticeKind = "suspended" // by the Hub
	Doubled   NoticeKind = "doubled"   // another webhook sends the same events here
	Failed    NoticeKind = "failed"
)

// A Notice is something that happened to a webhook.
type Notice struct {
	Kind    NoticeKind
	Webhook string // its id, or empty
	URL     string // its URL, without parts that may be secret
	Text    string // a sentence
	Err     error  // for Failed
	Fix     string // what to do about Err
}
