package dev

import (
	"sync"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/handler"
	"hfhook/internal/lease"
	"hfhook/tunnel"
)

// An Entry of the journal is something that happened in this session. Exactly one of its
// pointers is set.
type Entry struct {
	Delivery       *event.Delivery
	Send           string // of a withheld delivery: the command that sends it
	Rejected       *event.Rejected
	Tunnel         *tunnel.State
	Target         *delivery.TargetState // its new state
	Hub            *lease.Notice
	Handler        *handler.State
	HandlerRestart *HandlerRestart
	Notice         *Notice
	Store          *StoreNews
}

// A journal passes entries to the one reader that prints them, completely and in order, without
// ever blocking the writers. So only the reader bounds its length, and has to keep taking.
type journal struct {
	kept bool // there is a reader

	mu        sync.Mutex
	entries   []Entry
	followers map[*Follower]struct{}
}

func (j *journal) add(e Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.kept {
		j.entries = append(j.entries, e)
	}
	for f := range j.followers {
		f.add(e)
	}
}

// take returns what has been added since the last call.
func (j *journal) take() []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	entries := j.entries
	j.entries = nil
	return entries
}
