package sqlite

// The targets of the running programs. A program that sends to targets has a row in the table
// sessions, and a lock while it runs; so a killed program is recognised.

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hfhook/store"
)

// A session is this store's presence: other processes see by its lock whether it still runs.
type session struct {
	mu      sync.Mutex
	id      string   // the name of its lock; empty: it has none yet
	targets []string // the targets that it has declared; nil: none yet
}

// self returns the name of the lock that this store has for as long as it is open.
func (s *Store) self(ctx context.Context) (string, error) {
	s.own.mu.Lock()
	defer s.own.mu.Unlock()
	return s.lockSelf(ctx)
}

// lockSelf is self for callers that hold s.own.mu.
func (s *Store) lockSelf(ctx context.Context) (string, error) {
	if s.own.id != "" {
		return s.own.id, nil
	}
	s.sweepLocks()
	id := rand.Text()
	lock, err := takeLock(ctx, s.lockPath(id), func() bool { return true })
	if err == nil {
		err = s.owned.add(lock)
	}
	if err == nil {
		s.own.id = id
	}
	return s.own.id, err
}

// SetTargets is documented at [store.Store].
func (s *Store) SetTargets(ctx context.Context, targets []string) error {
	return s.explain(ctx, "record the targets", s.setTargets(ctx, targets))
}

func (s *Store) setTargets(ctx context.Context, targets []string) error {
	s.own.mu.Lock()
	defer s.own.mu.Unlock()
	own, err := s.lockSelf(ctx)
	if err != nil {
		return err
	}
	s.own.targets = append([]string{}, targets...)
	rows, err := s.sessions(ctx)
	if err != nil {
		return err
	}
	return s.writer.do(ctx, 0, func(t *tx) error {
		for _, r := range rows {
			if !r.running && r.id != own {
				if _, err := t.exec("DELETE FROM sessions WHERE id = ?", r.id); err != nil {
					return err
				}
			}
		}
		_, err := t.exec("INSERT INTO sessions (id, began, targets) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET targets = excluded.targets", own, nanos(time.Now()), listOf(targets...))
		return err
	})
}

// A sessionRow is a row of the table.
type sessionRow struct {
	id      string
	began   time.Time
	targets []string
	running bool
}

// sessions reads the table, in the order in which the sessions began.
func (s *Store) sessions(ctx context.Context) (all []sessionRow, err error) {
	var r sessionRow
	var list string
	err = s.read.each(ctx, "SELECT id, began, targets FROM sessions", nil, []any{&r.id, scanTime{&r.began}, &list}, func() error {
		r.targets = nil
		if err := json.Unmarshal([]byte(list), &r.targets); err != nil {
			return fmt.Errorf("%w: the targets of a session: %w", store.ErrDamaged, err)
		}
		r.running = isLocked(s.lockPath(r.id))
		all = append(all, r)
		return nil
	})
	slices.SortFunc(all, func(a, b sessionRow) int { return cmp.Or(a.began.Compare(b.began), strings.Compare(a.id, b.id)) })
	return all, err
}

// A presence is what is known about the targets of running programs.
type presence struct {
	known bool
	order []string
}

// presence reads the targets of the programs that run or, if none does, of those that ran
// last.
func (s *Store) presence(ctx context.Context) (p presence, err error) {
	rows, err := s.sessions(ctx)
	if err != nil {
		return p, err
	}
	p.known = len(rows) > 0
	running := slices.ContainsFunc(rows, func(r sessionRow) bool { return r.running })
	for _, r := range rows {
		if running && !r.running {
			continue
		}
		for _, target := range r.targets {
			if !slices.Contains(p.order, target) {
				p.order = append(p.order, target)
			}
		}
	}
	return p, nil
}

// leftOver reports whether what a target has left is left over.
func (p presence) leftOver(target string) bool {
	return p.known && !slices.Contains(p.order, target)
}

// place orders targets as the programs do, followed by those of no program by the key of their
// name.
func (p presence) place(target string, key int64) int64 {
	if i := slices.Index(p.order, target); i >= 0 {
		return int64(i) - int64(len(p.order))
	}
	return key
}

// Targets is documented at [store.Store].
func (s *Store) Targets(ctx context.Context) ([]string, error) {
	p, err := s.presence(ctx)
	return p.order, s.explain(ctx, "read the targets", err)
}
