package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"hfhook/event"
)

// disk fills the disk under a session again and again, gives the room back, and in every second
// round kills the session while there is none.
func (m *machine) disk(opts options) error {
	mount := filepath.Join(m.dir, "disk")
	if err := os.MkdirAll(mount, 0o700); err != nil {
		return err
	}
	home, err := m.home("disk-home")
	if err != nil {
		return err
	}
	var full, taken, refusedEvents, killed atomic.Int64
	var back time.Duration // the longest from room to the next event that is taken
	for i := range opts.fills {
		err := m.fill(mount, home, i%2 == 1, func(l *ledger, refused int64, wasKilled bool, took time.Duration) {
			full.Add(1)
			taken.Add(int64(l.len()))
			refusedEvents.Add(refused)
			if wasKilled {
				killed.Add(1)
			}
			back = max(back, took)
		})
		if errors.Is(err, syscall.EPERM) {
			m.figure("not done", "to mount a disk needs root")
			return nil
		}
		if err != nil {
			return fmt.Errorf("round %d: %w", i, err)
		}
	}
	m.figure("times that the disk was full", "%d, and hfhook killed meanwhile in %d of them", full.Load(), killed.Load())
	m.figure("events acknowledged", "%d", taken.Load())
	m.figure("  refused with 503 and Retry-After", "%d", refusedEvents.Load())
	m.figure("  from room on the disk to the next event taken", "at most %v", back.Round(time.Millisecond))
	return nil
}

// fill is one round on a disk of its own.
func (m *machine) fill(mount, home string, kill bool, done func(l *ledger, refused int64, killed bool, took time.Duration)) (err error) {
	if err := syscall.Mount("hfhook-torture", mount, "tmpfs", 0, "size=8m"); err != nil {
		return fmt.Errorf("mount a disk: %w", err)
	}
	defer func() { err = errors.Join(err, syscall.Unmount(mount, 0)) }()
	path := filepath.Join(mount, "events.db")
	ballast := filepath.Join(mount, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		return err
	}
	s, err := m.dev(home, "--store", path)
	if err != nil {
		return err
	}
	defer func() { s.kill() }()
	l := newLedger()
	var refused atomic.Int64
	isFull := make(chan struct{})
	var once sync.Once
	p := m.pour(m.ctx, s, l, 8, 1<<30, 40_000, func(a answer) bool {
		if a.status != http.StatusServiceUnavailable || a.retry == "" {
			m.fault("on a full disk an event is answered %d, Retry-After %q: %.200s", a.status, a.retry, a.text)
			return false
		}
		if refused.Add(1) >= 50 {
			once.Do(func() { close(isFull) })
			return false
		}
		return true
	})
	select {
	case <-isFull:
	case <-time.After(patience):
		return fmt.Errorf("the disk was not full within %v", patience)
	case <-m.ctx.Done():
		return m.ctx.Err()
	}
	m.whileFull(home, path, l)
	if kill {
		s.kill()
		m.whileFull(home, path, l)
	}
	p.wg.Wait()
	if err := os.Remove(ballast); err != nil {
		return err
	}
	room := time.Now()
	if kill {
		if s, err = m.dev(home, "--store", path); err != nil {
			return err
		}
	}
	client, closeIdle := newClient(1)
	defer closeIdle()
	for {
		body, err := m.body(1000)
		if err != nil {
			return err
		}
		a, err := post(m.ctx, client, s.url, body, "")
		if err != nil {
			return fmt.Errorf("with room on the disk: %w: %s", err, s.errs.String())
		}
		if a.status == http.StatusOK {
			l.add(a.id, body)
			break
		}
		if time.Since(room) > patience {
			return fmt.Errorf("with room on the disk an event is answered %d %.200s", a.status, a.text)
		}
		<-time.After(10 * time.Millisecond)
	}
	took := time.Since(room)
	m.stop(s)
	if _, err := l.lost(m, path); err != nil {
		return err
	}
	done(l, refused.Load(), kill, took)
	return nil
}

// whileFull looks at events, which needs no room. It may need a little to look at all: the
// store then says that it is full.
func (m *machine) whileFull(home, path string, l *ledger) {
	id := event.ID("@last")
	if some := l.any(m); some != "" {
		id = some
	}
	for _, args := range [][]string{{"ls", "-n", "5"}, {"show", string(id)}, {"export", string(id), "--as", "curl"}} {
		m.check(m.run(home, 0, append(args, "--store", path)...))
	}
}
