package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/internal/dev"
)

// targeted is a session with a target of each kind.
func targeted() *fake {
	s := day()
	s.state.Targets = []dev.Target{
		{Name: "bot", URL: "http://127.0.0.1:8000", Address: "8000", Health: dev.Healthy, Status: 200, Result: "200", Took: 38 * time.Millisecond, When: "scope:discussion", Timeout: 30 * time.Second, Concurrency: 1, Trusted: true, Extra: "headers X-Mode"},
		{Name: "audit", URL: "http://127.0.0.1:9000/audit", Health: dev.Away, Err: "connection refused: nothing is listening on 127.0.0.1:9000", InARow: 1, Waiting: 3, Hint: "port 7860 is listening: is your handler there?", Timeout: 5 * time.Second, Concurrency: 4, Trusted: true},
		{Name: "job.py", URL: "exec ./job.py", Health: dev.Failing, Status: 500, Result: "exit 1", InARow: 2, Last: noon.Add(-2 * time.Minute), Since: noon.Add(-5 * time.Minute), Event: fakeID(3), Timeout: 10 * time.Minute, Concurrency: 1, Trusted: true},
		{Name: "slow", URL: "https://example.com/hook", Health: dev.Failing, Status: 503, Result: "503", InARow: 1, Waiting: 1, Until: noon.Add(42 * time.Second), Timeout: 30 * time.Second, Concurrency: 1},
	}
	return s
}

func targetless() *fake {
	s := day()
	s.state.Targets = nil
	return s
}

func TestTargetsScreen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		keys, want string // of the calls
	}{
		{"p", `pause "" true`},
		{"T p", `pause "bot" true`},
		{"T down s", "deliver audit"},
		{"T down X n", ""},
		{"T down X d", "drop audit"},
		{"T delete", "remove bot"},
		{"T down delete n", ""},
		{"T down delete r", "remove audit"},
		{"T down delete d", "remove audit|drop audit"},
		{"T a 9 enter", "target {Was: To:9 Name: When: Timeout: Concurrency:}"},
		{"T e tab x enter", "target {Was:bot To:8000 Name:botx When:scope:discussion Timeout:30s Concurrency:1}"},
	} {
		s := targeted()
		m := newTestModel(t, s, 100, 30)
		press(m, strings.Fields(tt.keys)...)
		calls := slices.DeleteFunc(s.called(), func(c string) bool { return strings.HasPrefix(c, "read") })
		if got := strings.Join(calls, "|"); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.keys, got, tt.want)
		}
	}
	m := newTestModel(t, targetless(), 100, 30)
	press(m, "T")
	if text := screenText(m); !strings.Contains(text, "No target") || !strings.Contains(text, "7860") {
		t.Error(text)
	}
}

// TestTargetOnThisMachineIsWhole: the port, which tells one from another, is shown at
// every width.
func TestTargetOnThisMachineIsWhole(t *testing.T) {
	s := day()
	s.state.Targets[0].Name, s.state.Targets[0].URL = "127.0.0.1:18432", "http://127.0.0.1:18432"
	for _, w := range []int{40, 59, 60, 100} {
		m := newTestModel(t, s, w, 12)
		press(m, "T")
		if text := screenText(m); !strings.Contains(text, "▸127.0.0.1:18432  ✓ up") {
			t.Errorf("%d columns:\n%s", w, text)
		}
	}
}
