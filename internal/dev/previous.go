package dev

// Chooses the earlier event to compare one with: the newest of those that have most in common
// with it.

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// Common says what an event has in common with the one that it is compared with.
type Common string

// What two events may have in common, the most first.
const (
	SameThread Common = "thread" // the pull request or discussion
	SameRepo   Common = "repo"
	SameKind   Common = "kind" // the scope and the action
)

// Previous is an earlier event to compare one with.
type Previous struct {
	ID       event.ID
	Same     Common
	SameKind bool   // also of the same scope and action
	Where    string // its thread or repository, for example "me/corpus#19"
}

// What says in words what it is, for example "previous comment on me/corpus#19".
func (p Previous) What(scope string) string {
	kind := "event"
	if words := strings.Split(scope, "."); p.SameKind {
		kind = map[string]string{"comment": "comment", "content": "push", "config": "settings change", "discussion": "discussion event"}[words[len(words)-1]]
	}
	if kind == "" {
		kind = "event of this kind"
	}
	switch p.Same {
	case SameThread:
		return "previous " + kind + " on " + p.Where
	case SameRepo:
		return "previous " + kind + " in " + p.Where
	}
	return "previous " + kind + ", in another repository: " + p.Where
}

// Limits of the search: searching all of a large store would take too long.
const (
	previousWithin = 5000 // events
	previousPages  = 40   // pages, which may have few matching events
)

// A lister lists events.
type lister interface {
	List(ctx context.Context, q store.Query) (store.Page, error)
}

// FindPrevious returns the event before the given one to compare e with: the newest of its pull
// request or discussion, else of its repository, else of its scope and action in another one.
// Among those of a thread or repository one of the same scope and action is preferred. It fails
// with store.ErrNotFound if there is none among the last few thousand events.
func FindPrevious(ctx context.Context, events lister, e *event.Event, before event.ID) (Previous, error) {
	p, of := e.Payload, e.Row()
	if p == nil {
		return Previous{}, fmt.Errorf("event %s is not a Hub payload: %w", e.ID.Short(), store.ErrNotFound)
	}
	alike := func(r *event.Row) bool { return r.Scope == of.Scope && r.Action == of.Action }
	ofRepo := func(r *event.Row) bool { return r.RepoType == of.RepoType && r.Repo == of.Repo }
	repo := filter.And{filter.Type(of.RepoType), filter.Repo(of.Repo)}
	if of.Repo != "" && p.Discussion != nil {
		if thread, err := filter.Parse(".discussion.num:"+strconv.FormatInt(int64(p.Discussion.Num), 10), time.Now()); err == nil {
			found, err := nearest(ctx, events, append(repo[:2:2], thread), before, ofRepo, alike)
			if err != nil || found.ID != "" {
				found.Same, found.Where = SameThread, fmt.Sprintf("%s#%d", of.Repo, p.Discussion.Num)
				return found, err
			}
		}
	}
	if of.Repo != "" {
		found, err := nearest(ctx, events, repo, before, ofRepo, alike)
		if err != nil || found.ID != "" {
			found.Same, found.Where = SameRepo, of.Repo
			return found, err
		}
	}
	var kind filter.Expr
	if of.Scope != "" {
		kind = filter.Scope(of.Scope) // including those below it
	}
	found, err := nearest(ctx, events, kind, before, alike, func(r *event.Row) bool { return r.RepoType == of.RepoType })
	if err == nil && found.ID == "" {
		err = fmt.Errorf("find an event like %s before it: %w", e.ID.Short(), store.ErrNotFound)
	}
	found.Same, found.SameKind = SameKind, true
	return found, err
}

// nearest returns the newest event that matches and is suitable and preferred, else the newest
// that is suitable; its ID is empty if there is none.
func nearest(ctx context.Context, events lister, x filter.Expr, before event.ID, suitable, preferred func(*event.Row) bool) (found Previous, err error) {
	q := store.Query{Before: before, Filter: x, Limit: 200}
	seen := 0
	for range previousPages {
		page, err := events.List(ctx, q)
		if err != nil {
			return Previous{}, fmt.Errorf("look for the event before %s: %w", before.Short(), err)
		}
		for i := range page.Rows {
			r := &page.Rows[i]
			if !suitable(r) {
				continue
			}
			if preferred(r) {
				return Previous{ID: r.ID, SameKind: true, Where: r.Repo}, nil
			}
			if found.ID == "" {
				found = Previous{ID: r.ID, Where: r.Repo}
			}
		}
		if seen += len(page.Rows); page.Next == "" || seen >= previousWithin {
			break
		}
		q.Before = page.Next
	}
	return found, nil
}

// Previous is FindPrevious in the session's store.
func (s *Session) Previous(ctx context.Context, e *event.Event, before event.ID) (Previous, error) {
	return FindPrevious(ctx, s.store, e, before)
}
