package dev

// What the session knows about its store: whether it takes events, can be read, and is there.

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// Store is the state of the event store.
type Store struct {
	store.Stats
	Err   string // why nothing is recorded, or something could not be read; empty if all is well
	Short string // Err in two or three words, for example "can't save events"
	News  StoreNews
}

// Gone reports whether the store has lost its file and has no other one yet: to read it waits
// for one.
func (s Store) Gone() bool { return s.Short == shortGone }

const shortGone = "gone"

// StoreNews says that the store is in trouble, or that it is well again.
type StoreNews struct {
	At   time.Time // zero: there were none yet
	OK   bool
	Text string
}

// storeHealth keeps what went wrong last. Its methods may be called by several goroutines at
// once.
type storeHealth struct {
	mu      sync.Mutex
	writing string // why the last write failed
	reading string // why the last read failed
	damage  string // that the store is damaged: it stays so until there is another file

	journaled Store // what the journal had last
	loss      *store.Loss
}

// wrote notes what became of a write.
func (h *storeHealth) wrote(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		h.writing = ""
	case errors.Is(err, store.ErrGone): // the store says itself how that goes on
	case errors.Is(err, store.ErrDamaged):
		h.damage = plainly(err)
	default:
		h.writing = plainly(err)
	}
}

// read notes what became of a read.
func (h *storeHealth) read(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		h.reading = ""
	case errors.Is(err, store.ErrGone):
	case errors.Is(err, store.ErrDamaged):
		h.damage = plainly(err)
	default:
		h.reading = plainly(err)
	}
}

// look returns the state to show, what has to be told of it, and whether there is another
// file than before.
func (h *storeHealth) look(loss *store.Loss, stats store.Stats) (now Store, news *StoreNews, other bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	back := loss != nil && !loss.Back.IsZero() && (h.loss == nil || h.loss.N != loss.N || h.loss.Back.IsZero())
	if back {
		h.writing, h.reading, h.damage = "", "", ""
	}
	h.loss = loss
	now = Store{Stats: stats}
	switch {
	case loss != nil && loss.Back.IsZero():
		now.Err, now.Short = loss.Text(), shortGone
	case h.damage != "":
		now.Err, now.Short = h.damage, "damaged"
	case h.writing != "":
		now.Err, now.Short = h.writing, "can't save events"
	case h.reading != "":
		now.Err, now.Short = h.reading, "can't be read"
	}
	switch {
	case back:
		news = &StoreNews{time.Now(), true, loss.Text()}
	case now.Err != h.journaled.Err && now.Err == "":
		news = &StoreNews{time.Now(), true, "events are recorded again"}
	case now.Err != h.journaled.Err:
		news = &StoreNews{time.Now(), false, now.Err}
	}
	now.News = h.journaled.News
	if news != nil {
		now.News = *news
	}
	h.journaled = now
	return now, news, back
}

// plainly is an error in the words of a user: what is wrong and what to do, not what was
// being done.
func plainly(err error) string {
	if fault := (*store.Fault)(nil); errors.As(err, &fault) {
		return fault.Plain()
	}
	return err.Error()
}

// A steadyStore reads again what could not be read, so that one failure ends nothing.
type steadyStore struct {
	store.Store
	health *storeHealth
}

// readAgainAfter is the pause before something is read for a second time.
const readAgainAfter = 100 * time.Millisecond

func retryRead[T any](ctx context.Context, h *storeHealth, read func() (T, error)) (v T, err error) {
	if v, err = read(); !isTrouble(ctx, err) {
		if err == nil {
			h.read(nil)
		}
		return v, err
	}
	select {
	case <-ctx.Done():
		return v, err
	case <-time.After(readAgainAfter):
	}
	if v, err = read(); err == nil || isTrouble(ctx, err) {
		h.read(err)
	}
	return v, err
}

// isTrouble reports whether an error says something about the store, and not about what was
// asked.
func isTrouble(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return false
	}
	for _, known := range []error{store.ErrNotFound, store.ErrAmbiguous, fs.ErrClosed, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return false
		}
	}
	return true
}

func (s steadyStore) List(ctx context.Context, q store.Query) (store.Page, error) {
	return retryRead(ctx, s.health, func() (store.Page, error) { return s.Store.List(ctx, q) })
}

func (s steadyStore) Event(ctx context.Context, id event.ID) (*event.Event, error) {
	return retryRead(ctx, s.health, func() (*event.Event, error) { return s.Store.Event(ctx, id) })
}

func (s steadyStore) Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error) {
	return retryRead(ctx, s.health, func() ([]event.Delivery, error) { return s.Store.Deliveries(ctx, id) })
}

func (s steadyStore) Stats(ctx context.Context) (store.Stats, error) {
	return retryRead(ctx, s.health, func() (store.Stats, error) { return s.Store.Stats(ctx) })
}
