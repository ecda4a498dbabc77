package eventlist

// The replays of an event: they hang below it in the list, folded after the third.

import (
	"maps"
	"slices"

	"hfhook/event"
)

// shownReplays is how many replays of one event have a line of their own, the last of
// them for all that are folded.
const shownReplays = 3

// Attempts are what is known about an event's attempts, without headers and bodies.
type Attempts struct {
	attempts int             // as the row had them when they were read
	first    *event.Delivery // the last attempt that is not a replay; nil if there is none
	replays  []event.Delivery
}

func NewAttempts(sent []event.Delivery, attempts int) Attempts {
	f := Attempts{attempts: max(attempts, len(sent))}
	for _, d := range sent {
		d.RequestHeader, d.ResponseHeader, d.ResponseBody = nil, nil, nil
		if d.Kind == event.Replay {
			f.replays = append(f.replays, d)
		} else {
			f.first = &d
		}
	}
	return f
}

// items are the lines of an event: its own, and those of its replays.
func (f Attempts) items(r *event.Row) []Item {
	items := []Item{{Row: r, Key: ItemKey{ID: r.ID}}}
	n := len(f.replays)
	for i := range min(n, shownReplays) {
		d, more := &f.replays[i], 0
		if i == shownReplays-1 && n > shownReplays {
			d, more = &f.replays[n-1], n-shownReplays+1
		}
		fixes := d.OK() && f.first != nil && f.first.State == event.Done && !f.first.OK()
		items = append(items, Item{Row: r, Replay: d, More: more, fixes: fixes, Key: ItemKey{ID: r.ID, Replay: d.N}})
	}
	return items
}

// behind reports whether the row knows more: of another attempt, or that one has ended.
func (f Attempts) behind(r *event.Row) bool {
	if f.attempts < r.Deliveries {
		return true
	}
	newer := func(d event.Delivery) bool {
		changed := func(now *event.Delivery) bool { return now.N == d.N && now.State != d.State }
		return changed(&r.Last) || slices.ContainsFunc(r.Outcomes, func(o event.Outcome) bool { return changed(&o.Last) })
	}
	return f.first != nil && newer(*f.first) || slices.ContainsFunc(f.replays, newer)
}

// ReplaysMsg answers replays.
type ReplaysMsg struct {
	Families map[event.ID]Attempts
	Err      error
}

// Unread are the events in sight whose replays are not known, and how many attempts
// they have.
func (l *List) Unread(h int) map[event.ID]int {
	of := map[event.ID]int{}
	top := l.Top(h)
	for _, it := range l.Items[top:min(top+h, len(l.Items))] {
		if r := it.Row; r != nil && it.Replay == nil && r.Last.Kind == event.Replay && l.replays[r.ID].behind(r) {
			of[r.ID] = r.Deliveries
		}
	}
	return of
}

// Adopt takes what was read.
func (l *List) Adopt(msg ReplaysMsg) {
	maps.Copy(l.replays, msg.Families)
	l.Rebuild()
}

// forget drops the replays of events that are out of the window.
func (l *List) forget() {
	maps.DeleteFunc(l.replays, func(id event.ID, _ Attempts) bool {
		if l.kept.rows[id] != nil {
			return false
		}
		i := l.index(func(other event.ID) bool { return other >= id })
		return i == len(l.Rows) || l.Rows[i].ID != id
	})
}

// Position is the number of an event among those that the list is of, the oldest being 1, and
// how many these are; ok is false if that is not known. total is how many the store has.
func (l *List) Position(id event.ID, total int64) (n, of int64, ok bool) {
	i := slices.IndexFunc(l.Rows, func(r event.Row) bool { return r.ID == id })
	whole := !l.Older && !l.Newer
	switch {
	case i < 0 || l.Filter != nil && (!whole || l.Loading || l.reset):
		return 0, 0, false
	case l.Filter != nil:
		return int64(i) + 1, int64(len(l.Rows)), true
	case !l.Older:
		return int64(i) + 1, total, true
	case !l.Newer:
		return total - int64(len(l.Rows)-i-1), total, true
	}
	return 0, 0, false
}
