package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// owners are the locks that this store has: of the targets that it owns, and of itself as
// one that has targets.
type owners struct {
	mu     sync.Mutex
	locks  map[*flock.Flock]*flock.Flock // as they were taken, and as they are: see renew
	closed bool
}

// Own is documented at [store.Store]. Closing the store gives up what it owns.
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

// renewWithin is how long a process that has lost its locks with the store may take to have
// them again.
const renewWithin = 3 * time.Second

// mayOwn reports whether a lock that nobody has is free: after the store was lost it belongs
// to the process that had it.
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

// renew takes the locks again whose files were removed, with the store. It returns the paths
// of those that another process has taken meanwhile.
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
