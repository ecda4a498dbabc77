package tui

// The replays of an event: they hang below it in the list, folded after the third.

import (
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
)

// shownReplays is how many replays of one event have a line of their own, the last of
// them for all that are folded.
const shownReplays = 3

// A family is what is known of an event's attempts, without headers and bodies.
type family struct {
	attempts int             // as the row had them when they were read
	first    *event.Delivery // the last attempt that is no replay; nil where there is none
	replays  []event.Delivery
}

func newFamily(sent []event.Delivery, attempts int) family {
	f := family{attempts: max(attempts, len(sent))}
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
func (f family) items(r *event.Row) []item {
	items := []item{{row: r, first: f.first, key: itemKey{id: r.ID}}}
	n := len(f.replays)
	for i := range min(n, shownReplays) {
		d, more := &f.replays[i], 0
		if i == shownReplays-1 && n > shownReplays {
			d, more = &f.replays[n-1], n-shownReplays+1
		}
		items = append(items, item{row: r, replay: d, more: more, key: itemKey{id: r.ID, replay: d.N}})
	}
	return items
}

// behind tells whether the row knows more: of another attempt, or that one has ended.
func (f family) behind(r *event.Row) bool {
	return f.attempts < r.Deliveries ||
		slices.ContainsFunc(f.replays, func(d event.Delivery) bool { return d.N == r.Last.N && d.State != r.Last.State })
}

// replaysMsg answers replays.
type replaysMsg struct {
	families map[event.ID]family
	err      error
}

// replays reads the attempts of some events, which the rows say they have that many
// of. One that is deleted meanwhile has none.
func (a *asks) replays(of map[event.ID]int) tea.Cmd {
	return a.cmd(func() tea.Msg {
		msg := replaysMsg{families: map[event.ID]family{}}
		for id, attempts := range of {
			sent, err := a.session.Deliveries(a.ctx, id)
			if err != nil {
				msg.err = err
				return msg
			}
			msg.families[id] = newFamily(sent, attempts)
		}
		return msg
	})
}

// unread are the events in sight whose replays are not known, and how many attempts
// they have.
func (l *list) unread(h int) map[event.ID]int {
	of := map[event.ID]int{}
	top := l.top(h)
	for _, it := range l.items[top:min(top+h, len(l.items))] {
		if r := it.row; r != nil && it.replay == nil && r.Last.Kind == event.Replay && l.replays[r.ID].behind(r) {
			of[r.ID] = r.Deliveries
		}
	}
	return of
}

// adopt takes what was read.
func (l *list) adopt(msg replaysMsg) {
	maps.Copy(l.replays, msg.families)
	l.rebuild()
}

// forget drops the replays of events that are out of the window.
func (l *list) forget() {
	maps.DeleteFunc(l.replays, func(id event.ID, _ family) bool {
		i := l.index(func(other event.ID) bool { return other >= id })
		return i == len(l.rows) || l.rows[i].ID != id
	})
}

// position is the number of an event in the whole store, oldest first, where the
// window reaches to an end of it.
func (l *list) position(id event.ID, total int64) (int64, bool) {
	i := slices.IndexFunc(l.rows, func(r event.Row) bool { return r.ID == id })
	switch {
	case i < 0:
		return 0, false
	case !l.older:
		return int64(i) + 1, true
	case !l.newer:
		return total - int64(len(l.rows)-i-1), true
	}
	return 0, false
}
