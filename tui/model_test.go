package tui

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload"
	"hfhook/tui/describe"
	"hfhook/tui/rejected"
	"hfhook/tui/screen"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

func TestActions(t *testing.T) {
	tests := []struct {
		name    string
		session func() *fake
		keys    []string
		calls   []string // of the session
		status  string
	}{
		{"replay", day, []string{"k", "r"}, []string{"replay " + string(fakeID(7))}, "✓ 200 in 38ms from :8000 (replay 2 of " + fakeID(7).Short() + ")"},
		{"replay of the opened event", day, []string{"k", "enter", "[", "r"}, []string{"replay " + string(fakeID(6))}, "✓ 200 in 38ms"},
		{"replay of a rejected request", day, []string{"r"}, nil, ""},
		{"trigger", day, []string{"n", "down", "down", "enter"}, []string{`trigger discussion/create:pr dataset: 0 ""`}, "✓ 200 in 9.0ms from :8000 (discussion/create:pr, " + fakeID(7).Short() + ")"},
		{"trigger as asked", day, []string{"n", "tab", "a", "/", "b", "tab", "right", "tab", "7", "tab", "h", "i", " ", "!", "tab", "2", "enter"},
			[]string{`trigger repo.content/update model:a/b 7 "hi !"`, `trigger repo.content/update model:a/b 7 "hi !"`}, "✓ repo.content/update: 2 of 2 events answered 2xx; the last: 200 in 9.0ms from :8000"},
		{"trigger with a wrong number", day, []string{"n", "tab", "tab", "tab", "x", "enter"}, nil, `✗ invalid number "x": want the number of a discussion`},
		{"trigger too often", day, []string{"n", "tab", "tab", "tab", "tab", "tab", "1", "0", "1", "enter"}, nil, `✗ invalid times "101": want a number from 1 to 100`},
		{"trigger as a command", day, []string{"n", "tab", "a", "/", "b", "'", "esc", "ctrl+y"}, nil, "✓ copied the command by the terminal (OSC 52)"},
		{"a letter searches", day, []string{"n", "p", "u", "s", "h", "enter"}, []string{`trigger repo.content/update dataset: 0 ""`}, "✓ 200 in 9.0ms"},
		{"replay many", day, []string{"g", "space", "j", "V", "R", "enter"},
			[]string{fmt.Sprintf("replay %v to %q, 0 at once, pace 0, stop true", []event.ID{fakeID(0), fakeID(1), fakeID(2)}, "8000")}, "✓ 3 of 3 replays sent, 3 answered 2xx"},
		{"replay many otherwise", day, []string{"g", "space", "space", "R", "down", "down", "right", "down", "right", "down", "space", "enter"},
			[]string{fmt.Sprintf("replay %v to %q, 0 at once, pace 1, stop false", []event.ID{fakeID(1), fakeID(0)}, "8000")}, "✓ 2 of 2 replays sent"},
		{"replay one with options", day, []string{"g", "R", "down", "down", "down", "left", "enter"},
			[]string{fmt.Sprintf("replay %v to %q, 4 at once, pace 0, stop true", []event.ID{fakeID(0)}, "8000")}, "✓ 1 of 1 replay sent"},
		{"the selection is cleared", day, []string{"g", "space", "space", "esc", "R", "y"}, nil, "✓ copied the command by the terminal"},
		{"forget a rejected request", scanned, []string{"!", "up", "delete"}, []string{"forget 404"}, "✓ forgot the request of 14:35:19"},
		{"forget the one that was entered", scanned, []string{"enter", "j", "j", "j", "enter", "backspace"}, []string{"forget 401"}, "✓ forgot the request of 14:34:50"},
		{"forget all", scanned, []string{"!", "X"}, []string{"forget all"}, "✓ forgot all of them"},
		{"report a rejected request", scanned, []string{"!", "c"}, nil, "✓ copied the report by the terminal"},
		{"retry tunnel", down, []string{"t", "t"}, []string{"retry tunnel"}, "✓ trying the tunnel again"},
		{"drop tunnel", down, []string{"t", "0"}, []string{"drop tunnel"}, "✓ no tunnel: only this machine reaches hfhook"},
		{"l alone does not drop the tunnel", down, []string{"l"}, nil, ""},
		{"a tunnel over SSH", unset, []string{"s", "enter"}, []string{"trust", "use tunnel ssh"}, "✓ connecting to localhost.run"},
		{"a tunnel over SSH for the project", down, []string{"t", "s", "p"}, []string{"trust", "use tunnel ssh", "keep ssh "}, "✓ connecting to localhost.run; saved for this project in .hfhook.toml"},
		{"cloudflared", withProgram, []string{"t", "c"}, []string{"use tunnel cloudflared"}, "✓ starting cloudflared"},
		{"keep the tunnel", day, []string{"t", "p"}, []string{"keep ngrok "}, "✓ saved for this project in .hfhook.toml"},
		{"work on this machine only", unset, []string{"0"}, []string{"drop tunnel"}, "✓ no tunnel"},
		{"the port that listens", unset, []string{"j", "j", "j", "j", "j", "j", "enter"}, []string{"target {Was: To:7860 Name: When: Timeout: Concurrency:}"}, "✓ added 7860"},
		{"copy the public URL", day, []string{"y", "u"}, nil, "✓ copied the public URL by the terminal (OSC 52)"},
		{"copy by enter", day, []string{"y", "j", "enter"}, nil, "✓ copied the local URL by the terminal (OSC 52)"},
		{"copy the secret", day, []string{"y", "s"}, []string{"secret text"}, "✓ copied the secret by the terminal (OSC 52)"},
		{"copy a body", day, []string{"k", "y", "b"}, nil, "✓ copied the body by the terminal (OSC 52)"},
		{"copy from the checklist", fresh, []string{"y", "u"}, nil, "✓ copied the public URL"},
		{"trigger from the checklist", fresh, []string{"n", "enter"}, []string{`trigger repo.content/update dataset: 0 ""`}, "✓ sent repo.content/update"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.session()
			m := newTestModel(t, s, 100, 30)
			press(m, tt.keys...)
			if diff := cmp.Diff(tt.calls, s.called()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			line := strings.Split(screenText(m), "\n")[28]
			if !strings.Contains(line, tt.status) {
				t.Errorf("the status line is %q, want %q", line, tt.status)
			}
			if strings.Contains(screenText(m), canary) {
				t.Error("the secret is in the frame")
			}
		})
	}
}

func TestReplayed(t *testing.T) {
	id := fakeID(4)
	at := func(port string, status int, ms int, err string) event.Delivery {
		return event.Delivery{N: 3, State: event.Done, URL: "http://127.0.0.1:" + port + "/webhooks", Status: status, Took: time.Duration(ms) * time.Millisecond, Err: err}
	}
	tests := []struct {
		name string
		sent []event.Delivery
		err  error
		want string
		ok   bool
	}{
		{"one", []event.Delivery{at("8000", 200, 38, "")}, nil, "200 in 38ms from :8000 (replay 3 of " + id.Short() + ")", true},
		{"two", []event.Delivery{at("8000", 204, 38, ""), at("9000", 500, 1500, "")}, nil, "204 in 38ms from :8000, 500 in 1.5s from :9000 (replay 3 of " + id.Short() + ")", false},
		{"no answer", []event.Delivery{at("8000", 0, 2, "connection refused")}, nil, "no answer after 2.0ms from :8000: connection refused (replay 3 of " + id.Short() + ")", false},
		{"no target", nil, nil, id.Short() + " was not replayed: no target", false},
		{"an error", nil, errors.New("there is no target"), "replay of " + id.Short() + ": there is no target", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := describe.Replayed(id, tt.sent, tt.err); got != tt.want || ok != tt.ok {
				t.Errorf("got %q, %v; want %q, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestFailureStaysUntilAKey(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	now := noon
	m.clock = func() time.Time { return now }
	has := func(text string) bool { return strings.Contains(screenText(m), text) }

	s.errs["Replay"] = errors.New("the disk is full")
	press(m, "k", "r")
	now = now.Add(time.Hour)
	tick(m)
	if !has("the disk is full") {
		t.Error("a failure went away by itself")
	}
	press(m, "j")
	if has("the disk is full") {
		t.Error("a failure stayed after a key")
	}

	delete(s.errs, "Replay")
	press(m, "k", "r")
	if !has("200 in 38ms") {
		t.Error("no result")
	}
	press(m, "j")
	now = now.Add(screen.SuccessTime - time.Millisecond)
	tick(m)
	if !has("200 in 38ms") {
		t.Error("a success went away too early")
	}
	now = now.Add(time.Millisecond)
	tick(m)
	if has("200 in 38ms") {
		t.Error("a success stayed")
	}
}

func TestQuitAsksWhileAReplayIsUnderWay(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k")
	_, replay := m.Update(keyMsg("r")) // and no answer yet
	if replay == nil {
		t.Fatal("no replay")
	}
	if _, cmd := m.Update(keyMsg("q")); cmd != nil {
		t.Error("q quits at once")
	}
	if !strings.Contains(screenText(m), "q again") {
		t.Error("q says nothing")
	}
	if _, again := m.Update(keyMsg("r")); again != nil {
		t.Error("the same event is replayed twice at once")
	}
	m.Update(keyMsg("q"))
	_, cmd := m.Update(keyMsg("q"))
	if cmd == nil || cmd() != tea.Quit() {
		t.Error("the second q does not quit")
	}
}

func TestDetailFollowsTheCursor(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	for _, want := range []int{7, 6, 5, 4} {
		press(m, "k")
		d := &m.root.Detail
		if d.Event == nil || d.Event.ID != fakeID(want) {
			t.Errorf("the detail shows %v, want %v", d.Event, fakeID(want))
		}
	}
	if n := len(m.root.Detail.Deliveries); n != 2 {
		t.Errorf("%d deliveries, want 2", n)
	}
	// An attempt more, by another process.
	s.mu.Lock()
	s.extra[4].deliveries = append(s.extra[4].deliveries, delivered(201, 5))
	s.mu.Unlock()
	send(m, screen.ChangedMsg{State: s.State()})
	if n := len(m.root.Detail.Deliveries); n != 3 {
		t.Errorf("%d deliveries after a change, want 3", n)
	}
}

func TestAnEventThatCanNotBeRead(t *testing.T) {
	s := day()
	s.errs["Event"] = errors.New("the store is damaged")
	m := newTestModel(t, s, 100, 30)
	press(m, "k")
	if text := screenText(m); !strings.Contains(text, "This event cannot be shown") || !strings.Contains(text, "damaged") {
		t.Errorf("the detail does not say why:\n%s", text)
	}
	delete(s.errs, "Event")
	press(m, "k", "j")
	if !strings.Contains(screenText(m), "me/corpus (dataset)") {
		t.Error("the event is not shown after all")
	}
}

func TestChecklistGivesWayToTheFirstEvent(t *testing.T) {
	s := fresh()
	m := newTestModel(t, s, 100, 30)
	if !strings.Contains(screenText(m), "Ready to receive") {
		t.Fatal("no checklist")
	}
	s.add(plainEvent(0))
	send(m, screen.ChangedMsg{State: s.State()})
	text := screenText(m)
	if strings.Contains(text, "Ready to receive") || !strings.Contains(text, `▸13:36:00 comment`) {
		t.Errorf("the first event is not shown and selected:\n%s", text)
	}
}

func TestHistoryOfEarlierRuns(t *testing.T) {
	s := fresh()
	s.count, s.state.Store.Newest = 1204, noon.Add(-time.Hour)
	m := newTestModel(t, s, 100, 30)
	if !strings.Contains(screenText(m), "1,204 earlier events: B") {
		t.Fatal("earlier events are not mentioned")
	}
	press(m, "B")
	if !strings.Contains(screenText(m), "▸13:56:03") {
		t.Error("h does not show them")
	}
	press(m, "esc")
	if !strings.Contains(screenText(m), "Ready to receive") {
		t.Error("esc does not go back")
	}
}

func TestLargeValuesAreTakenApartAside(t *testing.T) {
	s := day()
	s.extra[7].body = `{"a":[` + strings.Repeat(`{"x":"0123456789"},`, 20000) + `1]}`
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "enter")
	_, cmd := m.Update(keyMsg("right"))
	if n := m.root.Detail.Tree.Current(); n.Open || n.Opened {
		t.Fatal("400 KB were taken apart in Update")
	}
	for _, msg := range answers(cmd) {
		send(m, msg)
	}
	if text := screenText(m); !strings.Contains(text, "the first 5,000 of 20,001 are shown") || !strings.Contains(text, "▸ 0") {
		t.Errorf("the array is not unfolded:\n%s", text)
	}
}

func TestFoldsAreKeptFromEventToEvent(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "enter", "G", "up", "right") // unfold event
	if !m.root.Detail.Tree.Root.Kid("event").Open {
		t.Fatal("event is folded")
	}
	press(m, "[", "[")
	if !m.root.Detail.Tree.Root.Kid("event").Open {
		t.Error("event is folded again two events on")
	}
}

func TestEveryTunnelPhaseHasWords(t *testing.T) {
	for phase, want := range map[tunnel.Phase]string{
		tunnel.Off: "○ no tunnel", tunnel.Connecting: "… tunnel connecting", tunnel.Checking: "… tunnel checking",
		tunnel.Up: "✓ tunnel 38ms", tunnel.Waiting: "! no tunnel yet", tunnel.Down: "✗ no tunnel",
	} {
		t.Run(string(phase), func(t *testing.T) {
			s := day()
			s.state.Tunnel.Phase, s.state.Tunnel.Since, s.state.Tunnel.Retry = phase, noon.Add(-42*time.Second), noon.Add(10*time.Second)
			if phase == tunnel.Waiting || phase == tunnel.Down {
				s.state.Tunnel.Problem = &tunnel.Problem{Message: "no"}
			}
			m := newTestModel(t, s, 100, 30)
			if text := screenText(m); !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
			press(m, "k", "r") // and no phase makes the screen dead
			if len(s.called()) != 1 {
				t.Error("r does nothing")
			}
		})
	}
}

func TestHandlerLink(t *testing.T) {
	at := func(h dev.Health, status, inARow int) dev.Target {
		return dev.Target{URL: "http://127.0.0.1:8000/x", Health: h, Status: status, Result: strconv.Itoa(status), InARow: inARow}
	}
	tests := []struct {
		targets []dev.Target
		want    string
	}{
		{nil, "○ no handler"},
		{[]dev.Target{at(dev.Unknown, 0, 0)}, "○ :8000"},
		{[]dev.Target{at(dev.Healthy, 200, 0)}, "✓ :8000"},
		{[]dev.Target{at(dev.Failing, 500, 2)}, "✗ :8000 500 ×2"},
		{[]dev.Target{at(dev.Away, 0, 2)}, "! :8000 away"},
		{[]dev.Target{at(dev.Healthy, 200, 0), at(dev.Healthy, 200, 0)}, "✓ 2 handlers"},
		{[]dev.Target{at(dev.Healthy, 200, 0), at(dev.Failing, 500, 1)}, "✗ 1 of 2 handlers failing"},
	}
	for _, tt := range tests {
		s := healthy()
		s.state.Targets = tt.targets
		m := newTestModel(t, s, 120, 30)
		if text := screenText(m); !strings.Contains(text, tt.want) {
			t.Errorf("no %q in %q", tt.want, strings.SplitN(text, "\n", 2)[0])
		}
	}
}

func TestStoreInTrouble(t *testing.T) {
	for _, size := range sizes {
		s := day()
		s.state.Store.Short = "can't save events"
		s.state.Store.Err = "the disk is full: free some space on the disk of /home/me/.local/share/hfhook/events.db"
		m := newTestModel(t, s, size.w, size.h)
		text := screenText(m)
		wants := []string{"store: can't save events", "Store: the disk is full"}
		if size.h >= 20 { // else there is no room for it
			wants = append(wants, "free some space on the disk of", "ncoming events are refused", "replaying work")
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("no %q at %dx%d:\n%s", want, size.w, size.h, text)
			}
		}
	}
}

func TestASCII(t *testing.T) {
	for _, session := range []func() *fake{fresh, down, healthy} {
		s := session()
		s.extra = []fakeEvent{plainEvent(0)}
		m := newTestModel(t, s, 100, 30)
		m.theme = style.NewTheme(true, true)
		for _, key := range []string{"j", "3", "2", "enter", "esc", "?", "esc", "n", "tab", "esc", "esc", "y", "esc", "1", "4", "tab", "x", "tab", "5", "3", "enter", "enter", "esc", "esc", "x", "esc",
			"L", "esc", ":", "r", "esc", ",", "esc", "!", "esc", "space", "R", "j", "esc", "esc", "/", "s", "esc", "r", "?", "tab", "esc"} {
			press(m, key)
			for _, r := range screenText(m) {
				if r > '~' {
					t.Fatalf("after %s there is %q in\n%s", key, r, screenText(m))
				}
			}
		}
	}
}

func TestUnknownTypesAreShown(t *testing.T) {
	s := healthy()
	e := plainEvent(0)
	e.row.RepoType, e.row.Scope, e.row.Label = payload.RepoType("gadget"), "repo.config.dois", "repo.config.dois"
	s.extra = []fakeEvent{e}
	m := newTestModel(t, s, 100, 30)
	if text := screenText(m); !strings.Contains(text, "repo.confi… ? me/corpus") {
		t.Errorf("the row is not drawn:\n%s", text)
	}
}

func TestPrintASample(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "n", "ctrl+o")
	if text := screenText(m); !strings.Contains(text, "repo.content/update  as it would be sent") || !strings.Contains(text, `name    "me/corpus"`) {
		t.Errorf("the body is not shown:\n%s", text)
	}
	press(m, "esc")
	if !strings.Contains(screenText(m), "New synthetic event") || len(s.called()) > 0 {
		t.Errorf("after esc there is, having called %v,\n%s", s.called(), screenText(m))
	}
}

func TestReportOfARejectedRequest(t *testing.T) {
	s := scanned()
	m := newTestModel(t, s, 100, 30)
	p := rejected.New(m.ask.Runner, m.ask.session, nil, nil, 2)
	report := p.Report(m.frame())
	for _, want := range []string{"Rejected  14:34:44  403 wrong secret\n", " sent    34      9f2c 11ab\n", "request  POST /webhooks\n"} {
		if !strings.Contains(report, want) {
			t.Errorf("no %q in\n%s", want, report)
		}
	}
	if strings.ContainsAny(report, "\x1b") || strings.Contains(report, canary) {
		t.Errorf("the report is %q", report)
	}
}

func TestNothingRejectedIsLeft(t *testing.T) {
	s := scanned()
	m := newTestModel(t, s, 100, 30)
	press(m, "!", "X")
	send(m, screen.ChangedMsg{State: s.State()})
	if text := screenText(m); !strings.Contains(text, "No rejected requests") {
		t.Errorf("not said that none is left:\n%s", text)
	}
	press(m, "k", "x", "c", "esc")
	if len(m.stack) != 1 || len(s.called()) != 1 {
		t.Errorf("%d screens, calls %v", len(m.stack), s.called())
	}
}
