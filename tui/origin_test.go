package tui

import (
	"testing"
)

// TestLateDialog answers an action when the user is still there, and when the user has
// gone on.
func TestLateDialog(t *testing.T) {
	for _, tt := range []struct {
		name    string
		session func() *fake
		keys    []string
		leave   []string
	}{
		{"change on the Hub", hooked, []string{"w", "s"}, []string{"esc"}},
		{"change on the Hub, under the help", hooked, []string{"w", "s"}, []string{"?"}},
		{"dry run", day, []string{"k", "R", "p"}, []string{"esc"}},
		{"sample", day, []string{"n", "ctrl+o"}, []string{"esc"}},
		{"sample to edit", day, []string{"n", "ctrl+e"}, []string{"esc"}},
	} {
		for _, leaves := range []bool{false, true} {
			m := newTestModel(t, tt.session(), 100, 30)
			last := len(tt.keys) - 1
			press(m, tt.keys[:last]...)
			_, asked := m.Update(keyMsg(tt.keys[last]))
			if leaves {
				press(m, tt.leave...)
			}
			before, depth := m.top(), len(m.stack)
			send(m, answers(asked)...)
			if opened := m.top() != before && len(m.stack) >= depth; opened == leaves {
				t.Errorf("%s, left %v: opened %v", tt.name, leaves, opened)
			}
		}
	}
}
