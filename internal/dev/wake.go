package dev

import (
	"context"
	"sync"
)

// wakers are channels with room for one value each: a burst of changes wakes a watcher once,
// and a slow watcher blocks nobody.
type wakers struct {
	mu  sync.Mutex
	all map[chan struct{}]struct{}
}

func (w *wakers) watch(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	if w.all == nil {
		w.all = map[chan struct{}]struct{}{}
	}
	w.all[c] = struct{}{}
	w.mu.Unlock()
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, c)
		close(c)
	})
	return c
}

func (w *wakers) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		poke(c)
	}
}

// poke puts a value into a one-slot channel unless there is one.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
