package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/detail"
	"hfhook/tui/help"
	"hfhook/tui/replay"
	"hfhook/tui/style"
)

// clickOn presses the left button on the first cell of a text of the screen.
func clickOn(t *testing.T, m *model, text string) {
	t.Helper()
	for y, line := range strings.Split(screenText(m), "\n") {
		if before, _, ok := strings.Cut(line, text); ok {
			send(m, tea.MouseClickMsg{X: style.Width(before), Y: y, Button: tea.MouseLeft})
			return
		}
	}
	t.Fatalf("the screen does not show %q:\n%s", text, screenText(m))
}

func wheel(m *model, x, y int, b tea.MouseButton) {
	send(m, tea.MouseWheelMsg{X: x, Y: y, Button: b})
}

func TestMouse(t *testing.T) {
	for _, size := range []struct{ w, h int }{{100, 30}, {60, 20}, {80, 24}} {
		m := newTestModel(t, day(), size.w, size.h)
		press(m, "G")
		clickOn(t, m, "settings")
		if it, _ := m.root.List.Current(); it.Row == nil || it.Row.Label != "settings" {
			t.Errorf("%dx%d: a click on a row does not select it:\n%s", size.w, size.h, screenText(m))
		}
		at := m.root.List.At
		wheel(m, 5, 8, tea.MouseWheelUp)
		if m.root.List.At != at-wheelLines {
			t.Errorf("%dx%d: the wheel does not move the list: %d, was %d", size.w, size.h, m.root.List.At, at)
		}
		clickOn(t, m, "? help")
		if _, open := m.top().(*help.Screen); !open {
			t.Errorf("%dx%d: a click on the footer opens no help", size.w, size.h)
		}
		press(m, "esc")
		press(m, "enter")
		for _, tt := range []struct {
			label string
			want  detail.Tab
		}{{"2 H", detail.TabHeaders}, {"4 Raw", detail.TabRaw}, {"5 Diff", detail.TabDiff}, {"1 Payload", detail.TabPayload}} {
			clickOn(t, m, tt.label)
			if m.root.Detail.Tab != tt.want {
				t.Errorf("%dx%d: a click on %q shows tab %d", size.w, size.h, tt.label, m.root.Detail.Tab)
			}
		}
		clickOn(t, m, "repo ")
		if n := m.root.Detail.Node(); n == nil || n.Path() != ".repo" {
			t.Errorf("%dx%d: a click in the payload does not select", size.w, size.h)
		}
		open := m.root.Detail.Node().Open
		clickOn(t, m, "repo ")
		if m.root.Detail.Node().Open == open {
			t.Errorf("%dx%d: a second click does not fold", size.w, size.h)
		}
		cursor := m.root.Detail.Tree.Cursor
		wheel(m, 5, 8, tea.MouseWheelDown)
		if m.root.Detail.Tree.Cursor == cursor {
			t.Errorf("%dx%d: the wheel does not move the tree", size.w, size.h)
		}
	}
}

func TestMouseBesideTheList(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "k")
	clickOn(t, m, "3 Deliv")
	if m.root.Detail.Tab != detail.TabDeliveries || m.root.InDetail {
		t.Error("a click on a tab of the pane does not show it")
	}
	clickOn(t, m, "1 Payload")
	clickOn(t, m, "isPullRequest")
	if !m.root.InDetail || m.root.Detail.Node().Path() != ".discussion.isPullRequest" {
		t.Errorf("a click in the pane does not go there:\n%s", screenText(m))
	}
	press(m, "esc", "y")
	before := len(m.stack)
	clickOn(t, m, "event id")
	clickOn(t, m, "event id")
	if len(m.stack) != before-1 {
		t.Errorf("a second click chooses nothing:\n%s", screenText(m))
	}
	press(m, ":")
	wheel(m, 5, 10, tea.MouseWheelDown)
	if m.top().(*help.Palette).Cursor != wheelLines {
		t.Error("the wheel does not move the palette")
	}
	press(m, "esc", "!")
	clickOn(t, m, "403")
	wheel(m, 5, 5, tea.MouseWheelUp)
	press(m, "esc", "L")
	wheel(m, 5, 5, tea.MouseWheelUp)
}

// TestMouseAnywhere clicks and scrolls on every cell of some screens.
func TestMouseAnywhere(t *testing.T) {
	for _, keys := range [][]string{nil, {"k", "tab"}, {"k", "enter"}, {"!"}, {"y"}, {"n"}, {":"}, {"/"}, {"?"}, {"L"}, {","}} {
		for _, size := range []struct{ w, h int }{{100, 30}, {60, 20}, {40, 10}, {10, 4}} {
			for y := range size.h {
				m := newTestModel(t, day(), size.w, size.h)
				press(m, keys...)
				for x := 0; x < size.w; x += 7 {
					m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
					m.Update(tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelDown})
					m.Update(tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelUp})
				}
				if err := checkFrame(m); err != nil {
					t.Fatalf("after %v, line %d: %v", keys, y, err)
				}
			}
		}
	}
}

// A click hits the row that is drawn there, also below a banner and a divider.
func TestMouseBelowBanner(t *testing.T) {
	for _, size := range []struct{ w, h int }{{100, 30}, {60, 20}, {80, 24}} {
		m := newTestModel(t, down(), size.w, size.h)
		press(m, "G")
		clickOn(t, m, "settings")
		if it, _ := m.root.List.Current(); it.Row == nil || it.Row.Label != "settings" {
			t.Errorf("%dx%d: a click on a row does not select it:\n%s", size.w, size.h, screenText(m))
		}
	}
}

// TestMouseOnButtons: what looks like a button is one.
func TestMouseOnButtons(t *testing.T) {
	for _, size := range []struct{ w, h int }{{100, 30}, {60, 20}} {
		s := day()
		m := newTestModel(t, s, size.w, size.h)
		press(m, "k", "k", "k", "k", "k", "R")
		clickOn(t, m, "Dry run  p ]")
		if _, open := m.top().(*replay.Dialog); open {
			t.Errorf("%dx%d: no dry run:\n%s", size.w, size.h, screenText(m))
		}
		press(m, "esc")
		clickOn(t, m, "What")
		clickOn(t, m, "Cancel  esc ]")
		if _, open := m.top().(*replay.Dialog); open {
			t.Errorf("%dx%d: not cancelled:\n%s", size.w, size.h, screenText(m))
		}
		press(m, "R")
		clickOn(t, m, "Replay ↵ ]")
		if calls := strings.Join(s.called(), "\n"); !strings.Contains(calls, "replay") {
			t.Errorf("%dx%d: nothing is replayed: %s", size.w, size.h, calls)
		}
	}
}
