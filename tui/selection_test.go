package tui

import (
	"errors"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/tui/eventlist"
)

func TestMarks(t *testing.T) {
	var rows []event.Row
	for i := range 6 {
		rows = append(rows, event.Row{ID: fakeID(i)})
	}
	var m eventlist.Selection
	m.Extend(rows, fakeID(4)) // without an anchor it is a toggle
	m.Extend(rows, fakeID(2))
	m.Toggle(fakeID(3))
	m.Toggle(fakeID(0))
	m.Toggle("")
	got := m.Sorted()
	if len(got) != 3 || got[0] != fakeID(0) || got[1] != fakeID(2) || got[2] != fakeID(4) {
		t.Errorf("selected are %v", got)
	}
	m.Clear()
	if len(m.Sorted()) != 0 {
		t.Error("something is still selected")
	}
}

// TestOneBatchAtATime sees that a run is shown while it lasts, and can be stopped.
func TestOneBatchAtATime(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "space", "space", "R")
	_, cmd := m.Update(keyMsg("enter")) // and no answer yet
	if !strings.Contains(screenText(m), "… 0 of 2 replayed") {
		t.Errorf("the run is not shown:\n%s", screenText(m))
	}
	press(m, "R", "enter")
	if !strings.Contains(screenText(m), "another replay is in progress") {
		t.Error("a second run is begun")
	}
	press(m, "esc")
	if _, quit := m.Update(keyMsg("q")); quit != nil {
		t.Error("q leaves a run without asking")
	}
	s.errs["ReplayMany"] = errors.New("stopped")
	press(m, "ctrl+x")
	for _, msg := range answers(cmd) {
		send(m, msg)
	}
	if m.root.Run != nil || !strings.Contains(screenText(m), "✗ stopped: 0 of 2 replays sent, 0 answered 2xx; 2 not sent: R sends the rest") {
		t.Errorf("the end is not shown:\n%s", screenText(m))
	}
}
