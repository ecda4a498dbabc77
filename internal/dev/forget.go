package dev

import (
	"slices"

	"hfhook/event"
)

// ForgetRejected removes one of State.Rejected. It stays counted in State.Refused; if it was
// refused for its secret, Secret.Bad no longer counts it.
func (s *Session) ForgetRejected(no event.Rejected) {
	s.rejected.forget(func(r event.Rejected) bool { return sameRequest(r, no) })
	s.change()
}

// sameRequest reports whether two are the same rejected request.
func sameRequest(a, b event.Rejected) bool {
	return a.At.Equal(b.At) && a.Status == b.Status && a.Reason == b.Reason && a.Method == b.Method && a.Path == b.Path && a.Peer == b.Peer
}

// ForgetAllRejected removes all of State.Rejected, as ForgetRejected removes one.
func (s *Session) ForgetAllRejected() {
	s.rejected.forget(func(event.Rejected) bool { return true })
	s.change()
}

func (r *rejections) forget(which func(event.Rejected) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.newest = slices.DeleteFunc(r.newest, func(no event.Rejected) bool {
		gone := which(no)
		if gone && needsLook(no) && no.At.After(r.forgiven) {
			r.badSecret--
		}
		return gone
	})
	if len(r.newest) == 0 {
		r.badSecret = 0 // including those that were dropped to make room
	}
}

// needsLook reports whether a request was refused for its secret and may be from the Hub: its
// body has the Hub's shape, or its secret is nearly right. Strangers try every public URL.
func needsLook(no event.Rejected) bool {
	return aboutSecret(no) && (no.LooksLikeHub || no.Evidence != nil && no.Evidence.Hint != "")
}

// aboutSecret reports whether a request was refused for its secret.
func aboutSecret(no event.Rejected) bool {
	return no.Reason == event.NoSecret || no.Reason == event.WrongSecret
}
