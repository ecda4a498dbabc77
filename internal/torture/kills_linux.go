package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/event"
	"hfhook/internal/port/porttest"
	"hfhook/store/sqlite"
)

// kills kills sessions at random moments while events pour in, with other processes on the
// same store, some of which are killed as well. One handler is there all the time, another one
// only at the end: what waits for it survives all the kills.
func (m *machine) kills(opts options) error {
	home, err := m.home("kills")
	if err != nil {
		return err
	}
	path := filepath.Join(home, "events.db")
	there, err := m.newHandler("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer there.server.Close()
	number, err := porttest.Free()
	if err != nil {
		return err
	}
	args := []string{"--store", path, there.url + ",name=there,concurrency=4", "127.0.0.1:" + number + ",name=late,concurrency=16"}
	forwarded, kept := newLedger(), newLedger() // kept: by sessions without a handler
	aside, err := m.newHandler("127.0.0.1:0")   // of replays
	if err != nil {
		return err
	}
	defer aside.server.Close()
	beside := m.beside(home, path, aside.url, forwarded)
	defer beside.end()

	sessions := 0
	for i := range opts.kills {
		s, err := m.dev(home, args...)
		if err != nil {
			return err
		}
		sessions++
		var second *session
		if i%10 == 9 {
			if second, err = m.dev(home, "--store", path); err != nil {
				return err
			}
			sessions++
		}
		p := m.pour(m.ctx, s, forwarded, 8, m.random.n(40), 0, beside.busy(m))
		var other *load
		if second != nil {
			other = m.pour(m.ctx, second, kept, 4, 0, 0, beside.busy(m))
		}
		select {
		case <-p.enough:
		case <-time.After(patience):
			m.fault("round %d: only %d events were taken within %v: %s", i, p.answered.Load(), patience, s.errs.String())
		case <-m.ctx.Done():
		}
		<-time.After(m.random.within(5 * time.Millisecond)) // anywhere in a commit
		s.kill()
		p.wg.Wait()
		if second != nil {
			second.kill()
			other.wg.Wait()
		}
		if text := s.errs.String(); broken(text) {
			m.fault("round %d: hfhook dev broke: %.2000s", i, text)
		}
		if m.ctx.Err() != nil {
			return m.ctx.Err()
		}
	}
	beside.end()
	m.figure("sessions killed by kill -9 under load", "%d", sessions)
	m.figure("other processes on the store beside them", "%d, of them %d killed", beside.run.Load(), beside.killed.Load())
	m.figure("  deletions, notes, pins and replays", "%d", beside.wrote.Load())
	m.figure("  told that the store is busy", "%d, and %d senders, by 503 with Retry-After", beside.late.Load(), beside.refused.Load())

	late, err := m.newHandler("127.0.0.1:" + number)
	if err != nil {
		return err
	}
	defer late.server.Close()
	s, err := m.dev(home, args...)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := m.drained(path); err != nil {
		return err
	}
	m.stop(s)
	lost, err := forwarded.lost(m, path)
	if err != nil {
		return err
	}
	lostToo, err := kept.lost(m, path)
	if err != nil {
		return err
	}
	m.figure("events acknowledged", "%d", forwarded.len()+kept.len())
	m.figure("  lost, or changed", "%d", lost+lostToo)
	for name, h := range map[string]*handler{"there": there, "late": late} {
		missing, again := h.missing(forwarded)
		for _, id := range missing {
			m.fault("%s never came to the handler %s", id, name)
		}
		m.figure(fmt.Sprintf("  to the handler that is %s", name), "%d, of them %d more than once, %d never", forwarded.len()-len(missing), again, len(missing))
	}
	m.figure("  held through all kills, delivered in", "%v", time.Since(began).Round(time.Second))
	return nil
}

// drained waits until no events are waiting any more.
func (m *machine) drained(path string) error {
	events, err := sqlite.Open(m.ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer events.Close()
	before, since := int64(-1), time.Now()
	for {
		stats, err := events.Stats(m.ctx)
		if err != nil {
			return err
		}
		if stats.Waiting == 0 {
			return nil
		}
		if stats.Waiting != before {
			before, since = stats.Waiting, time.Now()
		}
		if time.Since(since) > patience {
			return fmt.Errorf("%d deliveries wait, and none of them has been made for %v", stats.Waiting, patience)
		}
		select {
		case <-m.ctx.Done():
			return m.ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// company are other processes that use the store at the same time.
type company struct {
	wg     sync.WaitGroup
	stop   chan struct{}
	once   sync.Once
	run    atomic.Int64
	killed atomic.Int64
	wrote  atomic.Int64

	late    atomic.Int64 // commands for which others held the store too long
	refused atomic.Int64 // events
}

// busy lets a session refuse an event for now: others may hold the store for longer than the
// sender of an event is to wait.
func (c *company) busy(m *machine) func(answer) bool {
	return func(a answer) bool {
		if a.status != http.StatusServiceUnavailable || a.retry == "" {
			return m.never(a)
		}
		c.refused.Add(1)
		return true
	}
}

func (c *company) end() {
	c.once.Do(func() { close(c.stop) })
	c.wg.Wait()
}

// beside starts commands on a store, two at a time, until end is called. A third of them is
// killed. What one of them may have deleted is no longer expected.
func (m *machine) beside(home, path, to string, l *ledger) *company {
	c := &company{stop: make(chan struct{})}
	for range 2 {
		c.wg.Go(func() {
			for {
				select {
				case <-c.stop:
					return
				case <-m.ctx.Done():
					return
				case <-time.After(m.random.within(40 * time.Millisecond)):
				}
				id := l.any(m)
				if id == "" {
					continue
				}
				m.runCommand(c, home, path, to, l, id)
			}
		})
	}
	return c
}

// runCommand runs one command about an event.
func (m *machine) runCommand(c *company, home, path, to string, l *ledger, id event.ID) {
	commands := []struct {
		words string
		codes []int // besides 0
		reads bool
	}{
		{words: "ls --json -n 100", reads: true},
		{words: "ls is:failed", reads: true},
		{words: "ls needle", reads: true},
		{words: "show ID", reads: true, codes: []int{notFound}},
		{words: "export ID --as ndjson", reads: true, codes: []int{notFound}},
		{words: "held", reads: true},
		{words: "prune --keep 3650d --dry-run", reads: true},
		{words: "note ID torture", codes: []int{notFound}},
		{words: "pin ID", codes: []int{notFound}},
		{words: "replay ID --to " + to, codes: []int{notFound, refused}},
		{words: "rm ID --yes", codes: []int{notFound}},
	}
	command := commands[m.random.n(len(commands))]
	args := strings.Fields(strings.ReplaceAll(command.words, "ID", string(id)))
	if args[0] == "pin" {
		args = append(args, "case-"+strings.ToLower(string(id)))
	}
	if args[0] == "rm" {
		l.forget(id) // from now on it may be gone
	}
	args = append(args, "--store", path)
	var kill time.Duration
	if m.random.n(3) == 0 {
		kill = time.Millisecond + m.random.within(60*time.Millisecond)
	}
	r := m.run(home, kill, args...)
	c.run.Add(1)
	if !command.reads {
		c.wrote.Add(1)
	}
	if kill > 0 && r.code < 0 {
		c.killed.Add(1)
		return
	}
	if r.code == badStore && strings.Contains(r.errs, "the store is busy") {
		c.late.Add(1)
		return
	}
	m.check(r, command.codes...)
}

// Exit codes of hfhook: see hfhook help exit-codes.
const (
	notFound    = 4
	refused     = 6
	badStore    = 9
	interrupted = 130
)
