package eventlist

// What was acted on stays in view although it no longer matches the filter: the selected
// event until it is left, and the events of a replay of many until the filter is another one.
// So the next key is about the same event.

import (
	"maps"
	"slices"

	"hfhook/event"
)

// kept are the rows that stay.
type kept struct {
	rows  map[event.ID]*event.Row
	batch map[event.ID]bool // of the replay of many
}

// sorted are those rows, oldest first.
func (k *kept) sorted() []*event.Row {
	if len(k.rows) == 0 {
		return nil
	}
	return slices.SortedFunc(maps.Values(k.rows), func(a, b *event.Row) int {
		switch {
		case a.ID < b.ID:
			return -1
		case a.ID > b.ID:
			return 1
		}
		return 0
	})
}

// oldest is the ID of the first of them; empty if there is none.
func (k *kept) oldest() event.ID {
	if len(k.rows) == 0 {
		return ""
	}
	return slices.Min(slices.Collect(maps.Keys(k.rows)))
}

// matching drops those that match again, and so are among the rows of the window.
func (k *kept) matching(rows []event.Row) {
	for i := range rows {
		delete(k.rows, rows[i].ID)
	}
}

// hold are the rows of the window that stay if they no longer match.
func (l *List) hold() map[event.ID]event.Row {
	if l.Filter == nil {
		return nil
	}
	held := map[event.ID]event.Row{}
	for i := range l.Rows {
		if id := l.Rows[i].ID; id == l.Selected.ID || l.kept.batch[id] {
			held[id] = l.Rows[i]
		}
	}
	return held
}

// keepPast keeps those of the held rows that are no longer in the window.
func (l *List) keepPast(held map[event.ID]event.Row) {
	for i := range l.Rows {
		delete(held, l.Rows[i].ID)
	}
	for id, row := range held {
		if l.kept.rows == nil {
			l.kept.rows = map[event.ID]*event.Row{}
		}
		l.kept.rows[id] = &row
	}
}

// KeepAll has the events of a replay of many stay in view.
func (l *List) KeepAll(ids []event.ID) {
	if l.Filter == nil {
		return
	}
	l.kept.batch = map[event.ID]bool{}
	for _, id := range ids {
		l.kept.batch[id] = true
	}
}

// leave drops the event that was kept since it was selected, and reports whether there was one.
func (l *List) leave() bool {
	left := false
	for id := range l.kept.rows {
		if id != l.Selected.ID && !l.kept.batch[id] {
			delete(l.kept.rows, id)
			left = true
		}
	}
	return left
}

// maxPastRead is how many rows that no longer match are read again at once.
const maxPastRead = 100

// Past are the events in view that no longer match the filter, at most maxPastRead of them: the
// store is asked for them one by one.
func (l *List) Past() []event.ID {
	ids := slices.Sorted(maps.Keys(l.kept.rows))
	if at := slices.Index(ids, l.Selected.ID); at > 0 { // the one that is looked at comes first
		ids[0], ids[at] = ids[at], ids[0]
	}
	return ids[:min(len(ids), maxPastRead)]
}

// PastCount is how many events in view no longer match the filter.
func (l *List) PastCount() int { return len(l.kept.rows) }

// TakePast takes the rows of such events as they are now; gone are no longer in the store.
func (l *List) TakePast(rows []event.Row, gone []event.ID) {
	for _, id := range gone {
		delete(l.kept.rows, id)
	}
	for i := range rows {
		if _, still := l.kept.rows[rows[i].ID]; still {
			l.kept.rows[rows[i].ID] = &rows[i]
		}
	}
	l.Rebuild()
}
