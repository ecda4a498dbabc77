package tui

// What the list asks for: which rows it lacks, one load at a time, and how they are put in.

import (
	"hfhook/event"
	"hfhook/store"
)

// next is the load that is wanted now, if one is. h is the height of the list.
func (l *list) next(h int) (load, bool) {
	wanted, ok := l.wanted(h)
	wanted.query.Filter = l.filter
	return wanted, ok
}

func (l *list) wanted(h int) (load, bool) {
	switch {
	case l.jump != nil:
		wanted := *l.jump
		l.jump = nil
		l.generation++
		wanted.generation, wanted.reset = l.generation, true
		l.loading, l.stale, l.anew = true, false, true
		return wanted, true
	case l.loading, l.paused:
		return load{}, false
	}
	wanted := load{generation: l.generation}
	first, last := l.bounds(h)
	switch {
	case len(l.rows) == 0 && l.older && l.before() != "":
		// Nothing was found yet, but not everything was looked at.
		wanted.query = store.Query{Before: l.before(), Limit: pageRows}
	case l.stale && len(l.rows) == 0 && l.newest != "":
		wanted.query = store.Query{After: l.newest, Limit: pageRows + h}
		l.stale = false
	case l.stale && len(l.rows) == 0:
		wanted.query, wanted.reset = store.Query{Limit: pageRows + h}, true
		l.stale = false
	case l.stale:
		wanted.query = store.Query{After: justBefore(l.rows[min(first, len(l.rows)-1)].ID), Limit: pageRows + h}
		l.stale = false
	case l.older && first < pageRows/2:
		wanted.query = store.Query{Before: l.before(), Limit: pageRows}
	case l.newer && last > len(l.rows)-pageRows/2:
		wanted.query = store.Query{After: l.after(), Limit: pageRows}
	default:
		return load{}, false
	}
	l.loading = true
	return wanted, true
}

// bounds are the rows of the window that are in sight: the first and the one after
// the last.
func (l *list) bounds(h int) (first, last int) {
	top := l.top(h)
	for i, it := range l.items {
		if it.row == nil || it.replay != nil {
			continue
		}
		if i < top {
			first = it.index + 1
		}
		if i < top+h {
			last = it.index + 1
		}
	}
	return first, last
}

// take puts in the answer to a load, and tells whether it was still wanted. newest is
// the newest event of all, where a filter was asked for anew.
func (l *list) take(ld load, p store.Page, newest event.ID, h int) bool {
	if ld.generation != l.generation {
		return false
	}
	l.loading, l.loaded, l.anew = false, true, false
	if ld.reset {
		l.newest = newest
		l.window.reset(p)
	} else {
		l.window.merge(ld.query, p)
	}
	if l.follow && l.goal == keep && l.newer {
		// More came at once than a page holds.
		l.jump = &load{query: store.Query{Limit: pageRows + h}}
	}
	center := len(l.rows)
	if !l.follow {
		center = l.index(func(id event.ID) bool { return id >= l.selected.id })
		if l.selected.id == "" {
			center, _ = l.bounds(h)
		}
	}
	l.trim(center)
	l.forget()
	l.rebuild()
	switch l.goal {
	case toFirst:
		l.choose(0, h)
	case toLast:
		l.choose(len(l.items)-1, h)
	case toSelected:
		l.above = h / 2
	}
	l.goal = keep
	l.total = l.known
	l.look(h)
	return true
}

// failed notes that a load has failed, and tells whether it was still wanted. The
// next wake-up or key tries again.
func (l *list) failed(ld load) bool {
	if ld.generation != l.generation {
		return false
	}
	l.loading, l.paused, l.anew = false, true, false
	l.goal = keep
	return true
}

// wake notes that the store has changed and holds that many items now, the rejected
// requests included.
func (l *list) wake(total int64) { l.known, l.stale, l.paused = total, true, false }
