// Package eventlist is the list of events, replays, rejected requests and gaps: a window
// over the store, the selection, and how a row is drawn.
package eventlist

// The list part: events and rejected requests in the order of their time, and a
// selection that is an id. It moves by itself only while the list follows: then it rides
// on the newest event.

import (
	"strings"

	"slices"
	"time"

	"hfhook/tui/screen"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
	"hfhook/tui/style"
)

// An Item is one line of the list: an event, a replay of it, a rejected request, or a
// gap.
type Item struct {
	Row      *event.Row
	index    int             // of row, in the window
	Replay   *event.Delivery // of row; nil on the event's own line
	More     int             // replays that are folded into this line
	fixes    bool            // the replay was taken, and the event was not
	Rejected *event.Rejected // of a run the newest
	Run      *Run            // several rejected requests
	Day      time.Time       // the line above a day's first item; it cannot be selected
	Gap      *gapMark
	Marked   bool // selected, for what is done to many
	Past     bool // it no longer matches the filter, and stays until it is left: see kept.go
	Key      ItemKey
}

// at is when an item that is not an event's takes its place among them.
func (it *Item) at() time.Time {
	switch {
	case it.Gap != nil:
		return it.Gap.from
	case it.Rejected != nil:
		return it.Rejected.At
	}
	return it.Day
}

// An ItemKey names an item for as long as the program runs.
type ItemKey struct {
	ID       event.ID
	Replay   int   // number of the attempt; 0 on the event's own line
	Rejected int64 // number of the rejected request, from 1; 0 for an event
	run      bool  // of rejected requests, Rejected being the first
	gap      int64 // nanoseconds of its beginning; 0 for what is not a gap
	day      int   // of a line between two days
}

// A List knows the items of its window. Its methods are pure except for the list
// itself: the rows come from outside, by loads that it asks for.
type List struct {
	Window
	Items []Item

	Selected ItemKey
	At       int  // of the selected item, -1 while it is out of the window
	above    int  // lines between the top and the selected item
	Follow   bool // the selection rides on the newest event

	Filter  filter.Expr // nil: all
	Text    string      // of the filter
	newest  event.ID    // of all events, when the filtered rows were first asked for
	replays map[event.ID]Attempts
	kept    kept

	NewestFirst bool // the newest item stands at the top
	now         time.Time
	unfolded    map[int64]bool // runs of rejected requests, by the number of one of them

	rejectedOnly bool // neither events nor gaps are shown

	rejected []event.Rejected
	refused  int64 // number of the last of them
	gaps     []gapMark
	Hidden   map[event.ID]bool // deleted, and to come back if the user takes it back

	loaded     bool // a page has come
	generation int
	Loading    bool
	reset      bool  // the rows that are there are another window's
	paused     bool  // a load failed: nothing is asked before something happens
	stale      bool  // the store has changed since the last load
	goal       goal  // what to select when a window has come
	refiltered bool  // the filter is another one than that of the rows
	jump       *Load // a window elsewhere that is wanted
	known      int64 // events that there are by now
	total      int64 // events that there were when rows last came

	// When the list last followed: the newest of its events, and how many events there were.
	followed     event.ID
	followedUpTo int64
}

type goal int

const (
	keep goal = iota
	toOldest
	toNewestItem
	toNewest
	toSelected
)

func New() List {
	return List{At: -1, Follow: true, stale: true, replays: map[event.ID]Attempts{}}
}

// SetRejected takes the rejected requests, of which the last is number refused.
func (l *List) SetRejected(rejected []event.Rejected, refused int64) {
	if refused == l.refused && len(rejected) == len(l.rejected) {
		return
	}
	l.rejected, l.refused = rejected, refused
	l.Rebuild()
}

// SetRejectedOnly shows nothing but rejected requests, or all again.
func (l *List) SetRejectedOnly(only bool) {
	if only == l.rejectedOnly {
		return
	}
	l.rejectedOnly = only
	l.Selected, l.At, l.Follow = ItemKey{}, -1, true
	l.Rebuild()
}

// Rebuild merges rows, rejected requests and gaps into items, by time. What lies beyond
// an end of the window that has more rows is left to those rows.
func (l *List) Rebuild() {
	others, rows, past := l.others(), l.Rows, l.kept.sorted()
	if l.rejectedOnly {
		rows, past = nil, nil
	}
	l.Items = slices.Grow(l.Items[:0], len(rows)+len(others))
	for i, j, k := 0, 0, 0; i < len(rows) || j < len(others) || k < len(past); {
		var row *event.Row
		index, isPast := i, false
		switch {
		case i < len(rows) && (k == len(past) || rows[i].ID < past[k].ID):
			row = &rows[i]
		case k < len(past):
			row, index, isPast = past[k], i-1, true
		}
		next := func() {
			if isPast {
				k++
			} else {
				i++
			}
		}
		switch {
		case row != nil && l.Hidden[row.ID]:
			next()
		case row != nil && (j == len(others) || !others[j].at().Before(row.Received)):
			for _, it := range l.replays[row.ID].items(row) {
				it.index, it.Past = index, isPast
				l.Items = append(l.Items, it)
			}
			next()
		default:
			l.add(others[j])
			j++
		}
	}

	l.arrange()

	was := l.At
	l.At = slices.IndexFunc(l.Items, func(it Item) bool { return it.Key == l.Selected })
	if i := l.runOf(l.Selected.Rejected); l.At < 0 && i >= 0 {
		l.set(i)
	}
	l.ride()
	switch {
	case l.At >= 0 || len(l.Items) == 0:
	case l.Selected == ItemKey{} && !l.loaded:
	case l.Selected == ItemKey{}:
		l.set(l.newestItem())
	case l.isBeyondWindow(l.Selected):
	case l.refiltered:
		l.set(l.newestItem())
	default: // it is no longer there
		l.set(l.selectable(min(max(was, 0), len(l.Items)-1), 1))
	}
}

// newestItem is the one that is selected where nobody has chosen: the newest event or, if
// there is none, what is newest but a gap, which says nothing that the rows beside it do not
// show.
func (l *List) newestItem() int {
	if i := l.newestEvent(); i >= 0 {
		return i
	}
	last := len(l.Items) - 1
	for i, it := range l.fromNewest() {
		if it.Gap == nil && it.Day.IsZero() {
			return i
		}
		if it.Day.IsZero() {
			last = i
		}
	}
	return last
}

// ForgetSelection leaves it to the next rows that come which item is selected: the newest.
func (l *List) ForgetSelection() { l.Selected, l.At, l.loaded = ItemKey{}, -1, false }

// PickNewest selects the newest of the events that are there, where nothing is selected; if
// there is none, what is newest.
func (l *List) PickNewest() {
	l.loaded = true
	if i := l.newestEvent(); i >= 0 && l.Selected == (ItemKey{}) {
		l.set(i)
	}
	l.Rebuild()
}

// isBeyondWindow reports whether an item that is not in the window can be beyond its ends.
func (l *List) isBeyondWindow(k ItemKey) bool {
	if k.gap > 0 {
		return l.Older || l.Newer
	}
	if k.Rejected > 0 {
		return k.Rejected > l.refused-int64(len(l.rejected)) && (l.Older || l.Newer)
	}
	n := len(l.Rows)
	return n > 0 && (l.Older && k.ID < l.Rows[0].ID || l.Newer && k.ID > l.Rows[n-1].ID)
}

func (l *List) set(i int) { l.At, l.Selected = i, l.Items[i].Key }

// Current is the selected item, if it is in the window.
func (l *List) Current() (Item, bool) {
	if l.At < 0 || l.At >= len(l.Items) {
		return Item{}, false
	}
	return l.Items[l.At], true
}

// Top is the first item in sight on h lines.
func (l *List) Top(h int) int {
	end := max(len(l.Items)-h, 0)
	switch {
	case l.At < 0 && l.NewestFirst:
		return 0
	case l.At < 0:
		return end
	case l.Follow && l.NewestFirst:
		return min(max(l.At-h+1, 0), end)
	case l.Follow:
		return min(end, l.At)
	}
	return min(max(l.At-min(max(l.above, 0), max(h-1, 0)), 0), end)
}

// AtNewest reports whether the newest item is in sight.
func (l *List) AtNewest(h int) bool {
	if l.NewestFirst {
		return !l.Newer && l.Top(h) == 0
	}
	return !l.Newer && l.Top(h)+h >= len(l.Items)
}

// SetFilter shows the events that match. The selected one stays selected where it is
// among them; without a filter again, the rows around it are shown.
func (l *List) SetFilter(x filter.Expr, text string, h int) {
	was := l.Filter
	l.Filter, l.Text, l.newest, l.paused = x, text, "", false
	l.kept, l.followed, l.refiltered = kept{}, "", true
	l.goal, l.jump = keep, &Load{Query: store.Query{Limit: pageRows + h}}
	if x == nil && was != nil && !l.Follow && l.Selected.ID != "" {
		l.back(h)
	}
}

// Shown counts the events of the window that are not hidden.
func (l *List) Shown() int64 {
	n := int64(len(l.Rows))
	for i := range l.Rows {
		if l.Hidden[l.Rows[i].ID] {
			n--
		}
	}
	return n
}

// Matches says how many events match, as far as that is known.
func (l *List) Matches(total int64) string {
	if l.reset {
		return "looking, of " + style.Count(total)
	}
	n := style.Count(l.Shown())
	switch {
	case l.Older || l.Newer:
		n += " or more"
	case l.Loading:
		n += " so far"
	}
	return n + " of " + style.Count(total)
}

// Command lists the same events from a shell.
func (l *List) Command() string {
	if strings.HasPrefix(l.Text, "-") {
		return "hfhook ls -- " + screen.ShellWord(l.Text)
	}
	return "hfhook ls " + screen.ShellWord(l.Text)
}

func (l *List) Copies() []screen.CopyChoice {
	if l.Filter == nil {
		return nil
	}
	return []screen.CopyChoice{{Key: "f", What: "filter as a command", Note: l.Command(), Text: screen.PlainText(l.Command())}}
}
