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
	WrongHost     Reason = "wrong_host"     // 403: no secret is required, and the Host is neither local nor that of the public URL
	NotStored     Reason = "not_stored"     // 503: it could not be written to disk
	HandlerFailed Reason = "handler_failed" // 500: a handler of the library's server panicked or returned an error
)

// A Rejected is a request that was refused. Its body is not kept, and it is never forwarded.
type Rejected struct {
	At        time.Time
	Status    int
	Reason    Reason
	Method    string
	Path      string
	Peer      string
	UserAgent string
	Bytes     int64  // of the body, as announced or read; -1: not known
	Detail    string // one line for people: which field is wrong, or how the secret differs
	Tunnel    bool   // came through the tunnel's listener

	// Faults lists everything that is wrong with the body of a BadPayload; Detail names the
	// first fault.
	Faults []payload.Fault

	// Evidence says how the secret that was sent differs from the right one. It is nil if no
	// secret was sent, or if the secret was not the reason.
	Evidence *Evidence

	// Of a body that came without the right secret only this is kept: whether it has the shape
	// of the Hub's payloads, and the webhook that it claims to be from. Both can be faked. If
	// the body was not read, the headers alone may look like the Hub's; Webhook is then empty.
	LooksLikeHub bool
	Webhook      string
}

// Evidence compares two secrets without revealing either.
type Evidence struct {
	Where  string // X-Webhook-Secret, or ?secret=
	Sent   Print
	Wanted Print
	Hint   string // what would make them equal, for example "without spaces and quotes around it"; empty: nothing simple
	Cause  string // how that happens, in a sentence; empty if there is no hint
	Fix    string // name of the change that turns the wanted secret into the one that was sent; empty: none is known
}

// A Print is a fingerprint of a secret. It distinguishes secrets within one run of the program,
// and means nothing outside of it.
type Print struct {
	Length int // in characters
	Text   string
}
