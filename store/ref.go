package store

import (
	"fmt"
	"strconv"
	"strings"

	"hfhook/event"
)

// A Ref is a parsed reference to an event, for Resolve of a backend. One of the fields is set,
// and DeliveryID as well if the text may be one: it is used if the other field finds no event.
type Ref struct {
	From, To event.ID // the first and the last ID with the prefix, both included
	Back     int      // position from the newest; 1 is the newest
	Failed   bool     // the newest event whose last delivery failed
	Pin      string   // the event has this name

	DeliveryID string // a Webhook-Id
}

// ParseRef parses a reference as [Store].Resolve documents it. An invalid reference names no
// event, so the error is ErrNotFound.
func ParseRef(s string) (Ref, error) {
	word, isWord := strings.CutPrefix(s, "@")
	switch {
	case CheckPin(s) == nil:
		return Ref{Pin: s, DeliveryID: s}, nil
	case !isWord:
		ref, err := prefix(s)
		if err != nil && !isDeliveryID(s) {
			return Ref{}, err
		}
		ref.DeliveryID = s
		return ref, nil
	case word == "last":
		return Ref{Back: 1}, nil
	case word == "failed":
		return Ref{Failed: true}, nil
	}
	if back, ok := strings.CutPrefix(word, "-"); ok {
		if n, err := strconv.ParseUint(back, 10, 31); err == nil && n > 0 {
			return Ref{Back: int(n)}, nil
		}
	}
	return Ref{}, fmt.Errorf("%w: unknown %q: want @last, @-2 or @failed", ErrNotFound, s)
}

// isDeliveryID reports whether a text may be a Webhook-Id: a single word that a header can
// contain.
func isDeliveryID(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// prefix returns the range of the IDs that begin with s.
func prefix(s string) (Ref, error) {
	const length = 26
	if s == "" || len(s) > length {
		return Ref{}, fmt.Errorf("%w: an id has 1 to %d characters, but %q has %d", ErrNotFound, length, s, len(s))
	}
	// The padding is the smallest and the largest digit. 26 digits have 130 bits, of which an
	// ID uses 128, so ParseID rejects a first digit above 7.
	from, err := event.ParseID(s + strings.Repeat("0", length-len(s)))
	if err != nil {
		return Ref{}, fmt.Errorf("%w: %q: %w", ErrNotFound, s, err)
	}
	to, err := event.ParseID(s + strings.Repeat("Z", length-len(s)))
	if err != nil {
		return Ref{}, fmt.Errorf("%w: %q: %w", ErrNotFound, s, err)
	}
	return Ref{From: from, To: to}, nil
}
