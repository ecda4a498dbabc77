package cli

import (
	"context"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// recheckFor is how long after its recording an event is checked again, if its deliveries
// decide whether it matches.
const recheckFor = 10 * time.Minute

// beginning is older than every event.
const beginning event.ID = "00000000000000000000000000"

// A follower finds matching events that are newer than one, each once.
type follower struct {
	events store.Store
	filter filter.Expr
	after  event.ID // what is not newer was looked at for the last time
	seen   event.ID // what is not newer was looked at
	found  map[event.ID]bool
}

// follow begins after the newest existing event.
func follow(ctx context.Context, events store.Store, x filter.Expr) (*follower, error) {
	f := &follower{events: events, filter: x, found: make(map[event.ID]bool)}
	var err error
	f.after, err = f.newest(ctx)
	return f, err
}

// newest is the newest event of the store, or the beginning.
func (f *follower) newest(ctx context.Context) (event.ID, error) {
	page, err := f.events.List(ctx, store.Query{Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		return beginning, err
	}
	return page.Rows[0].ID, nil
}

// A following is a follower with what is called with every event that it finds, the oldest of those
// that are found at once first.
type following struct {
	*follower
	each func(*event.Row) (enough bool, err error)
}

// followAll looks for events, by one follower after another, until ctx ends or one says that it is
// enough.
func followAll(ctx context.Context, events store.Store, all ...following) error {
	changed := events.Watch(ctx)
	for {
		for _, f := range all {
			if enough, err := f.look(ctx, f.each); err != nil || enough {
				return err
			}
		}
		if _, ok := <-changed; !ok {
			return context.Cause(ctx)
		}
	}
}

func (f *follower) look(ctx context.Context, each func(*event.Row) (enough bool, err error)) (enough bool, err error) {
	// Taken first: what comes meanwhile is looked at the next time.
	newest, err := f.newest(ctx)
	if err != nil {
		return false, err
	}
	for q := (store.Query{Filter: f.filter, After: f.after, Limit: lsPage}); ; {
		page, err := f.events.List(ctx, q)
		if err != nil {
			return false, err
		}
		for _, row := range slices.Backward(page.Rows) {
			if f.found[row.ID] {
				continue
			}
			f.found[row.ID] = true
			if enough, err := each(&row); err != nil || enough {
				return enough, err
			}
		}
		if q.After = page.Next; page.Next == "" {
			break
		}
	}
	f.seen = newest
	f.settle(newest)
	return false, nil
}

// settle forgets events that need no further check, of all up to newest.
func (f *follower) settle(newest event.ID) {
	if filter.Unsettled(f.filter) {
		var id ulid.ULID
		if id.SetTime(ulid.Timestamp(time.Now().Add(-recheckFor))) != nil {
			return
		}
		newest = min(newest, event.ID(id.String()))
	}
	f.after = max(f.after, newest)
	for id := range f.found {
		if id <= f.after {
			delete(f.found, id)
		}
	}
}
