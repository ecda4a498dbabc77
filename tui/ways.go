package tui

// The keys that lead to another screen from every screen on which they are not typed: what
// the main screen opens by them, they open everywhere.

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// ways are those keys where the screen on top is not one that has them anyway. The letters of
// a menu belong to the menu.
func (m *model) ways(have []keymap.Binding) []keymap.Binding {
	if _, menu := m.top().(*screen.Menu); menu || m.top() == screen.Screen(m.root) {
		return nil
	}
	var ways []keymap.Binding
	for _, b := range m.root.Ways(m.frame()) {
		there := b.Help == m.top().Name() // a screen and the key that opens it have one name
		if !there && !slices.ContainsFunc(have, func(h keymap.Binding) bool { return h.Action == b.Action }) {
			b.Quiet = true
			ways = append(ways, b)
		}
	}
	return keymap.Yield(ways, have)
}

// goTo opens a screen by one of the ways: once, also where it is already below the one on top.
func (m *model) goTo(a keymap.Action) tea.Cmd {
	step, cmd := m.root.Do(a, m.frame())
	if step.Push != nil {
		name := step.Push.Name()
		if i := slices.IndexFunc(m.stack, func(s screen.Screen) bool { return s.Name() == name }); i > 0 {
			m.stack = m.stack[:i]
		}
	}
	return m.follow(step, cmd)
}
