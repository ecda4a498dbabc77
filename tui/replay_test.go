package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/replay"
	"hfhook/tui/screen"
)

func TestReplayDialog(t *testing.T) {
	ids := func(n ...int) (all []event.ID) {
		for _, i := range n {
			all = append(all, fakeID(i))
		}
		return all
	}
	call := func(ids []event.ID, target string, rest string) string {
		return fmt.Sprintf("replay %v to %q, %s", ids, target, rest)
	}
	const usual = "0 at once, pace 0, stop true"
	const own = " --to http://127.0.0.1:8000/webhooks"
	one := string(fakeID(7))
	for _, tt := range []struct {
		name    string
		session func() *fake
		keys    []string // after the cursor is on the newest event
		call    string   // of the session; empty: none
		command string   // the end of it
	}{
		{"this one", day, []string{"R"}, call(ids(7), "8000", usual), one + own + " --stop-on-fail"},
		{"all that failed", day, []string{"R", "left"}, call(ids(3, 6), "8000", "0 at once, pace 0, stop false"), "replay --filter 'is:failed target:8000'" + own},
		{"all that match", day, []string{"/", "m", "s", ":", ">", "1", "s", "enter", "R", "left", "left"}, call(ids(5), "8000", usual), "--filter 'ms:>1s'" + own + " --stop-on-fail"},
		{"newest first", day, []string{"R", "left", "down", "down", "right"}, call(ids(6, 3), "8000", "0 at once, pace 0, stop false"), "--filter 'is:failed target:8000' --newest-first" + own},
		{"no pace, never stopped", day, []string{"R", "down", "down", "down", "down", "space"}, call(ids(7), "8000", "0 at once, pace 0, stop false"), one + own},
		{"as recorded, faster", day, []string{"R", "down", "down", "down", "right", "+", "+", "+"}, call(ids(7), "8000", "0 at once, pace 10, stop true"), own + " --pace 10x --stop-on-fail"},
		{"as recorded, slowest", day, []string{"R", "down", "down", "down", "right", "-", "-", "-", "-"}, call(ids(7), "8000", "0 at once, pace 0.1, stop true"), own + " --pace 0.1x --stop-on-fail"},
		{"many at once", day, []string{"R", "down", "down", "down", "left", "+"}, call(ids(7), "8000", "8 at once, pace 0, stop true"), own + " --concurrency 8 --stop-on-fail"},
		{"without the secret", day, []string{"R", "up", "up", "up", "space"}, call(ids(7), "8000", usual+", {New:false Exact:false Unmarked:false NewEventID:false ForComparison:false Secret:2}"), own + " --stop-on-fail --no-verify"},
		{"and with it after all", day, []string{"R", "up", "up", "up", "space", "space"}, call(ids(7), "8000", usual), own + " --stop-on-fail"},
		{"as new", day, []string{"R", "up", "up", "right"}, call(ids(7), "8000", usual+", {New:true Exact:false Unmarked:false NewEventID:false ForComparison:false Secret:0}"), "--as-new"},
		{"exact", day, []string{"R", "up", "up", "left"}, call(ids(7), "8000", usual+", {New:false Exact:true Unmarked:false NewEventID:false ForComparison:false Secret:0}"), "--exact"},
		{"exact, and a changed request", day, []string{"R", "i", "G", "delete", "esc", "up", "up", "left"}, "", "--exact --drop-header Content-Type"},
		{"another request", day, []string{"R", "up", "space", "enter", "ctrl+u", "p", "u", "t", "enter", "a", "X", "-", "A", ":", "1", "enter", "down", "enter", "2", "enter", "esc"},
			call(ids(7), "8000", usual+", PUT /webhooks2, X-A: 1"), "--stop-on-fail --method PUT --path /webhooks2 -H 'X-A: 1'"},
		{"another port", day, []string{"R", "down", "right", "9", "9"}, call(ids(7), "", usual+" at 99"), one + " --to 99 --stop-on-fail"},
		{"no address", day, []string{"R", "down", "right"}, "", "--to '' --stop-on-fail"},
		{"no address at all", day, []string{"R", "down", "right", "x"}, "", "--to x --stop-on-fail"},
		{"another host, with the secret", day, []string{"R", "down", "right", "a", "b", "c", ":", "1", "up", "up", "up", "up", "space"},
			call(ids(7), "", usual+" at abc:1, {New:false Exact:false Unmarked:false NewEventID:false ForComparison:false Secret:1}"), one + " --to abc:1 --stop-on-fail --send-secret-to abc"},
		{"every target", severalTargets, []string{"R"}, call(ids(7), "", usual), own + " --to http://localhost:9000/v2/hook --to https://staging.example.org/webhooks --stop-on-fail"},
		{"one of them", severalTargets, []string{"R", "down", "right", "right", "right"}, call(ids(7), "staging", usual), one + " --to https://staging.example.org/webhooks --stop-on-fail"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.session()
			m := newTestModel(t, s, 100, 30)
			press(m, "k")
			press(m, tt.keys...)
			p, ok := m.top().(*replay.Dialog)
			if !ok {
				t.Fatalf("%T is on top", m.top())
			}
			if got := p.Command(); !strings.HasSuffix(got, tt.command) || !strings.HasPrefix(got, "hfhook replay ") {
				t.Errorf("the command is %s, want %s", got, tt.command)
			}
			press(m, "enter")
			var want []string
			if tt.call != "" {
				want = []string{tt.call}
			}
			if diff := cmp.Diff(want, s.called()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if tt.call == "" && m.top() != screen.Screen(p) {
				t.Error("the dialog is gone, and nothing was sent")
			}
		})
	}
}

// TestReplayGoesOn sees what is said of a failure in the middle, and that the rest can be
// sent.
func TestReplayGoesOn(t *testing.T) {
	s := day()
	s.replies = map[event.ID]int{fakeID(1): 503}
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "space", "space", "space", "R", "enter")
	line := strings.Split(screenText(m), "\n")[28]
	if want := "✗ 2 of 3 replays sent, 1 answered 2xx; 503 in 38ms to " + fakeID(1).Short() + "; 1 not sent: R sends the rest"; !strings.Contains(line, want) {
		t.Errorf("the status line is %q, want %q", line, want)
	}
	press(m, "R", "g") // a key that does nothing here
	if text := screenText(m); !strings.Contains(text, "the remaining 2 of the last run (1 failed, 1 not sent)") {
		t.Fatalf("the rest is not offered:\n%s", text)
	}
	s.replies = nil
	press(m, "enter")
	got := s.called()
	want := fmt.Sprintf("replay %v to %q, 0 at once, pace 0, stop false", []event.ID{fakeID(1), fakeID(2)}, "8000")
	if len(got) != 2 || got[1] != want {
		t.Errorf("calls %q, want %q", got, want)
	}
	if m.root.Rest != nil {
		t.Errorf("there is something left: %+v", m.root.Rest)
	}
}

// TestReplaysThatCanNotBeRead sees that nothing is sent of what is not known.
func TestReplaysThatCanNotBeRead(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "R")
	s.errs["List"] = errors.New("the store is damaged")
	press(m, "left")
	if !strings.Contains(screenText(m), "the store is damaged") {
		t.Errorf("it is not said:\n%s", screenText(m))
	}
	press(m, "enter", "p")
	if got := s.called(); len(got) > 0 {
		t.Errorf("calls %q", got)
	}
}

func TestDryRun(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "R", "p")
	text := screenText(m)
	for _, want := range []string{"what would be sent: 1 request", "nothing was sent", "POST http://127.0.0.1:8000/webhooks", "X-Webhook-Secret: [secret]", "--dry-run"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q:\n%s", want, text)
		}
	}
	if got := s.called(); len(got) > 0 {
		t.Errorf("calls %q", got)
	}
	press(m, "esc", "esc")
	s.errs["Preview"] = errors.New("no such event")
	press(m, "R", "p")
	if !strings.Contains(screenText(m), "✗ no such event") {
		t.Errorf("the error is not shown:\n%s", screenText(m))
	}
}

// TestTargetsAreAsInTheHeader: what listens is known before anything was sent there, in
// the dialog and where an edited copy goes as well.
func TestTargetsAreAsInTheHeader(t *testing.T) {
	for _, listens := range []bool{false, true} {
		s := day()
		target := &s.state.Targets[0]
		target.Health, target.Result, target.Status = dev.Unknown, "", 0
		s.state.Ports = map[string]bool{target.Name: listens}
		for keys, want := range map[string]map[bool]string{"R": {true: "✓ up", false: "is not listening"}, "e": {true: "✓ up", false: "! away"}} {
			m := newTestModel(t, s, 100, 30)
			press(m, "k", keys)
			if text := screenText(m); !strings.Contains(text, want[listens]) || strings.Contains(text, "not tried") {
				t.Errorf("listens %v, after %s there is no %q:\n%s", listens, keys, want[listens], text)
			}
		}
	}
}

// TestDeletedWhileReplayed sees that an event which is deleted meanwhile is told of, and
// is not among what is left.
func TestDeletedWhileReplayed(t *testing.T) {
	s := day()
	s.gone = map[event.ID]bool{fakeID(1): true}
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "space", "space", "space", "R", "enter")
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "✓ 2 of 3 replays sent, 2 answered 2xx; 1 event deleted meanwhile ") {
		t.Errorf("the status line is %q", line)
	}
	if m.root.Rest != nil {
		t.Errorf("%v are left", m.root.Rest.Ids)
	}
}
