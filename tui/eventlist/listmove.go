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

// beside is how far the next event or rejected request is in the direction of n,
// past the replays of the selected one; 0 where the window has none.
func (l *List) beside(n int) int {
	for i := l.At + n; i >= 0 && i < len(l.Items); i += n {
		if k := l.Items[i].Key; k.Replay == 0 && (k.ID == "" || k.ID != l.Selected.ID) {
			return i - l.At
		}
	}
	return 0
}

// Step moves the selection to the event or rejected request before or after.
func (l *List) Step(n, h int) {
	if far := l.beside(n); far != 0 {
		n = far
	}
	l.Move(n, h)
}

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
		l.set(l.Top(h))
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
	l.set(i)
	l.above = i - top
	if l.leave() {
		l.Rebuild()
	}
	l.Follow = !l.Newer && l.At >= l.newestItem()
	l.ride()
}

// First selects the oldest item of all.
func (l *List) First(h int) {
	if !l.Older {
		l.Choose(0, h)
		return
	}
	l.Detach(h)
	l.goal = toFirst
	l.jump = &Load{Query: store.Query{After: FirstID, Limit: pageRows + h}}
}

// Last selects the newest item of all, and follows.
func (l *List) Last(h int) {
	l.Follow = true
	if l.whole() {
		l.Choose(len(l.Items)-1, h)
		return
	}
	l.goal = toLast
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
