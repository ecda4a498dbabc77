package tui

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// replayedTimes is a day with an event that has a first attempt and n replays.
func replayedTimes(n int) *fake {
	s := day()
	e := &s.extra[3]
	for i := range n {
		d := delivered(200, i+1)
		d.Kind = event.Replay
		e.deliveries = append(e.deliveries, d)
	}
	return s
}

func TestReplaysHangBelowTheirEvent(t *testing.T) {
	for n, want := range map[int][]string{
		0: nil,
		1: {"replay 2 to :8000/webhooks 200 1.0ms"},
		3: {"replay 2 to :8000/webhooks 200 1.0ms", "replay 3 to :8000/webhooks 200 2.0ms", "replay 4 to :8000/webhooks 200 3.0ms"},
		9: {"replay 2 to :8000/webhooks 200 1.0ms", "replay 3 to :8000/webhooks 200 2.0ms", "7 more last: 10 to :8000/… 200 9.0ms"},
	} {
		m := newTestModel(t, replayedTimes(n), 100, 30)
		var got []string
		for line := range strings.Lines(screenText(m)) {
			list, _, _ := strings.Cut(line, "│")
			if _, replay, ok := strings.Cut(list, "↳ "); ok {
				got = append(got, strings.Join(strings.Fields(replay), " "))
			}
		}
		want = append(want, "replay 2 to :8000/webhooks 200 61ms") // of the event below
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d replays (-want +got):\n%s", n, diff)
		}
	}
}

func TestReplaysAreGoneThrough(t *testing.T) {
	s := replayedTimes(2)
	m := newTestModel(t, s, 100, 30)
	l, d := &m.root.list, &m.root.detail
	press(m, "g", "j", "j", "j")
	event3 := fakeID(3)
	if l.selected != (itemKey{id: event3}) || d.delivery().N != 3 {
		t.Fatalf("%+v is selected, and attempt %d", l.selected, d.delivery().N)
	}
	press(m, "j")
	if l.selected != (itemKey{id: event3, replay: 2}) || d.delivery().N != 2 || d.item.key.id != event3 {
		t.Errorf("%+v is selected, and attempt %d", l.selected, d.delivery().N)
	}
	press(m, "]")
	if l.selected != (itemKey{id: fakeID(4)}) {
		t.Errorf("] goes to %+v", l.selected)
	}
	press(m, "[")
	if l.selected != (itemKey{id: event3}) {
		t.Errorf("[ goes to %+v", l.selected)
	}
	// A replay more, while the selection is below.
	press(m, "]")
	s.mu.Lock()
	e := &s.extra[3]
	again := delivered(204, 1)
	again.Kind = event.Replay
	e.deliveries = append(e.deliveries, again)
	s.mu.Unlock()
	send(m, changedMsg{s.State()})
	if l.selected != (itemKey{id: fakeID(4)}) || !strings.Contains(screenText(m), "↳ replay 4") {
		t.Errorf("%+v is selected in\n%s", l.selected, screenText(m))
	}
}
