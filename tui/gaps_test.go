package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hfhook/event"
	"hfhook/store"
	"hfhook/tui/eventlist"
	"hfhook/tui/events"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// gappy is a day on which the tunnel was lost, hfhook was not running for a night, and
// begun again at once; the tunnel is down now.
func gappy() *fake {
	s := day()
	at := func(clock string) time.Time {
		t, err := time.Parse("2006-01-02 15:04:05", clock)
		if err != nil {
			panic(err)
		}
		return t
	}
	s.extra[4].row.Pin, s.extra[4].note = "bot-mention", "the one that broke\nthe eval"
	gap := func(from, to string, why store.Why) store.Gap {
		return store.Gap{From: at(from), To: at(to), Why: why, Exact: true}
	}
	s.state.Gaps = []store.Gap{
		gap("2026-11-20 18:00:00", "2026-11-21 09:00:00", store.Started), // before the first event
		gap("2026-11-23 14:31:10", "2026-11-23 14:31:12", store.Started),
		{From: at("2026-11-23 14:31:45"), To: at("2026-11-23 14:32:03"), Why: store.Paused},
		gap("2026-11-23 14:34:05", "2026-11-23 14:34:21", store.Tunnel),
		gap("2026-11-23 14:34:22", "2026-11-23 14:34:23", store.Started),
		gap("2026-11-23 14:34:23", "2026-11-23 14:34:29", store.Started),
		{From: at("2026-11-23 14:34:35"), To: at("2026-11-23 14:34:35"), Why: store.Started, Exact: true, Covered: true},
	}
	s.state.Offline = at("2026-11-23 14:35:10")
	s.state.Triggers = []store.Triggers{{Webhook: "6390e855e30d9209411de93b", N: 37}, {Webhook: "65a14fd9\x1b[1m", N: 1}}
	return s
}

func TestGapRows(t *testing.T) {
	s := gappy()
	m := newTestModel(t, s, 100, 30)
	press(m, "G")
	text := screenText(m)
	for _, want := range []string{"··· offline 14:31:10 – 14:31:12 (2s)", "··· offline between 14:31:45 and 14:32:03 (up to 18s)", "··· offline 14:34:05 – 14:34:29 (3 times, 23s)", "··· hfhook started 14:34:35", "··· offline 14:35:10 – now (50s)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there:\n%s", want, text)
		}
	}
	for _, no := range []string{"18:00", "nothing was missed"} {
		if strings.Contains(text, no) {
			t.Errorf("%q is there:\n%s", no, text)
		}
	}
	if it, _ := m.root.List.Current(); it.Gap == nil || !it.Gap.To.IsZero() {
		t.Fatalf("the newest is %+v, want the gap of now", it)
	}
	// The tunnel is back: the same line stays selected, and has an end.
	s.state.Gaps = append(s.state.Gaps, store.Gap{From: s.state.Offline, To: noon, Why: store.Tunnel})
	s.state.Offline = time.Time{}
	send(m, screen.ChangedMsg{State: s.State()})
	if it, _ := m.root.List.Current(); it.Gap == nil || !it.Gap.To.Equal(noon) {
		t.Errorf("then it is %+v", it)
	}
	press(m, "/", "c", "o", "m")
	if strings.Contains(screenText(m), "offline") {
		t.Error("a filter shows gaps")
	}
}

func TestGapsWithNothingBetweenAreOne(t *testing.T) {
	s := healthy()
	s.extra = []fakeEvent{plainEvent(0)}
	from := s.extra[0].row.Received
	for i := range 5 {
		at := from.Add(time.Duration(i+1) * time.Minute)
		s.state.Gaps = append(s.state.Gaps, store.Gap{From: at, To: at.Add(20 * time.Second), Why: store.Started, Exact: true})
	}
	m := newTestModel(t, s, 100, 30)
	if n := len(m.root.List.Items); n != 2 {
		t.Errorf("%d lines, want an event and a gap", n)
	}
	if text := screenText(m); !strings.Contains(text, "(5 times, 1m40s)") {
		t.Error(text)
	}
}

// ids are the events of the list, in order.
func eventsInList(l *eventlist.List) (ids []event.ID) {
	for _, it := range l.Items {
		if it.Row != nil && it.Replay == nil {
			ids = append(ids, it.Key.ID)
		}
	}
	return ids
}

func TestDelete(t *testing.T) {
	s := day()
	s.extra[2].row.Pin = "kept"
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "j", "space", "space", "space") // events 1, 2 and 3
	press(m, "delete")
	if got := m.status.Text; !strings.Contains(got, "deleted 2 events") || !strings.Contains(got, "1 is pinned, kept") {
		t.Errorf("the status is %q", got)
	}
	ids := eventsInList(&m.root.List)
	if len(ids) != 6 || !slices.Contains(ids, fakeID(2)) || slices.Contains(ids, fakeID(1)) || slices.Contains(ids, fakeID(3)) {
		t.Errorf("left are %v", ids)
	}
	if !strings.Contains(screenText(m), "Events  6") {
		t.Error("they are still counted")
	}
	if calls := s.called(); slices.ContainsFunc(calls, func(c string) bool { return strings.HasPrefix(c, "delete") }) {
		t.Errorf("deleted at once: %v", calls)
	}
	press(m, "u")
	if n := len(eventsInList(&m.root.List)); n != 8 {
		t.Errorf("undone, %d are there", n)
	}

	press(m, "g", "delete")
	m.clock = func() time.Time { return noon.Add(events.UndoTime) }
	_, cmd := m.Update(screen.TickMsg{})
	m.ticking = true
	send(m, answers(cmd)...)
	if want := fmt.Sprintf("delete [%s]", fakeID(0)); !slices.Contains(s.called(), want) {
		t.Errorf("after a while it is not deleted: %v", s.called())
	}
	press(m, "u")
	if len(eventsInList(&m.root.List)) != 7 {
		t.Error("what is deleted came back")
	}
}

func TestDeleteFails(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "delete")
	s.errs["Delete"] = errors.New("the disk is full")
	m.clock = func() time.Time { return noon.Add(events.UndoTime) }
	_, cmd := m.Update(screen.TickMsg{})
	m.ticking = true
	send(m, answers(cmd)...)
	if len(eventsInList(&m.root.List)) != 8 || !strings.Contains(m.status.Text, "the disk is full") {
		t.Errorf("%d are left, and the status is %q", len(eventsInList(&m.root.List)), m.status.Text)
	}
}

func TestDeletePinned(t *testing.T) {
	s := gappy()
	m := newTestModel(t, s, 100, 30)
	m.root.List.GoTo(fakeID(4), 20)
	press(m, "k", "j", "delete")
	if !strings.Contains(m.status.Text, "nothing was deleted: 1 is pinned (bot-mention)") || len(eventsInList(&m.root.List)) != 8 {
		t.Errorf("%q", m.status.Text)
	}
}

// TestQuitDeletes sees that what was deleted is gone after the program, though it could
// still be taken back.
func TestQuitDeletes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := day()
		keys, out, done := start(t.Context(), s, Options{Color: style.ColorNone})
		time.Sleep(time.Second)
		for _, key := range []string{"g", "\x1b[3~", "q"} {
			if _, err := keys.Write([]byte(key)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		keys.Close()
		if want := fmt.Sprintf("delete [%s]", fakeID(0)); !slices.Contains(s.called(), want) {
			t.Errorf("not deleted: %v\n%s", s.called(), out)
		}
	})
}

func TestPin(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	write := func(text string) {
		for _, r := range text {
			press(m, string(r))
		}
		press(m, "enter")
	}
	press(m, "g", "m")
	write("first")
	if !slices.Contains(s.called(), fmt.Sprintf("pin %s %q", fakeID(0), "first")) || !strings.Contains(m.status.Text, "is pinned as first") {
		t.Errorf("%v %q", s.called(), m.status.Text)
	}
	send(m, screen.ChangedMsg{State: s.State()})
	if text := screenText(m); !strings.Contains(text, "200   38ms*") || !strings.Contains(text, " *first  repo.content") || !strings.Contains(text, "$ hfhook pin "+string(fakeID(0))+" first") {
		t.Error(text)
	}
	press(m, "u")
	send(m, screen.ChangedMsg{State: s.State()})
	if strings.Contains(screenText(m), "*first") {
		t.Error("undone, the name is still there")
	}

	s.extra[1].row.Pin = "was"
	send(m, screen.ChangedMsg{State: s.State()})
	press(m, "g", "space", "space", "space", "m")
	write("x")
	got := func() (names []string) {
		for i := range 4 {
			names = append(names, s.extra[i].row.Pin)
		}
		return names
	}
	if diff := strings.Join(got(), " "); diff != "x-1 x-2 x-3 " {
		t.Errorf("names %q", diff)
	}
	press(m, "u")
	if diff := strings.Join(got(), " "); diff != " was  " {
		t.Errorf("undone, names are %q", diff)
	}
	s.errs["Pin"] = errors.New("no \x1b[2J such name")
	press(m, "g", "m")
	write("-")
	if m.status.Ok || strings.Contains(m.status.Text, "\x1b") {
		t.Errorf("%q", m.status.Text)
	}
}

func TestNote(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "M", "h", "i", "enter")
	if !strings.Contains(screenText(m), "note  hi") || !strings.Contains(m.status.Text, "noted") {
		t.Error(screenText(m))
	}
	press(m, "M", "backspace", "backspace", "enter")
	if strings.Contains(screenText(m), "note  hi") || s.extra[0].note != "" {
		t.Error(screenText(m))
	}
}

func TestSameRepository(t *testing.T) {
	s := healthy()
	s.count = 3000
	s.make = func(i int) fakeEvent {
		e := plainEvent(i)
		if i%1000 != 7 {
			e.row.Repo = "me/other"
		}
		e.body = "{}"
		return e
	}
	m := newTestModel(t, s, 100, 30)
	m.root.List.GoTo(fakeID(1007), 20)
	send(m, screen.ChangedMsg{State: s.State()})
	at := func(want int) {
		t.Helper()
		if got := m.root.List.Selected.ID; got != fakeID(want) {
			t.Errorf("at %s, want event %d, %s; %q", got, want, fakeID(want), m.status.Text)
		}
		if it, ok := m.root.List.Current(); !ok || it.Key.ID != fakeID(want) {
			t.Errorf("the window is elsewhere")
		}
	}
	at(1007)
	press(m, "}")
	at(2007)
	press(m, "{", "{")
	at(7)
	press(m, "{")
	at(7)
	if !strings.Contains(m.status.Text, "no earlier event of me/corpus") {
		t.Errorf("%q", m.status.Text)
	}
}

func TestSelectAllThatMatch(t *testing.T) {
	s := healthy()
	s.count = 900
	m := newTestModel(t, s, 100, 30)
	press(m, "/", "L", "G", "T", "M", "enter", "A")
	press(m, "esc", "esc", "/", "r", "e", "-", "r", "u", "n", "enter", "A")
	if n := len(m.root.Selection.Ids); n != 900 {
		t.Errorf("%d are selected: %q", n, m.status.Text)
	}
}

func TestFilterComesBack(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "/", "r", "e", "-", "r", "u", "n", "enter")
	n := len(eventsInList(&m.root.List))
	press(m, "esc")
	if len(eventsInList(&m.root.List)) != 8 {
		t.Fatal("the filter is not cleared")
	}
	press(m, "u")
	if m.root.List.Text != "re-run" || len(eventsInList(&m.root.List)) != n {
		t.Errorf("the filter is %q, %d match", m.root.List.Text, len(eventsInList(&m.root.List)))
	}
}

func TestColumns(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "g")
	for _, want := range []string{"Nov 23 14:31", "4m push main", fakeID(0).Short() + " push main", "14:31:02 push main"} {
		press(m, "v")
		if text := screenText(m); !strings.Contains(text, want) {
			t.Errorf("%q is not there:\n%s", want, text)
		}
	}
	press(m, "z")
	if text := screenText(m); !strings.Contains(text, "me/my-model a1b2c3d→c3d4e5f") || strings.Contains(text, "1 Payload") {
		t.Error(text)
	}
	press(m, "z")
	if !strings.Contains(screenText(m), "1 Payload") {
		t.Error(screenText(m))
	}
}

func TestHubLog(t *testing.T) {
	s := gappy()
	m := newTestModel(t, s, 100, 30)
	press(m, "G", "O")
	if m.status.Text != "https://huggingface.co/settings/webhooks/6390e855e30d9209411de93b/activity" {
		t.Errorf("%q", m.status.Text)
	}
	s.state.Triggers = []store.Triggers{{Webhook: "../x"}}
	send(m, screen.ChangedMsg{State: s.State()})
	press(m, "O")
	if m.status.Text != "https://huggingface.co/settings/webhooks" {
		t.Errorf("of a hostile id it opens %q", m.status.Text)
	}
}

// TestNameOfWords: a name of several words is taken as it is meant.
func TestNameOfWords(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "m")
	typed(m, " one of many ")
	press(m, "enter")
	if calls := strings.Join(s.called(), "\n"); !strings.Contains(calls, `"one-of-many"`) {
		t.Errorf("the session was asked\n%s", calls)
	}
}
