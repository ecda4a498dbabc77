package sqlite

import (
	"context"
	"sync"
	"time"
)

// pollEvery is how often changes by other processes are looked for: commits, and released
// targets.
const pollEvery = 100 * time.Millisecond

// watchers are the channels of Watch. While there are any, a goroutine polls the file for
// commits of other processes; this process's writer reports its own.
type watchers struct {
	file *statements // on a connection of its own, which compares versions

	mu      sync.Mutex
	stops   map[chan struct{}]func() bool // by channel: unregisters its context
	stop    context.CancelFunc            // ends the goroutine; nil while there is none
	polling sync.WaitGroup
}

// Watch is documented at [store.Store]. The channel is also closed with the store.
func (s *Store) Watch(ctx context.Context) <-chan struct{} {
	w := &s.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := make(chan struct{}, 1)
	if s.life.Err() != nil {
		close(ch)
		return ch
	}
	if len(w.stops) == 0 {
		w.start()
	}
	w.stops[ch] = context.AfterFunc(ctx, func() { w.end(ch) })
	return ch
}

// wake sends a value to each channel that has none.
func (w *watchers) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.stops {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func (w *watchers) end(ch chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	stop, ok := w.stops[ch]
	if !ok {
		return
	}
	stop()
	delete(w.stops, ch)
	close(ch)
	if len(w.stops) == 0 {
		w.stop()
	}
}

// close closes all channels, and waits for the goroutine.
func (w *watchers) close() error {
	w.mu.Lock()
	channels := make([]chan struct{}, 0, len(w.stops))
	for ch := range w.stops {
		channels = append(channels, ch)
	}
	w.mu.Unlock()
	for _, ch := range channels {
		w.end(ch)
	}
	w.polling.Wait()
	return w.file.close()
}

// start begins to poll. It reads the version before it returns, so no later commit is missed.
func (w *watchers) start() {
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	version := w.version()
	w.polling.Go(func() {
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if now := w.version(); now != version {
				version = now
				w.wake()
			}
		}
	})
}

// version returns a number that changes when another connection has changed the file. It is 0
// if it cannot be read, so that the next one that can be read wakes everybody.
func (w *watchers) version() (version int64) {
	if err := w.file.row(context.Background(), "PRAGMA data_version", nil, &version); err != nil {
		return 0
	}
	return version
}
