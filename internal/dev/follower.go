package dev

import (
	"context"
	"sync"
)

// maxFollowed is how many entries a Follower keeps for a reader who does not take them.
const maxFollowed = 10_000

// A Follower is one more reader of what happens in a session. Its methods may be called by
// several goroutines at once.
type Follower struct {
	mu      sync.Mutex
	entries []Entry
	lost    int
}

// Follow returns a reader of what happens from now on, until ctx ends. Watch tells when there may
// be something to take.
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

// add never blocks: who does not take loses what comes.
func (f *Follower) add(e Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.entries) == maxFollowed {
		f.lost++
		return
	}
	f.entries = append(f.entries, e)
}

// Take returns what has happened since the last call, and how many entries were lost behind it.
func (f *Follower) Take() (entries []Entry, lost int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, lost = f.entries, f.lost
	f.entries, f.lost = nil, 0
	return entries, lost
}
