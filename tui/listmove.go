package tui

// How the selection of the list moves, and what follows the newest item.

import "hfhook/store"

// move moves the selection by n items.
func (l *list) move(n, h int) {
	if len(l.items) == 0 {
		return
	}
	l.paused = false
	if l.at < 0 {
		// The list has flowed on: the first key brings the selection back.
		l.follow = false
		l.back(h)
		return
	}
	l.choose(min(max(l.at+n, 0), len(l.items)-1), h)
	if n < 0 {
		l.follow = false
	}
	l.look(h)
}

// beside is how far the next event or rejected request is in the direction of n,
// past the replays of the selected one; 0 where the window has none.
func (l *list) beside(n int) int {
	for i := l.at + n; i >= 0 && i < len(l.items); i += n {
		if k := l.items[i].key; k.replay == 0 && (k.id == "" || k.id != l.selected.id) {
			return i - l.at
		}
	}
	return 0
}

// step moves the selection to the event or rejected request before or after.
func (l *list) step(n, h int) {
	if far := l.beside(n); far != 0 {
		n = far
	}
	l.move(n, h)
}

// neighbours are the keys to the items before and after the selected one.
func (l *list) neighbours() (actions []action) {
	if l.at < 0 || l.beside(-1) != 0 || l.older {
		actions = append(actions, actPrevious)
	}
	if l.at < 0 || l.beside(1) != 0 || l.newer {
		actions = append(actions, actNext)
	}
	return actions
}

// back asks for the rows around the selection.
func (l *list) back(h int) {
	if l.selected.rejected > 0 || l.selected.gap > 0 {
		l.set(l.top(h))
		return
	}
	l.goal = toSelected
	l.jump = &load{query: store.Query{Before: justAfter(l.selected.id), Limit: pageRows + h}}
}

// choose selects item i and brings it into sight with the least scrolling.
// Following ends where the newest item goes out of it.
func (l *list) choose(i, h int) {
	if i < 0 || i >= len(l.items) {
		return
	}
	top := l.top(h)
	top = max(min(top, i), i-h+1)
	l.set(i)
	l.above = i - top
	l.follow = l.follow && top+h >= len(l.items) && !l.newer
}

// first selects the oldest item of all.
func (l *list) first(h int) {
	l.follow = false
	if !l.older {
		l.choose(0, h)
		l.look(h)
		return
	}
	l.goal = toFirst
	l.jump = &load{query: store.Query{After: firstID, Limit: pageRows + h}}
}

// last selects the newest item of all, and follows.
func (l *list) last(h int) {
	l.follow = true
	if !l.newer {
		l.choose(len(l.items)-1, h)
		l.follow = true
		l.look(h)
		return
	}
	l.goal = toLast
	l.jump = &load{query: store.Query{Limit: pageRows + h}}
}

// setFollow starts or ends following, and leaves the selection.
func (l *list) setFollow(on bool, h int) {
	top := l.top(h)
	l.follow = on
	switch {
	case on && l.newer:
		l.jump = &load{query: store.Query{Limit: pageRows + h}}
	case !on && l.at < 0:
		l.back(h)
	case !on:
		l.above = l.at - top
	}
	l.look(h)
}
