package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// owners are the locks of this store: of the targets that it owns, and its own as a store that
// has targets.
type owners struct {
	mu     sync.Mutex
	locks  map[*flock.Flock]*flock.Flock // original lock to present lock: see renew
	closed bool
}

// Own is documented at [store.Store]. Closing the store releases what it owns.
func (s *Store) Own(ctx context.Context, target string) (release func(), err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.life, func() { cancel(fs.ErrClosed) })()

	lock, err := takeLock(ctx, s.lockPath(target), s.mayOwn)
	if err == nil {
		err = s.owned.add(lock)
	}
	if err != nil {
		return nil, s.explain(ctx, fmt.Sprintf("own target %q", target), err)
	}
	s.kept.own(target, 1)
	return func() {
		s.kept.own(target, -1)
		s.owned.release(lock)
	}, nil
}

// renewWithin is how long a process may take to renew locks that it lost with the store.
const renewWithin = 3 * time.Second

// mayOwn reports whether an unlocked lock may be taken: after the store was lost, its previous
// owner comes first.
func (s *Store) mayOwn() bool {
	if s.present() != nil {
		return false
	}
	loss := s.Loss()
	return loss == nil || !loss.Back.IsZero() && time.Since(loss.Back) > renewWithin
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
		o.locks = make(map[*flock.Flock]*flock.Flock)
	}
	o.locks[lock] = lock
	return nil
}

func (o *owners) release(lock *flock.Flock) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if now := o.locks[lock]; now != nil {
		delete(o.locks, lock)
		giveUp(now)
	}
}

func (o *owners) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for _, lock := range o.locks {
		giveUp(lock)
	}
	clear(o.locks)
}

// renew locks again what was removed with the store. It returns the paths of locks that another
// process has taken meanwhile.
func (o *owners) renew() (taken []string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for key, lock := range o.locks {
		if isNamed(lock) {
			continue
		}
		fresh, lockErr := tryLock(lock.Path())
		switch {
		case lockErr != nil:
			err = lockErr
		case fresh == nil:
			taken = append(taken, lock.Path())
		default:
			_ = lock.Unlock()
			o.locks[key] = fresh
		}
	}
	return taken, err
}
