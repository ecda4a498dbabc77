package sqlite

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"sync"

	"github.com/gofrs/flock"
)

// owners are the targets that this store owns: locks on files beside it, which the
// system gives up with the process. The files stay, since taking one away would let
// two processes lock two files of one name.
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

	hash := sha256.Sum256([]byte(target)) // a target's name is any text
	lock := flock.New(fmt.Sprintf("%s.%x.lock", s.path, hash[:8]))
	_, err = lock.TryLockContext(ctx, pollEvery)
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
		lock.Unlock()
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
		lock.Unlock()
	}
}

func (o *owners) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for lock := range o.locks {
		lock.Unlock()
	}
	clear(o.locks)
}
