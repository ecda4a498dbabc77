package eventlist

// How the selection of the list moves, and what follows the newest item.

import (
	"hfhook/event"
	"hfhook/store"
	"hfhook/tui/keymap"
)

// Move moves the selection by n items.
func (l *List) Move(n, h int) {
	if len(l.Items) == 0 {
		return
	}
	l.paused = false
	if l.At < 0 {
		// It is out of the window: the first key brings it back.
		l.Detach(h)
		l.back(h)
		return
	}
	l.Choose(min(max(l.At+n, 0), len(l.Items)-1), h)
}

// beside is how far the item of the next event or rejected request is that came later, or
// earlier if n is -1, past the replays of the selected one; 0 where the window has none.
func (l *List) beside(n int) int {
	n *= l.later()
	for i := l.At + n; i >= 0 && i < len(l.Items); i += n {
		if k := l.Items[i].Key; k.day == 0 && k.Replay == 0 && (k.ID == "" || k.ID != l.Selected.ID) {
			return i - l.At
		}
	}
	return 0
}

// Step moves the selection to the event or rejected request that came later, or earlier if n is
// -1.
func (l *List) Step(n, h int) {
	if far := l.beside(n); far != 0 {
		l.Move(far, h)
		return
	}
	l.Move(n*l.later(), h)
}

// StepDown moves the selection past the replays of the selected event.
func (l *List) StepDown(h int) { l.Step(l.later(), h) }

// Neighbours are the keys to the items before and after the selected one.
func (l *List) Neighbours() (actions []keymap.Action) {
	if l.At < 0 || l.beside(-1) != 0 || l.Older {
		actions = append(actions, keymap.ActPrevious)
	}
	if l.At < 0 || l.beside(1) != 0 || l.Newer {
		actions = append(actions, keymap.ActNext)
	}
	return actions
}

// back asks for the rows around the selection.
func (l *List) back(h int) {
	if l.Selected.Rejected > 0 || l.Selected.gap > 0 {
		l.set(l.selectable(l.Top(h), 1))
		return
	}
	l.goal = toSelected
	l.jump = &Load{Query: store.Query{Before: JustAfter(l.Selected.ID), Limit: pageRows + h}}
}

// Choose selects item i and brings it into sight with the least scrolling. The list follows
// from the newest event on, and no longer from where an older one is selected.
func (l *List) Choose(i, h int) {
	if i < 0 || i >= len(l.Items) {
		return
	}
	top := l.Top(h)
	top = max(min(top, i), i-h+1)
	way := 1
	if i < l.At {
		way = -1
	}
	i = l.selectable(i, way)
	top = max(min(top, i), i-h+1)
	l.set(i)
	l.above = i - top
	if l.leave() {
		l.Rebuild()
	}
	l.Follow = !l.Newer && (l.At-l.newestItem())*l.later() >= 0
	l.ride()
}

// First selects the item at the top of all.
func (l *List) First(h int) {
	if l.NewestFirst {
		l.newestOfAll(h)
	} else {
		l.oldestOfAll(h)
	}
}

// Last selects the item at the bottom of all.
func (l *List) Last(h int) {
	if l.NewestFirst {
		l.oldestOfAll(h)
	} else {
		l.newestOfAll(h)
	}
}

// chooseEnd selects the newest item of the window, or the oldest.
func (l *List) chooseEnd(newest bool, h int) {
	if newest == l.NewestFirst {
		l.Choose(0, h)
		return
	}
	l.Choose(len(l.Items)-1, h)
}

// oldestOfAll selects the oldest item of all.
func (l *List) oldestOfAll(h int) {
	if !l.Older {
		l.chooseEnd(false, h)
		return
	}
	l.Detach(h)
	l.goal = toOldest
	l.jump = &Load{Query: store.Query{After: FirstID, Limit: pageRows + h}}
}

// newestOfAll selects the newest item of all, and follows.
func (l *List) newestOfAll(h int) {
	l.Follow = true
	if l.whole() {
		l.chooseEnd(true, h)
		return
	}
	l.goal = toNewestItem
	l.jump = &Load{Query: store.Query{Limit: pageRows + h}}
}

// GoTo selects an event, which may be out of the window.
func (l *List) GoTo(id event.ID, h int) {
	l.paused = false
	for i, it := range l.Items {
		if it.Key == (ItemKey{ID: id}) {
			l.Choose(i, h)
			l.Detach(h)
			return
		}
	}
	l.Detach(h)
	l.At, l.Selected = -1, ItemKey{ID: id}
	l.leave()
	l.back(h)
}
