package screen

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/tui/keymap"
)

// Listed is the index of the row of a list under a click, whose rows begin on line
// head of the frame with row top; -1 if there is none.
func Listed(y, head, top, rows, n int) int {
	if y < head || y >= head+rows || top+y-head >= n {
		return -1
	}
	return top + y - head
}

// ClickRow is a click on a list of choices that begins below a header and head lines
// more: it selects, or chooses what is selected already.
func ClickRow(cursor *int, y, head, n int, f Frame, choose func() (Step, tea.Cmd)) (Step, tea.Cmd) {
	head += Arrange(f.W, f.H, NoBanner).Header
	room := max(f.H-head-1, 1)
	top := max(min(*cursor-room+1, n-room), 0)
	i := Listed(y, head, top, room, n)
	switch {
	case i < 0:
	case i == *cursor:
		return choose()
	default:
		*cursor = i
	}
	return Step{}, nil
}

func (m *Menu) Click(_, y int, f Frame) (Step, tea.Cmd) {
	return ClickRow(&m.Cursor, y, 2, len(m.Choices), f, func() (Step, tea.Cmd) { return m.Do(keymap.ActChoose, f) })
}

func (m *Menu) Scroll(n, _, _ int, _ Frame) tea.Cmd {
	m.Cursor = max(min(m.Cursor+n, len(m.Choices)-1), 0)
	return nil
}
