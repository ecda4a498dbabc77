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
