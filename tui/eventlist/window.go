package eventlist

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
	WindowRows = 512 // that are kept
)

// FirstID is below every ID that a store gives out.
const FirstID event.ID = "00000000000000000000000000"

// A Load is a question for rows. Answers to one of an earlier generation are
// dropped: they are about rows that are no longer looked at.
type Load struct {
	Query      store.Query
	generation int
	Reset      bool // the page takes the window's place instead of joining it
}

// A Window is a part of the list without gaps.
type Window struct {
	Rows         []event.Row // oldest first
	Older, Newer bool        // there may be more before and after

	// How far a search has come that has not found enough yet; empty: to the rows.
	soughtOlder, soughtNewer event.ID
}

// reset makes the page the whole window.
func (w *Window) reset(p store.Page) {
	w.Rows = slices.Clone(p.Rows)
	slices.Reverse(w.Rows)
	w.Older, w.Newer = p.Older, p.Newer
	w.soughtOlder, w.soughtNewer = "", ""
	if p.Older {
		w.soughtOlder = p.Next
	}
}

// before and after are where the rows beyond the ends begin.
func (w *Window) before() event.ID {
	if w.soughtOlder != "" || len(w.Rows) == 0 {
		return w.soughtOlder
	}
	return w.Rows[0].ID
}

func (w *Window) after() event.ID {
	if w.soughtNewer != "" || len(w.Rows) == 0 {
		return w.soughtNewer
	}
	return w.Rows[len(w.Rows)-1].ID
}

// Merge puts in the answer to a query whose key is in the window or beside it. The
// rows between the key and the end of the page are replaced, so that those which
// are no longer in the store go.
func (w *Window) Merge(q store.Query, p store.Page) {
	rows := slices.Clone(p.Rows)
	slices.Reverse(rows)

	from, to := 0, len(w.Rows)
	if q.After != "" {
		from = w.index(func(id event.ID) bool { return id > q.After })
		if last := p.Next; p.Newer && (last != "" || len(rows) > 0) {
			if last == "" {
				last = rows[len(rows)-1].ID
			}
			to = w.index(func(id event.ID) bool { return id > last })
		}
		w.Newer, w.soughtNewer = p.Newer, ""
		if p.Newer && to == len(w.Rows) {
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
		w.Older, w.soughtOlder = p.Older, ""
		if p.Older {
			w.soughtOlder = p.Next
		}
	}
	w.Rows = slices.Concat(w.Rows[:from], rows, w.Rows[to:])
}

// trim drops rows until no more than windowRows are left, from the end that is
// farther from row i.
func (w *Window) trim(i int) {
	excess := len(w.Rows) - WindowRows
	if excess <= 0 {
		return
	}
	from := min(max(i-WindowRows/2, 0), excess)
	if from > 0 {
		w.Older, w.soughtOlder = true, ""
	}
	if from < excess {
		w.Newer, w.soughtNewer = true, ""
	}
	w.Rows = slices.Clone(w.Rows[from : from+WindowRows])
}

// index finds the first row whose ID fits, as all after it do.
func (w *Window) index(fits func(event.ID) bool) int {
	return sort.Search(len(w.Rows), func(i int) bool { return fits(w.Rows[i].ID) })
}

// JustBefore is the largest ID below id, so that a query after it begins with id.
func JustBefore(id event.ID) event.ID { return neighbour(id, 0xff) }

// JustAfter is the smallest ID above id.
func JustAfter(id event.ID) event.ID { return neighbour(id, 0x01) }

// neighbour adds delta, which is 1 or minus 1 in a byte, to the number that an ID
// is. What is not an id is taken for the first.
func neighbour(id event.ID, delta byte) event.ID {
	b, err := id.Bytes()
	if err != nil {
		return FirstID
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
		return FirstID
	}
	return near
}
