package store

import (
	"context"

	"hfhook/event"
)

// readAhead is how many events an Ahead reads at a time.
const readAhead = 64

// Ahead reads events that are asked for in a known order, many at a time.
type Ahead struct {
	store Store
	rest  []event.ID  // not read yet
	read  []Attempted // not asked for yet
	size  int
}

// NewAhead returns an Ahead for events that are asked for in the order of ids. If slow is set
// much time passes between two of them, and each is read when it is asked for.
func NewAhead(s Store, ids []event.ID, slow bool) *Ahead {
	size := readAhead
	if slow {
		size = 1
	}
	return &Ahead{store: s, rest: ids, size: size}
}

// Event returns a complete event and its attempts, at least as in [Attempted], or ErrNotFound.
// Events of the list that are not asked for may be left out.
func (a *Ahead) Event(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
	for len(a.rest) > 0 && a.rest[0] != id {
		a.skip()
	}
	if len(a.rest) > 0 && len(a.read) == 0 && a.size > 1 {
		// If this fails, so does reading the event that is to blame, and no other.
		a.read, _ = a.store.Events(ctx, a.rest[:min(a.size, len(a.rest))])
	}
	if len(a.read) > 0 && a.read[0].Event.ID == id {
		found := a.read[0]
		a.skip()
		return found.Event, found.Attempts, nil
	}
	e, err := a.store.Event(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	made, err := a.store.Attempts(ctx, id)
	return e, made, err
}

// skip removes the next event of the list.
func (a *Ahead) skip() {
	if len(a.read) > 0 && a.read[0].Event.ID == a.rest[0] {
		a.read[0] = Attempted{} // release the body
		a.read = a.read[1:]
	}
	a.rest = a.rest[1:]
}
