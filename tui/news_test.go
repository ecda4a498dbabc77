package tui

import (
	"strings"
	"testing"
	"time"

	"hfhook/tui/screen"
)

// TestRestartReplay: what came of a restart is in the status line, and stays there.
func TestRestartReplay(t *testing.T) {
	for _, size := range sizes {
		m := newTestModel(t, served(), size.w, size.h)
		send(m, screen.ChangedMsg{State: cameBack().State()})
		now := m.now
		m.clock = func() time.Time { return now.Add(time.Hour) }
		tick(m)
		const whole = " ✓ handler is back: 500 → 200 in 61ms (before: 198ms), body: 1 added, 1 removed"
		line := strings.Split(screenText(m), "\n")[size.h-2]
		said, _, _ := strings.Cut(strings.TrimRight(line, " "), "…")
		said, _, _ = strings.Cut(said, " (01JD")
		if !strings.HasPrefix(whole, said) || !strings.Contains(said, "500 → 200") {
			t.Errorf("%dx%d: %q", size.w, size.h, line)
		}
	}
}

// TestCrash: a handler that has crashed is told of once, until it runs again.
func TestCrash(t *testing.T) {
	m := newTestModel(t, served(), 100, 30)
	has := func(text string) bool { return strings.Contains(screenText(m), text) }
	const said = "✗ the handler ended with exit code 1: H shows what it printed"
	send(m, screen.ChangedMsg{State: crashed().State()})
	if !has(said) {
		t.Error(screenText(m))
	}
	press(m, "k")
	send(m, screen.ChangedMsg{State: crashed().State()})
	if has(said) {
		t.Error("it is told again")
	}
	send(m, screen.ChangedMsg{State: served().State()})
	send(m, screen.ChangedMsg{State: crashed().State()})
	if !has(said) {
		t.Error("the next crash is not told")
	}
	send(m, screen.ChangedMsg{State: served().State()})
	if has(said) {
		t.Error("it is told although the handler runs")
	}
}

// TestHandlerOutputStays: lines that come do not move what was scrolled to.
func TestHandlerOutputStays(t *testing.T) {
	s := served()
	m := newTestModel(t, s, 100, 30)
	press(m, "H", "g", "pgdown")
	before := strings.Split(screenText(m), "\n")[5:20]
	s.mu.Lock()
	s.output = append(s.output, s.output[:7]...)
	s.mu.Unlock()
	send(m, screen.ChangedMsg{State: s.State()})
	if after := strings.Split(screenText(m), "\n")[5:20]; strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	press(m, "G", "H", "K")
	if got := s.called(); len(got) != 1 || got[0] != "restart handler" {
		t.Error(got)
	}
}
