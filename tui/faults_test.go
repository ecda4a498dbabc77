package tui

import (
	"fmt"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/tui/rejected"
)

// refusedFor is a day on which the last request had a body with n faults.
func refusedFor(n int) *fake {
	s := scanned()
	last := event.Rejected{At: noon, Status: 422, Reason: event.BadPayload, Method: "POST", Path: "/webhooks", Peer: "3.94.12.7:1", Bytes: 1412}
	for i := range n {
		last.Faults = append(last.Faults, payload.Fault{Type: "string_type", Loc: []any{"body", "repo", "tags", i}, Msg: "Input should be a valid string"})
	}
	last.Detail = (&payload.InvalidError{Faults: last.Faults}).Error()
	s.state.Rejected = append(s.state.Rejected, last)
	s.state.Refused++
	return s
}

// Every fault of a rejected body is on the screen, or one key away.
func TestEveryFaultIsShown(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {80, 24}, {60, 20}, {40, 10}} {
		for _, n := range []int{1, 2, 4, 30} {
			m := newTestModel(t, refusedFor(n), size[0], size[1])
			press(m, "!", "G")
			text := screenText(m)
			if n > 1 && size[1] > 10 && !strings.Contains(text, "↵ lists all") {
				for i := range n {
					if !strings.Contains(text, fmt.Sprintf("repo.tags.%d: ", i)) {
						t.Errorf("%v, %d faults: fault %d is not on the screen:\n%s", size, n, i, text)
					}
				}
			}
			if n == 1 {
				continue
			}
			var seen strings.Builder
			press(m, "enter")
			for range 2 + n/max(size[1]-8, 1) {
				seen.WriteString(screenText(m))
				press(m, "pgdown")
			}
			for i := range n {
				if !strings.Contains(seen.String(), fmt.Sprintf("repo.tags.%d: ", i)) {
					t.Errorf("%v, %d faults: fault %d is not in the list:\n%s", size, n, i, seen.String())
				}
			}
			press(m, "esc")
			if _, back := m.top().(*rejected.Screen); !back {
				t.Errorf("%v: esc does not lead back", size)
			}
		}
	}
}
