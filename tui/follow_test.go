package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/tui/eventlist"
	"hfhook/tui/screen"
)

// incoming is a session with a few events, and arrive makes another one come.
func incoming() *fake {
	s := healthy()
	for i := range 5 {
		s.extra = append(s.extra, plainEvent(i))
	}
	s.state.Received = 5
	return s
}

func arrive(m *model, s *fake) event.ID {
	s.add(plainEvent(len(s.extra)))
	send(m, screen.ChangedMsg{State: s.State()})
	return fakeID(len(s.extra) - 1)
}

// TestFollowingEndsAndComesBack: the selection and the detail ride on the newest event. What a
// key does to the selected event ends that, and the way back to the last row resumes it.
func TestFollowingEndsAndComesBack(t *testing.T) {
	for _, ends := range [][]string{{"k"}, {"r"}, {"e", "esc"}, {"d"}, {"m", "esc"}, {"M", "esc"}, {"R", "esc"}, {"x", "esc"}, {"2"}, {"3"}, {"tab", "tab"},
		{"enter", "esc"}, {"tab", "/", "x", "enter", "esc", "tab"}, {"space", "space", "k"}, {":", "esc"}, {"[", "enter", "]", "esc"}} {
		for _, resumes := range []string{"G", "F", "end", "j"} {
			s := incoming()
			m := newTestModel(t, s, 100, 30)
			newest := arrive(m, s)
			l := &m.root.List
			if l.Selected.ID != newest || m.root.Detail.Item.Key.ID != newest || !l.Follow {
				t.Fatalf("at the start %v is selected and %v shown, want %s", l.Selected, m.root.Detail.Item.Key, newest)
			}
			press(m, ends...)
			was := l.Selected.ID
			arrive(m, s)
			newest = arrive(m, s)
			if l.Selected.ID != was || l.Follow {
				t.Errorf("after %q the selection went from %s to %v", ends, was, l.Selected)
			}
			if text := screenText(m); !strings.Contains(text, "2 new ↓") {
				t.Errorf("after %q what came is not counted:\n%s", ends, text)
			}
			press(m, "esc")
			for range 6 {
				press(m, resumes)
			}
			if resumes == "F" && m.root.InDetail {
				continue
			}
			if l.Selected.ID != newest || !l.Follow || strings.Contains(screenText(m), " new ↓") {
				t.Errorf("after %q and %s %v is selected, follow %v:\n%s", ends, resumes, l.Selected, l.Follow, screenText(m))
			}
			if newest = arrive(m, s); l.Selected.ID != newest {
				t.Errorf("after %q and %s the list does not follow", ends, resumes)
			}
		}
	}
}

// TestRejectedRequestsDoNotMoveTheSelection: the list follows events alone.
func TestRejectedRequestsDoNotMoveTheSelection(t *testing.T) {
	s := incoming()
	m := newTestModel(t, s, 100, 30)
	want := m.root.List.Selected
	s.state.Rejected, s.state.Refused = []event.Rejected{{At: noon, Reason: event.WrongSecret}}, 1
	send(m, screen.ChangedMsg{State: s.State()})
	if got := m.root.List.Selected; got != want {
		t.Errorf("%v is selected, want %v", got, want)
	}
	if newest := arrive(m, s); m.root.List.Selected.ID != newest {
		t.Errorf("%v is selected, want %s", m.root.List.Selected, newest)
	}
}

// TestFollowingUnderAFilter: it is the newest match that is selected, and one that does not
// match moves nothing.
func TestFollowingUnderAFilter(t *testing.T) {
	s := incoming()
	m := newTestModel(t, s, 100, 30)
	failing := func() event.ID {
		e := plainEvent(len(s.extra))
		e.deliveries = []event.Delivery{delivered(500, 3)}
		s.add(e)
		send(m, screen.ChangedMsg{State: s.State()})
		return fakeID(len(s.extra) - 1)
	}
	first := failing()
	arrive(m, s)
	press(m, "f")
	l := &m.root.List
	if l.Selected.ID != first || !l.Follow {
		t.Fatalf("%v is selected, want %s", l.Selected, first)
	}
	if arrive(m, s); l.Selected.ID != first {
		t.Errorf("%v is selected, which does not match", l.Selected)
	}
	second := failing()
	if l.Selected.ID != second {
		t.Errorf("%v is selected, want %s", l.Selected, second)
	}
	press(m, "k")
	if failing(); l.Selected.ID != first || !strings.Contains(screenText(m), "1 new ↓") {
		t.Errorf("%v is selected:\n%s", l.Selected, screenText(m))
	}
	press(m, "f")
	if l.Filter != nil || l.Selected.ID != first {
		t.Errorf("without the filter %v is selected, want %s", l.Selected, first)
	}
}

// TestAKeyIsAboutWhatWasInSight: within half a second of the selection's own move an action
// is about the event before, later about the new one.
func TestAKeyIsAboutWhatWasInSight(t *testing.T) {
	for _, key := range []string{"r", "enter", "m", "delete", "e"} {
		for _, after := range []time.Duration{300 * time.Millisecond, 700 * time.Millisecond} {
			s := incoming()
			m := newTestModel(t, s, 100, 30)
			now := noon
			m.clock = func() time.Time { return now }
			m.now = now
			before := m.root.List.Selected.ID
			now = now.Add(time.Minute)
			m.now = now
			want := arrive(m, s)
			now = now.Add(after)
			if after < 500*time.Millisecond {
				want = before
			}
			press(m, key)
			if got := m.root.Detail.Item.Key.ID; got != want && key != "delete" {
				t.Errorf("%s after %s is about %s, want %s", key, after, got, want)
			}
			if key == "delete" && !m.root.List.Hidden[want] {
				t.Errorf("del after %s has not deleted %s", after, want)
			}
			if calls := s.called(); key == "r" && !slices.Contains(calls, "replay "+string(want)) {
				t.Errorf("r after %s: %q", after, calls)
			}
		}
	}
}

// TestABurstDoesNotTakeTheKey: while events keep coming, a key is about the event that was
// selected half a second ago.
func TestABurstDoesNotTakeTheKey(t *testing.T) {
	s := incoming()
	m := newTestModel(t, s, 100, 30)
	now := noon
	m.clock = func() time.Time { return now }
	var ids []event.ID
	for range 40 {
		now = now.Add(33 * time.Millisecond)
		m.now = now
		ids = append(ids, arrive(m, s))
	}
	press(m, "r")
	seen := slices.Index(ids, m.root.Detail.Item.Key.ID)
	if ago := time.Duration(len(ids)-1-seen) * 33 * time.Millisecond; seen < 0 || ago < 450*time.Millisecond || ago > 600*time.Millisecond {
		t.Errorf("r is about what was selected %s ago", ago)
	}
}

// TestWhatIsActedOnStays: under is:failed the event that was replayed stays selected while the
// replay is under way and when it was taken, and goes once it is left.
func TestWhatIsActedOnStays(t *testing.T) {
	s := incoming()
	for i := range s.extra {
		s.extra[i].deliveries = []event.Delivery{delivered(500, 3)}
	}
	m := newTestModel(t, s, 100, 30)
	press(m, "f", "k", "k")
	l := &m.root.List
	id := fakeID(2)
	if l.Selected.ID != id {
		t.Fatalf("%v is selected", l.Selected)
	}
	become := func(status int) {
		s.mu.Lock()
		s.extra[2].deliveries = []event.Delivery{delivered(status, 3)}
		s.extra[2].row.Deliveries++
		s.mu.Unlock()
		send(m, screen.ChangedMsg{State: s.State()})
	}
	press(m, "r")
	for _, status := range []int{200, 500, 200} {
		become(status)
		it, ok := l.Current()
		if !ok || it.Key.ID != id || it.Past != (status == 200) || m.root.Detail.Item.Key.ID != id {
			t.Fatalf("after %d %+v is selected", status, it.Key)
		}
		if it.Row.Last.Status != status {
			t.Errorf("the row says %d, want %d", it.Row.Last.Status, status)
		}
	}
	if text := screenText(m); !strings.Contains(text, "4 of 5, 1 no longer") {
		t.Errorf("it does not say that one no longer matches:\n%s", text)
	}
	press(m, "r")
	if calls := s.called(); !slices.Equal(calls, []string{"replay " + string(id), "replay " + string(id)}) {
		t.Errorf("the second r: %q", calls)
	}
	press(m, "j")
	if l.Selected.ID != fakeID(3) || slices.ContainsFunc(l.Items, func(it eventlist.Item) bool { return it.Key.ID == id }) {
		t.Errorf("after it was left %v is selected of %d", l.Selected, len(l.Items))
	}
}

// TestTheOnlyMatchStays: also where nothing else matches.
func TestTheOnlyMatchStays(t *testing.T) {
	s := incoming()
	s.extra[1].deliveries = []event.Delivery{delivered(500, 3)}
	m := newTestModel(t, s, 100, 30)
	press(m, "f", "r")
	for _, status := range []int{200, 500, 200} {
		s.mu.Lock()
		s.extra[1].deliveries = []event.Delivery{delivered(status, 3)}
		s.mu.Unlock()
		send(m, screen.ChangedMsg{State: s.State()})
		if it, ok := m.root.List.Current(); !ok || it.Key.ID != fakeID(1) || it.Past != (status == 200) {
			t.Fatalf("after %d %+v is selected, %d items", status, m.root.List.Selected, len(m.root.List.Items))
		}
	}
}

// TestWhatWasMadeIsSelected: n selects the event that it has made, also far from the newest
// row, and the status line names it and its target.
func TestWhatWasMadeIsSelected(t *testing.T) {
	for _, before := range [][]string{nil, {"g"}, {"k", "m", "esc"}} {
		s := incoming()
		s.extra = append(s.extra, plainEvent(5), plainEvent(6))
		m := newTestModel(t, s, 100, 30)
		s.onTrigger = func() { s.add(plainEvent(7)) } // the fake makes the eighth event
		press(m, before...)
		press(m, "n")
		if text := screenText(m); !strings.Contains(text, "→ http://127.0.0.1:8000") {
			t.Errorf("before it is sent its target is not named:\n%s", text)
		}
		press(m, "enter")
		send(m, screen.ChangedMsg{State: s.State()})
		if got := m.root.List.Selected.ID; got != fakeID(7) || m.root.Detail.Item.Key.ID != fakeID(7) {
			t.Errorf("after %q and n %s is selected, want %s", before, got, fakeID(7))
		}
		if text := m.status.Text; !strings.Contains(text, ":8000") || !strings.Contains(text, fakeID(7).Short()) {
			t.Errorf("the status line says %q", text)
		}
	}
}
