package tui

// The events that are selected in the list, for what is done to many at once.

import (
	"slices"

	"hfhook/event"
)

// marks are the selected events. They are in the window of the list or not; one that
// is deleted stays until it is used.
type marks struct {
	ids    map[event.ID]bool
	anchor event.ID // the event that was marked last
}

// toggle selects an event, or no longer.
func (m *marks) toggle(id event.ID) {
	if id == "" {
		return
	}
	if m.ids == nil {
		m.ids = map[event.ID]bool{}
	}
	if m.ids[id] {
		delete(m.ids, id)
		m.anchor = ""
		return
	}
	m.ids[id], m.anchor = true, id
}

// extend selects all rows from the event that was marked last to id.
func (m *marks) extend(rows []event.Row, id event.ID) {
	if m.anchor == "" {
		m.toggle(id)
		return
	}
	from, to := min(m.anchor, id), max(m.anchor, id)
	for i := range rows {
		if rows[i].ID >= from && rows[i].ID <= to {
			m.ids[rows[i].ID] = true
		}
	}
	m.anchor = id
}

func (m *marks) clear() { *m = marks{} }

// sorted are the selected events, oldest first.
func (m *marks) sorted() []event.ID {
	ids := make([]event.ID, 0, len(m.ids))
	for id := range m.ids {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
