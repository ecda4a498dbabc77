package tui

// The mouse, for those who ask for it: a click on a key of the footer is that key, one
// on a row selects it, one on a tab or a button presses it, and the wheel scrolls what it is over.

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// wheelLines is how far one turn of the wheel goes.
const wheelLines = 3

// A pointable is a screen that knows what is drawn where. Cells are counted from the
// frame's corner.
type pointable interface {
	// Click takes a press of the left button.
	Click(x, y int, f screen.Frame) (screen.Step, tea.Cmd)

	// Scroll takes turns of the wheel, downwards where n > 0.
	Scroll(n, x, y int, f screen.Frame) tea.Cmd
}

// mouse takes a click or a turn of the wheel.
func (m *model) mouse(msg tea.MouseMsg) tea.Cmd {
	if !screen.Fits(m.w, m.h) {
		return nil
	}
	at := msg.Mouse()
	switch msg.(type) {
	case tea.MouseClickMsg:
		if at.Button != tea.MouseLeft {
			return nil
		}
		m.status.Key()
		if at.Y == m.h-1 {
			for _, s := range keymap.PlaceFooter(m.theme, m.keys(), m.w) {
				if at.X >= s.X && at.X < s.X+s.Width {
					return m.act(s.Binding.Action)
				}
			}
			return nil
		}
		if p, ok := m.top().(pointable); ok && at.Y < m.frame().H {
			return m.follow(p.Click(at.X, at.Y, m.frame()))
		}
	case tea.MouseWheelMsg:
		n := wheelLines
		switch at.Button {
		case tea.MouseWheelUp:
			n = -wheelLines
		case tea.MouseWheelDown:
		default:
			return nil
		}
		if p, ok := m.top().(pointable); ok {
			return p.Scroll(n, at.X, at.Y, m.frame())
		}
		return m.scroll(n)
	}
	return nil
}

// scroll moves the cursor of a screen as its keys do.
func (m *model) scroll(n int) tea.Cmd {
	a := keymap.ActDown
	if n < 0 {
		a, n = keymap.ActUp, -n
	}
	var cmds []tea.Cmd
	for range n {
		if !slices.ContainsFunc(m.shipped(), func(b keymap.Binding) bool { return b.Action == a }) {
			break
		}
		cmds = append(cmds, m.act(a))
	}
	return tea.Batch(cmds...)
}
