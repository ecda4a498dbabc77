package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"sync"

	"github.com/gofrs/flock"
)

// owners are the locks that this store has: of the targets that it owns, and of itself as
// one that has targets.
type owners struct {
	mu     sync.Mutex
	locks  map[*flock.Flock]bool
	closed bool
}

// Own is documented at [store.Store]. Closing the store gives up what it owns.
func (s *Store) Own(ctx context.Context, target string) (release func(), err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.life, func() { cancel(fs.ErrClosed) })()

	lock, err := takeLock(ctx, s.lockPath(target))
	if err == nil {
		err = s.owned.add(lock)
	}
	if err != nil {
		return nil, s.explain(ctx, fmt.Sprintf("own target %q", target), err)
	}
	return func() { s.owned.release(lock) }, nil
}

// add keeps a lock until it is released.
func (o *owners) add(lock *flock.Flock) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		giveUp(lock)
		return fs.ErrClosed
	}
	if o.locks == nil {
		o.locks = make(map[*flock.Flock]bool)
	}
	o.locks[lock] = true
	return nil
}

func (o *owners) release(lock *flock.Flock) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.locks[lock] {
		delete(o.locks, lock)
		giveUp(lock)
	}
}

func (o *owners) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for lock := range o.locks {
		giveUp(lock)
	}
	clear(o.locks)
}
