package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/store"
)

// Limits of what may wait to be written, and of one transaction.
const (
	maxQueue = 1024
	maxBytes = 64 << 20
	maxGroup = 256
)

// A writer owns the one connection that writes. Its goroutine takes everything that waits, and
// commits it as one transaction: while one group is synced to disk, the next gathers. So no
// caller waits for others to arrive, and all share the cost of a sync.
type writer struct {
	gone    *atomic.Pointer[error] // why nothing is recorded
	turn    sync.Mutex             // held to use the following fields
	on      *statements
	names   names
	wrote   bool         // since the file was opened
	last    committed    // what the last transaction recorded
	refused committed    // what was committed to a file that had lost its name
	inode   uint64       // of the file, for its counters
	present func() error // checks after each commit that the file still has the store's name
	changed func()       // called after each commit

	checkBase func() error                  // checks at the beginning of a transaction whether the file was overwritten
	foundBase func(newest int64, id []byte) // what the transaction finds in it
	noteBase  func()                        // after each commit

	mu     sync.RWMutex // held to send to the queue, and to close it
	queue  chan *job
	closed bool
	bytes  atomic.Int64 // of all jobs that are not done
	lately atomic.Int64 // when a group was last committed: nanoseconds since 1970
	loops  sync.WaitGroup
}

// A job is a part of a transaction that succeeds or fails by itself.
type job struct {
	run   func(*tx) error // run again if another job of its group failed
	with  []*job          // sent with it, and part of the same group
	bytes int64           // of memory, roughly
	state atomic.Int32
	err   error
	done  chan struct{}
}

// The states of a job: until it is started, its caller can cancel it.
const (
	jobWaits = iota
	jobBegun
	jobTakenBack
)

// begin reports whether the job is still wanted, and starts it.
func (j *job) begin() bool {
	return j.state.CompareAndSwap(jobWaits, jobBegun) || j.state.Load() == jobBegun
}

func startWriter(f attached, s *Store) *writer {
	w := &writer{
		gone:      &s.at.gone,
		on:        &statements{on: f.conn},
		inode:     inodeOf(f.seen[0]),
		present:   s.present,
		changed:   s.watch.wake,
		checkBase: s.checkBase,
		foundBase: s.at.base.found,
		noteBase:  s.noteBase,
		queue:     make(chan *job, maxQueue),
	}
	w.loops.Go(w.loop)
	return w
}

func newJob(bytes int64, f func(*tx) error) *job {
	return &job{run: f, bytes: bytes, done: make(chan struct{})}
}

// do runs f in a transaction that it may share with others, and returns when that is durable.
// With an error nothing of f is kept. It fails with ErrBusy if too much waits.
func (w *writer) do(ctx context.Context, bytes int64, f func(*tx) error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	j := newJob(bytes, f)
	if err := w.send(j); err != nil {
		return err
	}
	return j.wait(ctx)
}

// doAll is do for several jobs, which are begun together, in their order. One that is nil has
// failed before. It sets the error of each of the others.
func (w *writer) doAll(ctx context.Context, jobs []*job, errs []error) {
	var first *job
	for _, j := range jobs {
		switch {
		case j == nil:
		case first == nil:
			first = j
		default:
			first.bytes += j.bytes
			first.with = append(first.with, j)
			j.bytes = 0
		}
	}
	if first == nil {
		return
	}
	err := context.Cause(ctx)
	if err == nil {
		err = w.send(first)
	}
	for i, j := range jobs {
		switch {
		case j == nil:
		case err != nil:
			errs[i] = err
		default:
			errs[i] = j.wait(ctx)
		}
	}
}

// wait returns when the job is done, or was taken back because ctx has ended.
func (j *job) wait(ctx context.Context) error {
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaits, jobTakenBack) {
			return context.Cause(ctx)
		}
		<-j.done
		return j.err
	}
}

func (w *writer) send(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return fs.ErrClosed
	}
	if gone := w.gone.Load(); gone != nil {
		return *gone
	}
	// A job that is larger than the limit is accepted when nothing else waits.
	if waiting := w.bytes.Add(j.bytes); waiting > maxBytes && waiting > j.bytes {
		w.bytes.Add(-j.bytes)
		return fmt.Errorf("%w: over %d MiB wait to be written", store.ErrBusy, maxBytes>>20)
	}
	select {
	case w.queue <- j:
		return nil
	default:
		w.bytes.Add(-j.bytes)
		return fmt.Errorf("%w: %d events and deliveries wait to be written", store.ErrBusy, maxQueue)
	}
}

// close writes everything that waits, and leaves a short WAL and fresh statistics.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	w.loops.Wait()

	if w.wrote && w.present() == nil {
		// If these fail, for example because of another process, they are done the next time.
		w.on.exec(context.Background(), "PRAGMA optimize")
		w.on.exec(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return w.on.close()
}

// idle returns how long nothing has been written.
func (w *writer) idle() time.Duration { return time.Since(time.Unix(0, w.lately.Load())) }

func (w *writer) loop() {
	group := make([]*job, 0, maxGroup)
	for j := range w.queue {
		group = append(append(group[:0], j), j.with...)
		for more := true; more && len(group) < maxGroup; {
			select {
			case j, more = <-w.queue:
				if more {
					group = append(append(group, j), j.with...)
				}
			default:
				more = false
			}
		}
		w.write(group)
		clear(group) // release the bodies
	}
}

// write commits a group and answers its callers. If the group fails, each of its jobs gets a
// transaction of its own, so that a bad one does not fail the others.
func (w *writer) write(group []*job) {
	err := w.try(group)
	if err != nil && len(group) > 1 && !isBusy(err) && !errors.Is(err, store.ErrGone) {
		for i := range group {
			w.write(group[i : i+1])
		}
		return
	}
	w.lately.Store(time.Now().UnixNano())
	for _, j := range group {
		if err != nil {
			j.err = err
		}
		w.bytes.Add(-j.bytes)
		close(j.done)
	}
}

// try commits the jobs in one transaction. It fails as a whole; a job that is refused before it
// has written anything keeps its own error. What was committed to a file that lost its name has
// failed, too: nobody would find it.
func (w *writer) try(group []*job) error {
	if gone := w.gone.Load(); gone != nil {
		return *gone // the guard needs its turn to look for the store
	}
	w.turn.Lock()
	defer w.turn.Unlock()
	if gone := w.gone.Load(); gone != nil {
		return *gone
	}
	w.last = committed{}
	err := w.commit(group)
	if err == nil || !isBusy(err) {
		if gone := w.present(); gone != nil {
			w.refused = w.last
			return gone
		}
	}
	return err
}

// committed is what a transaction has recorded: so many events with keys after one.
type committed struct {
	after  int64
	events int64
}

func (w *writer) commit(group []*job) error {
	t, err := w.begin()
	if err != nil {
		return err
	}
	for _, j := range group {
		if !j.begin() {
			continue
		}
		j.err = j.run(t)
		if j.err != nil && !errors.Is(j.err, store.ErrNotFound) {
			t.rollback()
			return j.err
		}
	}
	if err := t.commit(); err != nil {
		t.rollback()
		return err
	}
	return nil
}
