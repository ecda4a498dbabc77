package dev

import (
	"slices"
	"sync"
	"time"

	"hfhook/event"
)

// keptRejected is how many rejected requests a session remembers: however many a stranger
// sends, they take no more memory.
const keptRejected = 1000

// rejections are the newest rejected requests, and counts of all of them.
type rejections struct {
	mu        sync.Mutex
	newest    []event.Rejected // oldest first
	total     int64
	badSecret int       // refused for the present secret
	forgiven  time.Time // requests before were refused for an earlier secret
}

func (r *rejections) add(no event.Rejected) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	if needsLook(no) {
		r.badSecret++
	}
	if len(r.newest) == keptRejected {
		r.newest = slices.Delete(r.newest, 0, 1)
	}
	r.newest = append(r.newest, no)
}

// snapshot returns copies.
func (r *rejections) snapshot() (newest []event.Rejected, total int64, badSecret int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.newest), r.total, r.badSecret
}

// forgive resets the count of wrong secrets: the secret has changed.
func (r *rejections) forgive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.badSecret, r.forgiven = 0, time.Now()
}
