package tui

// The rows around what is looked at: a part of a list that may have millions, read
// page by page with the key of a row, never with a position.

import (
	"slices"
	"sort"

	"hfhook/event"
	"hfhook/store"
)

const (
	pageRows   = 128 // that are asked for at once
	windowRows = 512 // that are kept
)

// firstID is below every ID that a store gives out.
const firstID event.ID = "00000000000000000000000000"

// A load is a question for rows. Answers to one of an earlier generation are
// dropped: they are about rows that are no longer looked at.
type load struct {
	query      store.Query
	generation int
	reset      bool // the page takes the window's place instead of joining it
}

// A window is a part of the list without gaps.
type window struct {
	rows         []event.Row // oldest first
	older, newer bool        // there may be more before and after

	// How far a search has come that has not found enough yet; empty: to the rows.
	soughtOlder, soughtNewer event.ID
}

// reset makes the page the whole window.
func (w *window) reset(p store.Page) {
	w.rows = slices.Clone(p.Rows)
	slices.Reverse(w.rows)
	w.older, w.newer = p.Older, p.Newer
	w.soughtOlder, w.soughtNewer = "", ""
	if p.Older {
		w.soughtOlder = p.Next
	}
}

// before and after are where the rows beyond the ends begin.
func (w *window) before() event.ID {
	if w.soughtOlder != "" || len(w.rows) == 0 {
		return w.soughtOlder
	}
	return w.rows[0].ID
}

func (w *window) after() event.ID {
	if w.soughtNewer != "" || len(w.rows) == 0 {
		return w.soughtNewer
	}
	return w.rows[len(w.rows)-1].ID
}

// merge puts in the answer to a query whose key is in the window or beside it. The
// rows between the key and the end of the page are replaced, so that those which
// are no longer in the store go.
func (w *window) merge(q store.Query, p store.Page) {
	rows := slices.Clone(p.Rows)
	slices.Reverse(rows)

	from, to := 0, len(w.rows)
	if q.After != "" {
		from = w.index(func(id event.ID) bool { return id > q.After })
		if last := p.Next; p.Newer && (last != "" || len(rows) > 0) {
			if last == "" {
				last = rows[len(rows)-1].ID
			}
			to = w.index(func(id event.ID) bool { return id > last })
		}
		w.newer, w.soughtNewer = p.Newer, ""
		if p.Newer && to == len(w.rows) {
			w.soughtNewer = p.Next
		}
	} else {
		to = w.index(func(id event.ID) bool { return id >= q.Before })
		if first := p.Next; p.Older && (first != "" || len(rows) > 0) {
			if first == "" {
				first = rows[0].ID
			}
			from = w.index(func(id event.ID) bool { return id >= first })
		}
		w.older, w.soughtOlder = p.Older, ""
		if p.Older {
			w.soughtOlder = p.Next
		}
	}
	w.rows = slices.Concat(w.rows[:from], rows, w.rows[to:])
}

// trim drops rows until no more than windowRows are left, from the end that is
// farther from row i.
func (w *window) trim(i int) {
	excess := len(w.rows) - windowRows
	if excess <= 0 {
		return
	}
	from := min(max(i-windowRows/2, 0), excess)
	if from > 0 {
		w.older, w.soughtOlder = true, ""
	}
	if from < excess {
		w.newer, w.soughtNewer = true, ""
	}
	w.rows = slices.Clone(w.rows[from : from+windowRows])
}

// index finds the first row whose ID fits, as all after it do.
func (w *window) index(fits func(event.ID) bool) int {
	return sort.Search(len(w.rows), func(i int) bool { return fits(w.rows[i].ID) })
}

// justBefore is the largest ID below id, so that a query after it begins with id.
func justBefore(id event.ID) event.ID { return neighbour(id, 0xff) }

// justAfter is the smallest ID above id.
func justAfter(id event.ID) event.ID { return neighbour(id, 0x01) }

// neighbour adds delta, which is 1 or minus 1 in a byte, to the number that an ID
// is. What is no ID is taken for the first.
func neighbour(id event.ID, delta byte) event.ID {
	b, err := id.Bytes()
	if err != nil {
		return firstID
	}
	for i := len(b) - 1; i >= 0; i-- {
		b[i] += delta
		carry := b[i] == 0x00 && delta == 0x01 || b[i] == 0xff && delta == 0xff
		if !carry {
			break
		}
	}
	near, err := event.IDFromBytes(b)
	if err != nil {
		return firstID
	}
	return near
}
