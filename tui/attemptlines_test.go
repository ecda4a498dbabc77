package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/tui/eventlist"
	"hfhook/tui/screen"
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
		1: {"replay 2 +2m55s fixed 200 1.0ms"},
		3: {"replay 2 +2m55s fixed 200 1.0ms", "replay 3 +2m55s fixed 200 2.0ms", "replay 4 +2m55s fixed 200 3.0ms"},
		9: {"replay 2 +2m55s fixed 200 1.0ms", "replay 3 +2m55s fixed 200 2.0ms", "7 more #10 +2m55s fixed 200 9.0ms"},
	} {
		m := newTestModel(t, replayedTimes(n), 100, 30)
		var got []string
		for line := range strings.Lines(screenText(m)) {
			list, _, _ := strings.Cut(line, "│")
			if _, replay, ok := strings.Cut(list, "↳ "); ok {
				got = append(got, strings.Join(strings.Fields(replay), " "))
			}
		}
		want = append(want, "replay 2 +2m42s fixed 200 61ms") // of the event below
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d replays (-want +got):\n%s", n, diff)
		}
	}
}

func TestReplaysAreGoneThrough(t *testing.T) {
	s := replayedTimes(2)
	m := newTestModel(t, s, 100, 30)
	l, d := &m.root.List, &m.root.Detail
	press(m, "g", "j", "j", "j")
	event3 := fakeID(3)
	if l.Selected != (eventlist.ItemKey{ID: event3}) || d.Delivery().N != 3 {
		t.Fatalf("%+v is selected, and attempt %d", l.Selected, d.Delivery().N)
	}
	press(m, "j")
	if l.Selected != (eventlist.ItemKey{ID: event3, Replay: 2}) || d.Delivery().N != 2 || d.Item.Key.ID != event3 {
		t.Errorf("%+v is selected, and attempt %d", l.Selected, d.Delivery().N)
	}
	press(m, "]")
	if l.Selected != (eventlist.ItemKey{ID: fakeID(4)}) {
		t.Errorf("] goes to %+v", l.Selected)
	}
	press(m, "[")
	if l.Selected != (eventlist.ItemKey{ID: event3}) {
		t.Errorf("[ goes to %+v", l.Selected)
	}
	// A replay more, while the selection is below.
	press(m, "]")
	s.mu.Lock()
	e := &s.extra[3]
	again := delivered(204, 1)
	again.Kind = event.Replay
	e.deliveries = append(e.deliveries, again)
	s.mu.Unlock()
	send(m, screen.ChangedMsg{State: s.State()})
	if l.Selected != (eventlist.ItemKey{ID: fakeID(4)}) || !strings.Contains(screenText(m), "↳ replay 4") {
		t.Errorf("%+v is selected in\n%s", l.Selected, screenText(m))
	}
}

// A first attempt that ends after a replay was begun is read again: its row would else say
// that it is under way.
func TestTheFirstAttemptEndsBehindAReplay(t *testing.T) {
	s := day()
	e := &s.extra[3]
	sending := event.Delivery{Kind: event.Live, State: event.Sending, URL: "http://127.0.0.1:8000/webhooks", Started: noon.Add(-3 * time.Second)}
	interrupted := event.Delivery{Kind: event.Replay, State: event.Interrupted, URL: "http://127.0.0.1:8000/webhooks"}
	e.deliveries = []event.Delivery{sending, interrupted}
	m := newTestModel(t, s, 100, 30)
	if text := screenText(m); !strings.Contains(text, "…     3.0s") {
		t.Fatalf("it is not shown as under way:\n%s", text)
	}
	e.deliveries = []event.Delivery{delivered(204, 70), interrupted}
	send(m, screen.ChangedMsg{State: s.State()})
	if text := screenText(m); strings.Contains(text, "…     3.0s") || !strings.Contains(text, "204   70ms") {
		t.Errorf("it is shown as under way for ever:\n%s", text)
	}
}
