package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/tui/eventlist"
	"hfhook/tui/screen"
)

// scannedDays has events of three days, and rejected requests between them.
func scannedDays() *fake {
	s := healthy()
	at := func(day int, clock, label string) fakeEvent {
		e := row(clock, label, payload.TypeModel, "me/x", payload.ScopeRepo, payload.ActionCreate, delivered(200, 9))
		e.row.Received = e.row.Received.AddDate(0, 0, day)
		return e
	}
	s.extra = []fakeEvent{at(-4, "09:00:00.000", "one"), at(-1, "08:00:00.000", "two"), at(-1, "10:00:00.000", "three"), at(0, "09:00:00.000", "four"), at(0, "14:00:00.000", "five")}
	for i, reason := range []event.Reason{event.WrongSecret, event.UnknownPath, event.WrongSecret, event.WrongSecret} {
		s.state.Rejected = append(s.state.Rejected, event.Rejected{At: time.Date(2026, 11, 23, 10, i, 0, 0, time.UTC), Status: 403, Reason: reason, Method: "POST", Path: "/webhooks"})
	}
	s.state.Refused = 4
	return s
}

// listed are the first words of the list's lines, with the day's or run's words whole.
func listed(m *model) (lines []string) {
	for _, line := range strings.Split(screenText(m), "\n")[3:] {
		line, _, _ = strings.Cut(line, "│")
		line = strings.TrimRight(line, " ")
		switch {
		case strings.HasPrefix(line, "───"), line == "":
			return lines
		case strings.Contains(line, "── "):
			lines = append(lines, strings.Trim(line, " ─"))
		case strings.Contains(line, "rejected"):
			lines = append(lines, strings.Join(strings.Fields(line)[1:], " "))
		default:
			lines = append(lines, strings.Fields(line)[1])
		}
	}
	return lines
}

func TestDaysAndRuns(t *testing.T) {
	for newestFirst, want := range map[bool][]string{
		false: {"Thu 19 Nov", "one", "Yesterday", "two", "three", "Today", "four", "4 rejected ▸ 3 wrong secret, 1 other path", "five"},
		true:  {"five", "4 rejected ▸ 3 wrong secret, 1 other path", "four", "Yesterday", "three", "two", "Thu 19 Nov", "one"},
	} {
		m := newTestModel(t, scannedDays(), 100, 30)
		m.root.List.NewestFirst = newestFirst
		m.root.List.Rebuild()
		if diff := cmp.Diff(want, listed(m)); diff != "" {
			t.Errorf("newest first %v (-want +got):\n%s", newestFirst, diff)
		}
		// Each line but those between two days can be reached, and no other one is selected.
		seen := map[eventlist.ItemKey]bool{}
		press(m, "g")
		for range want {
			it, ok := m.root.List.Current()
			if !ok || !it.Day.IsZero() {
				t.Fatalf("newest first %v: %+v is selected", newestFirst, it)
			}
			seen[it.Key] = true
			press(m, "j")
		}
		if len(seen) != 6 {
			t.Errorf("newest first %v: %d items are reached", newestFirst, len(seen))
		}
		press(m, "F", "G", "g")
		if follows := m.root.List.Follow; follows != newestFirst {
			t.Errorf("newest first %v: at the top it follows: %v", newestFirst, follows)
		}
	}
}

func TestRunOpens(t *testing.T) {
	s := scannedDays()
	m := newTestModel(t, s, 100, 30)
	press(m, "k")
	if it, _ := m.root.List.Current(); it.Run == nil || len(it.Run.Of) != 4 {
		t.Fatalf("%+v is selected", it)
	}
	press(m, "enter")
	if got := listed(m); len(got) != 13 || !strings.HasPrefix(got[8], "rejected - 403 wrong secret") {
		t.Errorf("unfolded: %q", got)
	}
	press(m, "j", "j", "enter") // one of them
	if m.top().Name() != "rejected requests" || !strings.Contains(screenText(m), "▸10:01:00") {
		t.Errorf("%s:\n%s", m.top().Name(), screenText(m))
	}
	press(m, "esc", "k", "k", "enter")
	if got := listed(m); len(got) != 9 {
		t.Errorf("folded: %q", got)
	}
	// A further one joins the run, which stays selected.
	s.state.Rejected = append(s.state.Rejected, event.Rejected{At: time.Date(2026, 11, 23, 10, 9, 0, 0, time.UTC), Status: 403, Reason: event.NoSecret})
	s.state.Refused++
	send(m, screen.ChangedMsg{State: s.State()})
	if it, _ := m.root.List.Current(); it.Run == nil || len(it.Run.Of) != 5 {
		t.Errorf("%+v is selected", it)
	}
}

// TestNewestFirst: the newest stands at the top, follows there, and what comes meanwhile is
// counted from above.
func TestNewestFirst(t *testing.T) {
	s := scannedDays()
	m := newTestModel(t, s, 100, 30)
	m.root.List.NewestFirst = true
	m.root.List.Rebuild()
	press(m, "j", "j")
	was := m.root.List.Selected
	s.add(row("14:10:00.000", "six", payload.TypeModel, "me/x", payload.ScopeRepo, payload.ActionCreate))
	s.add(row("14:11:00.000", "seven", payload.TypeModel, "me/x", payload.ScopeRepo, payload.ActionCreate))
	send(m, screen.ChangedMsg{State: s.State()})
	if m.root.List.Selected != was || !strings.Contains(screenText(m), "2 new ↑") || listed(m)[0] != "seven" {
		t.Errorf("%+v is selected, was %+v:\n%s", m.root.List.Selected, was, screenText(m))
	}
	press(m, "]")
	if it, _ := m.root.List.Current(); it.Run == nil {
		t.Errorf("after ] %+v is selected", it)
	}
	press(m, "F")
	if it, _ := m.root.List.Current(); !m.root.List.Follow || it.Row == nil || it.Row.Label != "seven" {
		t.Errorf("after F %+v is selected", it)
	}
}
