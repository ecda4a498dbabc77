package tui

// Keys that open another screen. They work on every screen, as on the main screen, except
// where a person types text.

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// globalKeys returns the bindings of those keys that the screen on top does not have itself.
// In a menu there are none: letters choose there.
func (m *model) globalKeys(have []keymap.Binding) []keymap.Binding {
	if _, menu := m.top().(*screen.Menu); menu || m.top() == screen.Screen(m.root) {
		return nil
	}
	var globalKeys []keymap.Binding
	for _, b := range m.root.Ways(m.frame()) {
		there := b.Help == m.top().Name() // a screen and the key that opens it have one name
		if !there && !slices.ContainsFunc(have, func(h keymap.Binding) bool { return h.Action == b.Action }) {
			b.Quiet = true
			globalKeys = append(globalKeys, b)
		}
	}
	return keymap.Yield(globalKeys, have)
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
