package eventlist

// Following: the selection rides on the newest event until the user does something else, and
// again from when the user is back on the last row. Meanwhile what comes is counted.

import (
	"hfhook/store"
)

// newestEvent is the place of the newest event among the items; -1 if there is none.
func (l *List) newestEvent() int {
	for i, it := range l.fromNewest() {
		if it.Row != nil && it.Replay == nil && !it.Past {
			return i
		}
	}
	return -1
}

// ride selects the newest event while the list follows, if it is newer than the one that was
// the newest so far. What is not an event moves nothing.
func (l *List) ride() {
	if !l.Follow || !l.loaded || l.Newer {
		return
	}
	l.followedUpTo = l.total
	if i := l.newestEvent(); i >= 0 && l.Items[i].Key.ID > l.followed {
		l.followed = l.Items[i].Key.ID
		if l.At < 0 || l.Items[l.At].Key.ID < l.followed {
			l.set(i)
		}
	}
}

// Detach ends following: what is selected stays selected, and where it is on the screen.
func (l *List) Detach(h int) {
	if !l.Follow {
		return
	}
	top := l.Top(h)
	l.Follow = false
	if l.At >= 0 {
		l.above = l.At - top
	}
}

// Attach selects the newest event, and follows.
func (l *List) Attach(h int) {
	if l.whole() && len(l.Items) > 0 {
		l.Choose(l.newestItem(), h)
		return
	}
	l.Follow, l.followed, l.goal = true, "", toNewest
	l.jump = &Load{Query: store.Query{Limit: pageRows + h}}
}

// whole reports whether the window reaches to the newest event, and no other one is on its way.
func (l *List) whole() bool { return !l.Newer && !l.reset && l.jump == nil }

// New counts the events that came since the list followed, of those that match its filter
// the ones that were read.
func (l *List) New() int64 {
	if l.Follow {
		return 0
	}
	if l.Filter == nil {
		return max(l.total-l.followedUpTo, 0)
	}
	n := int64(0)
	for i := len(l.Rows) - 1; i >= 0 && l.followed != "" && l.Rows[i].ID > l.followed; i-- {
		if !l.Hidden[l.Rows[i].ID] {
			n++
		}
	}
	return n
}
