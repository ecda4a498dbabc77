package dev

// The health of the store: whether it can be written and read, and whether its file exists.

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

// Gone reports whether the store has lost its file and has no new one yet: reads wait for one.
func (s Store) Gone() bool { return s.Short == shortGone }

const shortGone = "gone"

// StoreNews reports that the store has a problem, or works again.
type StoreNews struct {
	At   time.Time // zero: there were none yet
	OK   bool
	Text string
}

// storeHealth keeps the last errors of the store. It is safe for concurrent use.
type storeHealth struct {
	mu      sync.Mutex
	writing string // why the last write failed
	reading string // why the last read failed
	damage  string // why the store is damaged: it stays so until it has another file

	journaled Store // what the journal reported last
	loss      *store.Loss
}

// wrote notes the result of a write.
func (h *storeHealth) wrote(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		h.writing = ""
	case errors.Is(err, store.ErrGone): // the store reports itself how that continues
	case errors.Is(err, store.ErrDamaged):
		h.damage = plainly(err)
	default:
		h.writing = plainly(err)
	}
}

// read notes the result of a read.
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

// look returns the state to show, the news about it, and whether the store has another file
// than before.
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

// plainly returns an error in words for users: what is wrong and what to do, not what was being
// done.
func plainly(err error) string {
	if fault := (*store.Fault)(nil); errors.As(err, &fault) {
		return fault.Plain()
	}
	return err.Error()
}

// A steadyStore retries reads that failed, so that a single failure ends nothing.
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

// isTrouble reports whether an error is about the store rather than about the request.
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
