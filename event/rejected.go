package event

import (
	"time"

	"hfhook/payload"
)

// A Reason says why a request was refused.
type Reason string

// The reasons.
const (
	NoSecret      Reason = "no_secret"      // 401
	WrongSecret   Reason = "wrong_secret"   // 403
	UnknownPath   Reason = "unknown_path"   // 404
	WrongMethod   Reason = "wrong_method"   // 405
	TooLarge      Reason = "too_large"      // 413
	BadBody       Reason = "bad_body"       // 400: the body could not be read to its end
	BadPayload    Reason = "bad_payload"    // 422
	RateLimited   Reason = "rate_limited"   // 429
	FromBrowser   Reason = "from_browser"   // 403: a page in a browser sent it
	WrongHost     Reason = "wrong_host"     // 403: nothing is verified, and the Host is neither local nor the public URL's
	NotStored     Reason = "not_stored"     // 503: the disk did not take it
	HandlerFailed Reason = "handler_failed" // 500: a handler of the library's server panicked or returned an error
)

// A Rejected is a request that was refused. Its body is not kept, and it is never
// forwarded.
type Rejected struct {
	At        time.Time
	Status    int
	Reason    Reason
	Method    string
	Path      string
	Peer      string
	UserAgent string
	Bytes     int64  // of the body, as announced or read; -1 where neither is known
	Detail    string // one line for people: which field, how the secret differs
	Tunnel    bool   // came through the tunnel's listener

	// Faults are all that is wrong with the body of a BadPayload; Detail names the first.
	Faults []payload.Fault

	// Evidence is how a secret that was sent differs from the right one; nil where none
	// was sent, or it was not the reason.
	Evidence *Evidence

	// Of a body that came without the right secret nothing is kept but this: whether it
	// has the shape of the Hub's, and the webhook that it claims to be from. Anybody can
	// write that. If the body was not read, the head alone may look like the Hub's; Webhook
	// is then empty.
	LooksLikeHub bool
	Webhook      string
}

// Evidence compares two secrets, and gives neither away.
type Evidence struct {
	Where  string // X-Webhook-Secret, or ?secret=
	Sent   Print
	Wanted Print
	Hint   string // what makes them equal, for example "without spaces and quotes around it"; empty: nothing simple
	Cause  string // how that happens, in a sentence; empty where there is no hint
	Fix    string // what makes the wanted secret the one that was sent, by its name; empty: nothing does that is known
}

// A Print tells a secret from others within one run of the program, and means nothing
// outside of it.
type Print struct {
	Length int // in characters
	Text   string
}
