package eventlist

// The events that are selected in the list, for what is done to many at once.

import (
	"slices"

	"hfhook/event"
)

// Selection are the selected events. They are in the window of the list or not; one that
// is deleted stays until it is used.
type Selection struct {
	Ids    map[event.ID]bool
	anchor event.ID // the event that was marked last
}

// Toggle selects an event, or no longer.
func (m *Selection) Toggle(id event.ID) {
	if id == "" {
		return
	}
	if m.Ids == nil {
		m.Ids = map[event.ID]bool{}
	}
	if m.Ids[id] {
		delete(m.Ids, id)
		m.anchor = ""
		return
	}
	m.Ids[id], m.anchor = true, id
}

// Extend selects all rows from the event that was marked last to id.
func (m *Selection) Extend(rows []event.Row, id event.ID) {
	if m.anchor == "" {
		m.Toggle(id)
		return
	}
	from, to := min(m.anchor, id), max(m.anchor, id)
	for i := range rows {
		if rows[i].ID >= from && rows[i].ID <= to {
			m.Ids[rows[i].ID] = true
		}
	}
	m.anchor = id
}

func (m *Selection) Clear() { *m = Selection{} }

// Sorted are the selected events, oldest first.
func (m *Selection) Sorted() []event.ID {
	ids := make([]event.ID, 0, len(m.Ids))
	for id := range m.Ids {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
