package tui

import (
	"testing"

	"hfhook/store"
	"hfhook/tui/eventlist"
	"hfhook/tui/screen"
)

// million is a session with a million events, none of which is in memory.
func million() *fake {
	s := healthy()
	s.count = 1_000_000
	return s
}

// BenchmarkKey is a key and the frame that follows, less the terminal: of it the
// goal of 16 ms has to leave the renderer its tick of 8 ms.
func BenchmarkKey(b *testing.B) {
	for name, names := range map[string][]string{
		"down and up": {"up", "down"},
		"pages":       {"pgup", "pgup", "pgdown", "pgdown"},
		"ends":        {"g", "G"},
		"tree":        {"tab", "down", "up", "tab"},
	} {
		b.Run(name, func(b *testing.B) {
			m := newTestModel(b, million(), 200, 60)
			press(m, "k")
			i := 0
			for b.Loop() {
				press(m, names[i%len(names)])
				m.View()
				i++
			}
		})
	}
}

// BenchmarkFirstFrame is the model of a million events and its first whole frame.
func BenchmarkFirstFrame(b *testing.B) {
	s := million()
	for b.Loop() {
		newTestModel(b, s, 200, 60).View()
	}
}

// BenchmarkWakeUp is a look at the store after something came in.
func BenchmarkWakeUp(b *testing.B) {
	s := million()
	m := newTestModel(b, s, 200, 60)
	for b.Loop() {
		send(m, screen.ChangedMsg{State: s.State()})
		m.View()
	}
}

// TestRowsAreBounded sees that no way through a million events reads them all.
func TestRowsAreBounded(t *testing.T) {
	s := million()
	s.onList = func(q store.Query) {
		if q.Limit > eventlist.WindowRows {
			t.Errorf("asked for %d rows", q.Limit)
		}
	}
	m := newTestModel(t, s, 200, 60)
	for range 50 {
		press(m, "pgup")
	}
	press(m, "g")
	for range 50 {
		press(m, "pgdown")
	}
	press(m, "G")
	if n := len(m.root.List.Rows); n > eventlist.WindowRows {
		t.Errorf("%d rows are kept", n)
	}
	if s.lists > 200 {
		t.Errorf("%d reads for 100 pages", s.lists)
	}
}
