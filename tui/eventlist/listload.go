package eventlist

// What the list asks for: which rows it lacks, one load at a time, and how they are put in.

import (
	"hfhook/event"
	"hfhook/store"
)

// Next is the load that is wanted now, if one is. h is the height of the list.
func (l *List) Next(h int) (Load, bool) {
	wanted, ok := l.wanted(h)
	wanted.Query.Filter = l.Filter
	return wanted, ok
}

func (l *List) wanted(h int) (Load, bool) {
	switch {
	case l.jump != nil:
		wanted := *l.jump
		l.jump = nil
		l.generation++
		wanted.generation, wanted.Reset = l.generation, true
		l.Loading, l.stale, l.reset = true, false, true
		return wanted, true
	case l.Loading, l.paused, l.rejectedOnly:
		return Load{}, false
	}
	wanted := Load{generation: l.generation}
	first, last := l.bounds(h)
	oldest := l.kept.oldest()
	switch {
	case len(l.Rows) == 0 && l.Older && l.before() != "":
		// Nothing was found yet, but not everything was looked at.
		wanted.Query = store.Query{Before: l.before(), Limit: pageRows}
	case l.stale && len(l.Rows) == 0 && oldest != "": // it may match again
		wanted.Query = store.Query{After: JustBefore(oldest), Limit: pageRows + h}
		l.stale = false
	case l.stale && len(l.Rows) == 0 && l.newest != "":
		wanted.Query = store.Query{After: l.newest, Limit: pageRows + h}
		l.stale = false
	case l.stale && len(l.Rows) == 0:
		wanted.Query, wanted.Reset = store.Query{Limit: pageRows + h}, true
		l.stale = false
	case l.stale:
		from := l.Rows[min(first, len(l.Rows)-1)].ID
		if oldest != "" && oldest < from && (!l.Older || oldest > l.Rows[0].ID) {
			from = oldest
		}
		wanted.Query = store.Query{After: JustBefore(from), Limit: pageRows + h}
		l.stale = false
	case l.Older && first < pageRows/2:
		wanted.Query = store.Query{Before: l.before(), Limit: pageRows}
	case l.Newer && last > len(l.Rows)-pageRows/2:
		wanted.Query = store.Query{After: l.after(), Limit: pageRows}
	default:
		return Load{}, false
	}
	l.Loading = true
	return wanted, true
}

// bounds are the rows of the window that are in sight: the first and the one after
// the last.
func (l *List) bounds(h int) (first, last int) {
	from, end := l.Top(h), l.Top(h)+h
	if l.NewestFirst { // the row before the first in sight stands below it
		from, end = len(l.Items)-end, len(l.Items)-from
	}
	for i := range l.Items {
		it := &l.Items[i]
		if l.NewestFirst {
			it = &l.Items[len(l.Items)-1-i]
		}
		if it.Row == nil || it.Replay != nil {
			continue
		}
		if i < from {
			first = it.index + 1
		}
		if i < end {
			last = it.index + 1
		}
	}
	return first, last
}

// Take puts in the answer to a load, and reports whether it was still wanted. newest is
// the newest event of all, if the filter was applied again.
func (l *List) Take(ld Load, p store.Page, newest event.ID, h int) bool {
	if ld.generation != l.generation {
		return false
	}
	l.Loading, l.loaded, l.reset = false, true, false
	if ld.Reset {
		l.newest = newest
		l.Window.reset(p)
	} else {
		held := l.hold()
		l.Window.Merge(ld.Query, p)
		l.keepPast(held)
	}
	l.kept.matching(l.Rows)
	if l.Follow && l.goal != toNewestItem && l.goal != toNewest && l.Newer {
		// More came at once than a page holds.
		l.jump = &Load{Query: store.Query{Limit: pageRows + h}}
	}
	center := len(l.Rows)
	if !l.Follow {
		center = l.index(func(id event.ID) bool { return id >= l.Selected.ID })
		if l.Selected.ID == "" {
			center, _ = l.bounds(h)
		}
	}
	l.trim(center)
	l.forget()
	l.total = l.known
	l.Rebuild()
	switch l.goal {
	case toOldest:
		l.chooseEnd(false, h)
	case toNewestItem:
		l.chooseEnd(true, h)
	case toNewest:
		l.Choose(l.newestItem(), h)
	case toSelected:
		l.above = h / 2
	}
	l.goal, l.refiltered = keep, l.refiltered && !ld.Reset
	return true
}

// Aimed reports whether the user has chosen to go to what the next window brings, so that the
// selection does not move by itself then.
func (l *List) Aimed() bool { return l.goal != keep }

// Failed notes that a load has failed, and reports whether it was still wanted. The
// next wake-up or key tries again.
func (l *List) Failed(ld Load) bool {
	if ld.generation != l.generation {
		return false
	}
	l.Loading, l.paused, l.reset = false, true, false
	l.goal, l.refiltered = keep, l.refiltered && !ld.Reset
	return true
}

// Wake notes that the store has changed and holds that many events now.
func (l *List) Wake(total int64) { l.known, l.stale, l.paused = total, true, false }
