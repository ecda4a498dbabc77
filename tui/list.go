package tui

// The list part: events and rejected requests in the order of their time, a
// selection that is an id and never moves by itself, and following.

import (
	"slices"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// An item is one line of the list: an event, a replay of it, a rejected request, or a
// gap.
type item struct {
	row      *event.Row
	index    int             // of row, in the window
	replay   *event.Delivery // of row; nil on the event's own line
	more     int             // replays that are folded into this line
	first    *event.Delivery // the attempt before the replays, where they stand below
	rejected *event.Rejected
	gap      *gapMark
	marked   bool // selected, for what is done to many
	key      itemKey
}

// at is when an item that is no event's takes its place among them.
func (it *item) at() time.Time {
	if it.gap != nil {
		return it.gap.from
	}
	return it.rejected.At
}

// An itemKey names an item for as long as the program runs.
type itemKey struct {
	id       event.ID
	replay   int   // number of the attempt; 0 on the event's own line
	rejected int64 // number of the rejected request, from 1; 0 for an event
	gap      int64 // nanoseconds of its beginning; 0 for what is no gap
}

// A list knows the items of its window. Its methods are pure but for the list
// itself: the rows come from outside, by loads that it asks for.
type list struct {
	window
	items []item

	selected itemKey
	at       int  // of the selected item, -1 while it is out of the window
	above    int  // lines between the top and the selected item
	follow   bool // the newest item stays in sight

	filter  filter.Expr // nil: all
	text    string      // of the filter
	newest  event.ID    // of all events, when the filtered rows were first asked for
	replays map[event.ID]family

	rejected []event.Rejected
	refused  int64 // number of the last of them
	gaps     []gapMark
	hidden   map[event.ID]bool // deleted, and to come back if the user takes it back

	loaded     bool // a page has come
	generation int
	loading    bool
	anew       bool  // the rows that are there are another window's
	paused     bool  // a load failed: nothing is asked before something happens
	stale      bool  // the store has changed since the last load
	goal       goal  // what to select when a window has come
	jump       *load // a window elsewhere that is wanted
	known      int64 // items that there are by now
	total      int64 // items that there were when rows last came
	seen       int64 // of them when the newest was last in sight
}

type goal int

const (
	keep goal = iota
	toFirst
	toLast
	toSelected
)

func newList() list {
	return list{at: -1, follow: true, stale: true, replays: map[event.ID]family{}}
}

// setRejected takes the rejected requests, of which the last is number refused.
func (l *list) setRejected(rejected []event.Rejected, refused int64) {
	if refused == l.refused && len(rejected) == len(l.rejected) {
		return
	}
	l.rejected, l.refused = rejected, refused
	l.rebuild()
}

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

// rebuild merges rows, rejected requests and gaps into items, by time. What lies beyond
// an end of the window that has more rows is left to those rows.
func (l *list) rebuild() {
	others := l.others()
	l.items = slices.Grow(l.items[:0], len(l.rows)+len(others))
	for i, j := 0, 0; i < len(l.rows) || j < len(others); {
		switch {
		case i < len(l.rows) && l.hidden[l.rows[i].ID]:
			i++
		case j == len(others) || i < len(l.rows) && !others[j].at().Before(l.rows[i].Received):
			for _, it := range l.replays[l.rows[i].ID].items(&l.rows[i]) {
				it.index = i
				l.items = append(l.items, it)
			}
			i++
		default:
			l.add(others[j])
			j++
		}
	}

	was := l.at
	l.at = slices.IndexFunc(l.items, func(it item) bool { return it.key == l.selected })
	switch {
	case l.at >= 0 || len(l.items) == 0:
	case l.selected == itemKey{} && !l.loaded:
	case l.selected == itemKey{}:
		l.set(l.newestItem())
	case l.isOutside(l.selected):
	default: // it is no longer there
		l.set(min(max(was, 0), len(l.items)-1))
	}
}

// newestItem is the one that is selected where nobody has chosen: a gap says nothing that
// the rows beside it do not show, so it is the one before it.
func (l *list) newestItem() int {
	for i, it := range slices.Backward(l.items) {
		if it.gap == nil {
			return i
		}
	}
	return len(l.items) - 1
}

// forgetSelection leaves it to the next rows that come which item is selected: the newest.
func (l *list) forgetSelection() { l.selected, l.at, l.loaded = itemKey{}, -1, false }

// pickNewest selects the newest of the events that are there, where nothing is selected; where
// there is none, what is newest.
func (l *list) pickNewest() {
	l.loaded = true
	for i := len(l.items) - 1; i >= 0 && l.selected == (itemKey{}); i-- {
		if it := &l.items[i]; it.row != nil && it.replay == nil {
			l.set(i)
		}
	}
	l.rebuild()
}

// isOutside tells whether an item that is not in the window can be beyond its ends.
func (l *list) isOutside(k itemKey) bool {
	if k.gap > 0 {
		return l.older || l.newer
	}
	if k.rejected > 0 {
		return k.rejected > l.refused-int64(len(l.rejected)) && (l.older || l.newer)
	}
	n := len(l.rows)
	return n > 0 && (l.older && k.id < l.rows[0].ID || l.newer && k.id > l.rows[n-1].ID)
}

func (l *list) set(i int) { l.at, l.selected = i, l.items[i].key }

// current is the selected item, if it is in the window.
func (l *list) current() (item, bool) {
	if l.at < 0 || l.at >= len(l.items) {
		return item{}, false
	}
	return l.items[l.at], true
}

// top is the first item in sight on h lines.
func (l *list) top(h int) int {
	end := max(len(l.items)-h, 0)
	if l.follow || l.at < 0 {
		return end
	}
	return min(max(l.at-min(max(l.above, 0), max(h-1, 0)), 0), end)
}

// atNewest tells whether the newest item is in sight.
func (l *list) atNewest(h int) bool { return !l.newer && l.top(h)+h >= len(l.items) }

// setFilter shows the events that match. The selected one stays selected where it is
// among them; without a filter again, the rows around it are shown.
func (l *list) setFilter(x filter.Expr, text string, h int) {
	was := l.filter
	l.filter, l.text, l.newest, l.paused = x, text, "", false
	l.goal, l.jump = keep, &load{query: store.Query{Limit: pageRows + h}}
	if x == nil && was != nil && !l.follow && l.selected.id != "" {
		l.back(h)
	}
}

// shown counts the events of the window that are not hidden.
func (l *list) shown() int64 {
	n := int64(len(l.rows))
	for i := range l.rows {
		if l.hidden[l.rows[i].ID] {
			n--
		}
	}
	return n
}

// matches says how many events match, as far as that is known.
func (l *list) matches(total int64) string {
	if l.anew {
		return "looking, of " + count(total)
	}
	n := count(l.shown())
	switch {
	case l.older || l.newer:
		n += " or more"
	case l.loading:
		n += " so far"
	}
	return n + " of " + count(total)
}

// unseen counts the items that came since the newest was last in sight.
// With a filter nobody knows how many of them match.
func (l *list) unseen() int64 {
	if l.filter != nil {
		return 0
	}
	return max(l.total-l.seen, 0)
}

// look notes whether the newest item is in sight now.
func (l *list) look(h int) {
	if l.atNewest(h) {
		l.seen = l.total
	}
}

// move moves the selection by n items.
func (l *list) move(n, h int) {
	if len(l.items) == 0 {
		return
	}
	l.paused = false
	if l.at < 0 {
		// The list has flowed on: the first key brings the selection back.
		l.follow = false
		l.back(h)
		return
	}
	l.choose(min(max(l.at+n, 0), len(l.items)-1), h)
	if n < 0 {
		l.follow = false
	}
	l.look(h)
}

// beside is how far the next event or rejected request is in the direction of n,
// past the replays of the selected one; 0 where the window has none.
func (l *list) beside(n int) int {
	for i := l.at + n; i >= 0 && i < len(l.items); i += n {
		if k := l.items[i].key; k.replay == 0 && (k.id == "" || k.id != l.selected.id) {
			return i - l.at
		}
	}
	return 0
}

// step moves the selection to the event or rejected request before or after.
func (l *list) step(n, h int) {
	if far := l.beside(n); far != 0 {
		n = far
	}
	l.move(n, h)
}

// neighbours are the keys to the items before and after the selected one.
func (l *list) neighbours() (actions []action) {
	if l.at < 0 || l.beside(-1) != 0 || l.older {
		actions = append(actions, actPrevious)
	}
	if l.at < 0 || l.beside(1) != 0 || l.newer {
		actions = append(actions, actNext)
	}
	return actions
}

// back asks for the rows around the selection.
func (l *list) back(h int) {
	if l.selected.rejected > 0 || l.selected.gap > 0 {
		l.set(l.top(h))
		return
	}
	l.goal = toSelected
	l.jump = &load{query: store.Query{Before: justAfter(l.selected.id), Limit: pageRows + h}}
}

// choose selects item i and brings it into sight with the least scrolling.
// Following ends where the newest item goes out of it.
func (l *list) choose(i, h int) {
	if i < 0 || i >= len(l.items) {
		return
	}
	top := l.top(h)
	top = max(min(top, i), i-h+1)
	l.set(i)
	l.above = i - top
	l.follow = l.follow && top+h >= len(l.items) && !l.newer
}

// first selects the oldest item of all.
func (l *list) first(h int) {
	l.follow = false
	if !l.older {
		l.choose(0, h)
		l.look(h)
		return
	}
	l.goal = toFirst
	l.jump = &load{query: store.Query{After: firstID, Limit: pageRows + h}}
}

// last selects the newest item of all, and follows.
func (l *list) last(h int) {
	l.follow = true
	if !l.newer {
		l.choose(len(l.items)-1, h)
		l.follow = true
		l.look(h)
		return
	}
	l.goal = toLast
	l.jump = &load{query: store.Query{Limit: pageRows + h}}
}

// setFollow starts or ends following, and leaves the selection.
func (l *list) setFollow(on bool, h int) {
	top := l.top(h)
	l.follow = on
	switch {
	case on && l.newer:
		l.jump = &load{query: store.Query{Limit: pageRows + h}}
	case !on && l.at < 0:
		l.back(h)
	case !on:
		l.above = l.at - top
	}
	l.look(h)
}
