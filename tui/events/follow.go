package events

// What ends following, and which event a key is about if the selection has just moved by
// itself: the one that the user could see.

import (
	"slices"
	"time"

	"hfhook/event"
	"hfhook/tui/eventlist"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// A sight is an item that was selected from a time on.
type sight struct {
	key  eventlist.ItemKey
	from time.Time // zero: the user has selected it
}

// reaction is how long it takes a person to see that the selection has moved.
const reaction = 500 * time.Millisecond

// sight notes what is selected. Of what was selected before, as much is known as a key may
// still be about.
func (e *Screen) sight(now time.Time) {
	key := e.List.Selected
	if n := len(e.seen); n > 0 && e.seen[n-1].key == key {
		return
	}
	e.seen = append(e.seen, sight{key, now})
	for len(e.seen) > 1 && now.Sub(e.seen[1].from) >= reaction {
		e.seen = e.seen[1:]
	}
}

// chose notes that the user has done something: what is selected now is in sight, and what was
// made before takes it no longer away.
func (e *Screen) chose() {
	e.seen, e.made = append(e.seen[:0], sight{key: e.List.Selected}), ""
}

// acts reports whether an action is about the selected event, and so ends following. Moving
// does so by where it leads; the others leave the selection alone.
func acts(a keymap.Action) bool {
	switch a {
	case keymap.ActOpen, keymap.ActReplay, keymap.ActReplayNew, keymap.ActReplayMany, keymap.ActEdit, keymap.ActSetValue,
		keymap.ActName, keymap.ActNote, keymap.ActDelete, keymap.ActExport, keymap.ActCopy, keymap.ActBrowse, keymap.ActAccept,
		keymap.ActPayload, keymap.ActHeaders, keymap.ActDeliveries, keymap.ActRaw, keymap.ActDiff,
		keymap.ActOtherPane, keymap.ActFind, keymap.ActMark, keymap.ActMarkRange, keymap.ActMarkAll, keymap.ActFilterValue,
		keymap.ActPreviousInRepo, keymap.ActNextInRepo, keymap.ActEarlier:
		return true
	}
	return false
}

// seeing prepares for an action: one on the selected event is about the event that the user
// could see, and following ends.
func (e *Screen) seeing(a keymap.Action, f screen.Frame) {
	if !acts(a) || e.Checking(f) {
		return
	}
	h := e.Layout(f).ListHeight
	if n := len(e.seen); n > 1 && f.Now.Sub(e.seen[n-1].from) < reaction {
		was := e.seen[0].key
		for _, s := range e.seen {
			if f.Now.Sub(s.from) >= reaction {
				was = s.key
			}
		}
		if i := slices.IndexFunc(e.List.Items, func(it eventlist.Item) bool { return it.Key == was }); i >= 0 && was != e.List.Selected {
			e.List.Choose(i, h)
			e.Detail.Show(e.List.Items[e.List.At])
		}
	}
	e.List.Detach(h)
}

// Hold ends following while a screen is on top that may act on the selected event.
func (e *Screen) Hold(f screen.Frame) { e.seeing(keymap.ActOpen, f) }

// selectMade selects the event that was made here, once it is in the list.
func (e *Screen) selectMade(h int) {
	if e.made == "" {
		return
	}
	key := eventlist.ItemKey{ID: e.made}
	if i := slices.IndexFunc(e.List.Items, func(it eventlist.Item) bool { return it.Key == key }); i >= 0 {
		e.made = ""
		e.List.Choose(i, h)
	}
}

// goMade selects an event that was made here, now or once it is in the list.
func (e *Screen) goMade(id event.ID, f screen.Frame) {
	h := e.Layout(f).ListHeight
	e.earlier, e.made = e.earlier || e.Checking(f), id
	if e.selectMade(h); e.made != "" && !e.List.Follow && e.List.Filter == nil {
		e.made = ""
		e.List.GoTo(id, h)
	}
}
