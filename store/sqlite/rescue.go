package sqlite

// Deliveries that waited in a lost file are kept in memory and still sent: by the process that
// owns the target, until it ends.

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"hfhook/event"
	"hfhook/store"
)

// Limits of what is kept of a file, for all targets.
const (
	maxRescued      = 4096
	maxRescuedBytes = 64 << 20
)

// rescued are waiting deliveries that are in no file.
type rescued struct {
	mu      sync.Mutex
	owned   map[string]int // targets that this process sends to
	only    bool           // the file is gone: only these deliveries wait
	events  map[event.ID]*event.Event
	waiting []event.Delivery // in the order in which they are sent
}

// rescue keeps in memory what waits for the targets that this process owns, from the lost file,
// which is still open. It returns how many deliveries it kept, and how many more there were.
// Refused events are left out.
func (s *Store) rescue(ctx context.Context, refused committed) (kept, left int) {
	bytes := 0
	for _, target := range s.kept.targets() {
		waits, err := s.Waiting(ctx, target, "", maxRescued)
		if err != nil {
			s.at.log.Error("read what waits from the file that was lost", "target", target, "error", err)
			continue
		}
		for _, d := range waits {
			if seq, _, err := split(d.Event); err != nil || refused.events > 0 && seq > refused.after {
				continue
			}
			e, err := s.Event(ctx, d.Event)
			if err == nil && sha256.Sum256(e.Body) != e.SHA256 {
				err = store.ErrDamaged // the file was overwritten
			}
			if err == nil {
				bytes += len(e.Body)
			}
			if err != nil || bytes > maxRescuedBytes || kept == maxRescued {
				left++
				continue
			}
			s.kept.add(e, d)
			kept++
		}
	}
	s.kept.setAlone(true)
	return kept, left
}

// alone reports whether only deliveries in memory wait, since the file is gone.
func (r *rescued) alone() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.only
}

func (r *rescued) setAlone(only bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.only = only
}

func (r *rescued) add(e *event.Event, d event.Delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.events == nil {
		r.events = make(map[event.ID]*event.Event)
	}
	r.events[e.ID] = e
	same := func(old event.Delivery) bool { return old.Event == d.Event && old.N == d.N }
	if i := slices.IndexFunc(r.waiting, same); i >= 0 {
		r.waiting[i] = d
		return
	}
	r.waiting = append(r.waiting, d)
	slices.SortStableFunc(r.waiting, func(a, b event.Delivery) int { return strings.Compare(string(a.Event), string(b.Event)) })
}

// settle forgets events that the new file has: their waiting deliveries are in it. It returns
// how many deliveries are left.
func (r *rescued) settle(there func(event.ID) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.events {
		if there(id) {
			delete(r.events, id)
		}
	}
	r.waiting = slices.DeleteFunc(r.waiting, func(d event.Delivery) bool { return r.events[d.Event] == nil })
	return len(r.waiting)
}

// merge puts what waits in memory for a target, of events after one, before what waits in the
// file, as Waiting orders it.
func (r *rescued) merge(target string, after event.ID, limit int, there []event.Delivery) []event.Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []event.Delivery
	for _, d := range r.waiting {
		if d.Target == target && d.Event > after {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return there
	}
	for _, d := range there {
		if !slices.ContainsFunc(all, func(kept event.Delivery) bool { return kept.Event == d.Event && kept.N == d.N }) {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b event.Delivery) int { return strings.Compare(string(a.Event), string(b.Event)) })
	return all[:min(len(all), max(limit, 0))]
}

// event returns an event whose file is lost, or nil.
func (r *rescued) event(id event.ID) *event.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.events[id]; e != nil {
		copied := *e
		return &copied
	}
	return nil
}

// put updates a delivery in memory, and reports whether there is one.
func (r *rescued) put(d *event.Delivery) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.waiting, func(old event.Delivery) bool { return old.Event == d.Event && old.N == d.N })
	if i < 0 {
		return false
	}
	if d.State == event.Waiting || d.State == event.Sending {
		r.waiting[i].State, r.waiting[i].Err = d.State, d.Err
		return true
	}
	r.waiting = slices.Delete(r.waiting, i, i+1)
	if !slices.ContainsFunc(r.waiting, func(old event.Delivery) bool { return old.Event == d.Event }) {
		delete(r.events, d.Event)
	}
	return true
}

// drop discards what waits for a target, of events up to one, and returns how many.
func (r *rescued) drop(target string, through event.ID) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.waiting)
	r.waiting = slices.DeleteFunc(r.waiting, func(d event.Delivery) bool {
		return d.Target == target && (through == "" || d.Event <= through)
	})
	return before - len(r.waiting)
}

// own notes that this process has begun or ended to send to a target.
func (r *rescued) own(target string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.owned == nil {
		r.owned = make(map[string]int)
	}
	if r.owned[target] += n; r.owned[target] == 0 {
		delete(r.owned, target)
	}
}

func (r *rescued) targets() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.owned))
}

// isLost reports whether an error means that an event may be in memory only.
func isLost(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrGone)
}
