package sqlite

// How a store that has lost its file continues with the file that has its name then.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"hfhook/event"
	"hfhook/store"
)

const (
	recoverEvery = 100 * time.Millisecond
	// settled is how long the file at the store's name must be unchanged before it is used:
	// copying a file there takes a while.
	settled = 1200 * time.Millisecond
)

// recover abandons the file that has lost its name, and continues with the one that has it. It
// returns when that is done, or when ctx ends. The writer waits meanwhile, and recording fails
// with the gone error.
func (s *Store) recover(ctx context.Context) {
	s.writer.turn.Lock()
	defer s.writer.turn.Unlock()
	loss := store.Loss{N: 1, At: time.Now(), Had: -1}
	if last := s.Loss(); last != nil {
		loss.N = last.N + 1
	}
	old := *s.at.seen.Load()
	now, err := lookAt(s.at.name, s.file())
	loss.What = s.whatHappened(old, now, err)
	over := s.at.base.lost.Swap(false) && loss.What == "" && s.staysOverwritten(ctx)
	if over {
		loss.What = s.overwrittenText()
	}
	if loss.What == "" { // it is there again, or always was
		s.at.base.note(s.file())
		s.at.gone.Store(nil)
		return
	}
	var id []byte
	if err := s.writer.on.row(ctx, "SELECT events, store FROM counters", nil, &loss.Had, &id); err != nil || over {
		loss.Had = -1
	}
	if err != nil || over || !now.sameAt(old, 0) {
		// What was committed to it after that was refused: its sender will send it again.
		refused := s.writer.refused
		if loss.Had >= 0 {
			loss.Had -= refused.events
		}
		loss.Kept, loss.Left = s.rescue(ctx, refused)
	}
	s.writer.refused = committed{}
	s.publishLoss(loss)
	left := s.leave(ctx, old, over, &loss)

	since, last := time.Now(), fileTriple{}
	for tick := time.NewTicker(recoverEvery); ; {
		now, err := lookAt(s.at.name, s.file())
		if err != nil || !unchanged(last, now) {
			since, last = time.Now(), now
		}
		quiet := time.Since(since) >= s.at.settled || !over && now[0] != nil && (now.sameAt(old, 0) || inUse(s.file()+"-shm"))
		f, why := s.reattach(ctx, left, now[0] == nil && err == nil, quiet)
		if why == nil {
			s.install(ctx, f, loss, id, over || !f.seen.sameAt(old, 0))
			return
		}
		text := why.Error()
		if isBusy(why) {
			text = "another process has the lost file open"
		}
		if text != loss.Why && !errors.Is(why, errNotYet) {
			loss.Why = text
			s.publishLoss(loss)
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// publishLoss publishes a loss, or what has changed about it.
func (s *Store) publishLoss(loss store.Loss) {
	s.at.loss.Store(&loss)
	s.at.log.Warn(loss.Text(), "store", s.at.name)
	s.watch.wake()
}

// unchanged reports whether the store's file and its -wal seem to be unchanged.
func unchanged(before, now fileTriple) bool {
	for i := range 2 {
		if !before.sameAt(now, i) {
			return false
		}
		if now[i] != nil && (now[i].Size() != before[i].Size() || !now[i].ModTime().Equal(before[i].ModTime())) {
			return false
		}
	}
	return true
}

// leave checkpoints the lost file, which may have another name now, and closes all connections
// to it. SQLite does not touch the files at the old name: it removes a -wal and a -shm only
// together with their own file.
//
// If the file was overwritten, the -wal does not belong to it any more, and is not
// checkpointed.
func (s *Store) leave(ctx context.Context, old fileTriple, over bool, loss *store.Loss) *left {
	now, err := lookAt(s.at.name, s.file())
	if err != nil {
		now = fileTriple{}
	}
	left := newLeft(s.file(), old, now)
	sameFile := now[0] != nil && now.sameAt(old, 0)
	theirs := now
	for i := 1; i < len(now); i++ {
		if ours := now.sameAt(old, i); !over && (ours == sameFile || isEmpty(now[i])) {
			theirs[i] = nil // it stays: with the same file ours, with another one theirs
		}
	}
	aside := func() {
		moved, err := s.moveAside(s.file(), theirs)
		if err != nil {
			s.at.log.Error("rename what does not belong to the store", "error", err)
		}
		loss.Aside = append(loss.Aside, moved...)
	}
	if over {
		defer s.lastReader(ctx)()
	} else {
		s.checkpoint(ctx)
	}
	if sameFile {
		aside()
	}
	err = errors.Join(s.read.park(), s.watch.file.park(), s.writer.on.park())
	if err != nil {
		s.at.log.Warn("close the store's file that was lost", "error", err)
	}
	if !sameFile {
		aside()
	}
	return left
}

// checkpoint checkpoints the WAL, without waiting for long reads.
func (s *Store) checkpoint(ctx context.Context) {
	for range 20 {
		var busy, pages, done int
		err := s.writer.on.row(ctx, "PRAGMA wal_checkpoint(PASSIVE)", nil, &busy, &pages, &done)
		if err == nil && pages == done {
			return
		}
		time.Sleep(attachPause)
	}
}

// reattach opens the file that has the store's name, once it has been unchanged for a while. It
// creates the file if there is none and the options allow it.
func (s *Store) reattach(ctx context.Context, left *left, absent, quiet bool) (f attached, err error) {
	dir := filepath.Dir(s.at.name)
	err = checkPlace(s.at.name)
	switch {
	case !isDir(dir):
		return f, fmt.Errorf("the directory %s does not exist", dir)
	case absent && !s.at.create:
		return f, fmt.Errorf("%s does not exist", s.at.name)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return f, err
	case !quiet:
		return f, errNotYet
	}
	// Other processes that have lost the same file may do the same now. If a directory cannot
	// be locked they do so without a lock.
	lock := flock.New(dir, flock.SetFlag(os.O_RDONLY))
	if ok, err := lock.TryLock(); err == nil && !ok {
		return f, errNotYet
	}
	defer lock.Close()
	if absent {
		if err := create(s.at.name); err != nil {
			return f, err
		}
	}
	f, err = s.attach(ctx, left, 0)
	f.made = absent
	return f, err
}

// install continues with a file. other reports that it is not the one that was open before.
func (s *Store) install(ctx context.Context, f attached, loss store.Loss, id []byte, other bool) {
	if other {
		// What is kept beside the store, for example the index of words, belongs to the history
		// of the lost file.
		if _, err := f.conn.ExecContext(ctx, "UPDATE counters SET store = randomblob(16), "+stamped+" WHERE store = ?", int64(inodeOf(f.seen[0])), id); err != nil {
			s.at.log.Warn("give the store a new name for its index", "error", err)
		}
	}
	s.at.path.Store(&f.path)
	s.at.seen.Store(&f.seen)
	s.at.base.found(0, nil)
	s.at.base.note(f.path)
	s.words.move(f.path)
	s.writer.names, s.writer.wrote, s.writer.inode = nil, false, inodeOf(f.seen[0])
	s.writer.on.resume(f.conn)
	s.read.resume(s.searchers(f.path))
	s.watch.file.resume(s.readers(f.path, 1))
	if err := s.read.row(ctx, "SELECT events FROM counters", nil, &loss.Has); err != nil {
		s.at.log.Warn("count the events of the store that is there", "error", err)
	}
	loss.Kept = s.kept.settle(func(id event.ID) bool {
		_, err := s.event(ctx, id)
		return err == nil
	})
	loss.Aside = append(loss.Aside, f.aside...)
	loss.Back = time.Now()
	loss.New, loss.Why = f.made, ""
	s.kept.setAlone(false)
	s.at.gone.Store(nil)
	s.publishLoss(loss)
}

// renew restores the locks and rows by which other processes know this one, in the present
// store.
func (s *Store) renew(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	taken, err := s.owned.renew()
	if err != nil || len(taken) > 0 {
		s.at.log.Error("another process may send to the same targets, because the locks were removed with the store", "taken", taken, "error", err)
	}
	s.own.mu.Lock()
	targets := s.own.targets
	s.own.mu.Unlock()
	if targets != nil {
		if err := s.setTargets(ctx, targets); err != nil {
			s.at.log.Warn("record the targets", "error", err)
		}
	}
}
