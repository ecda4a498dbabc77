package dev

import (
	"context"
	"sync"
)

// maxFollowed is how many entries a Follower keeps for a reader that does not take them.
const maxFollowed = 10_000

// A Follower is a further reader of the session's journal. It is safe for concurrent use.
type Follower struct {
	mu      sync.Mutex
	entries []Entry
	lost    int
}

// Follow returns a reader of the journal from now on, until ctx ends. Watch signals when there
// may be something to take.
func (s *Session) Follow(ctx context.Context) *Follower {
	f := &Follower{}
	j := &s.journal
	j.mu.Lock()
	if j.followers == nil {
		j.followers = map[*Follower]struct{}{}
	}
	j.followers[f] = struct{}{}
	j.mu.Unlock()
	context.AfterFunc(ctx, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		delete(j.followers, f)
	})
	return f
}

// add never blocks: a reader that does not take entries loses the newest.
func (f *Follower) add(e Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.entries) == maxFollowed {
		f.lost++
		return
	}
	f.entries = append(f.entries, e)
}

// Take returns the entries since the last call, and how many were lost after them.
func (f *Follower) Take() (entries []Entry, lost int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, lost = f.entries, f.lost
	f.entries, f.lost = nil, 0
	return entries, lost
}
