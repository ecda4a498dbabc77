package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/event"
)

// TestAccept calls the answer under the cursor the right one, and takes that back.
func TestAccept(t *testing.T) {
	s := day()
	e := plainEvent(0)
	e.deliveries[0].N = 1
	s.add(e)
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "enter", "3", "a")
	id := string(m.root.Detail.Item.Key.ID)
	if !slices.Contains(s.calls, "accept "+id+" 1 true") {
		t.Errorf("called were %q", s.calls)
	}
	if text := screenText(m); !strings.Contains(text, "✓ accepted: 200 of attempt 1 is now the right answer") || !strings.Contains(text, "$ hfhook accept "+id[:10]) {
		t.Errorf("it says\n%s", text)
	}
	m.root.Detail.Deliveries[0].Accepted = time.Unix(1, 0)
	if text := screenText(m); !strings.Contains(text, "attempt 1: response, accepted as the right one") || !strings.Contains(text, " 200 ✓ ") {
		t.Errorf("it shows\n%s", text)
	}
	press(m, "a")
	if !slices.Contains(s.calls, "accept "+id+" 1 false") {
		t.Errorf("called were %q", s.calls)
	}

	// What has no whole answer cannot be right.
	m.root.Detail.Deliveries[0].Err, m.root.Detail.Deliveries[0].State = "the answer ended early", event.Done
	n := len(s.calls)
	press(m, "a")
	if len(s.calls) != n {
		t.Errorf("called were %q", s.calls[n:])
	}
}

// TestNotAsAccepted says what an answer differs in from the accepted one of its target.
func TestNotAsAccepted(t *testing.T) {
	s := day()
	e := plainEvent(0)
	first := e.deliveries[0]
	first.N, first.State, first.Accepted = 1, event.Done, time.Unix(1, 0)
	first.ResponseBody = []byte(`{"ok":true,"n":1}`)
	first.ResponseSize = int64(len(first.ResponseBody))
	same, other := first, first
	same.N, same.Accepted = 2, time.Time{}
	other.N, other.Accepted, other.ResponseBody = 3, time.Time{}, []byte(`{"ok":true,"n":2}`)
	e.deliveries = []event.Delivery{first, same, other}
	s.add(e)
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "enter", "3", "G")
	if text := screenText(m); !strings.Contains(text, "not as the accepted answer") || !strings.Contains(text, ".n") {
		t.Errorf("another answer:\n%s", text)
	}
	press(m, "k")
	if text := screenText(m); !strings.Contains(text, "✓ as the accepted answer") {
		t.Errorf("the same answer:\n%s", text)
	}
}

// TestReplayAsNew sends the event under the cursor so that a handler takes it for a new one.
func TestReplayAsNew(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "ctrl+n")
	id := string(m.root.Detail.Item.Key.ID)
	if !slices.Contains(s.calls, "replay "+id+" as new") {
		t.Errorf("called were %q", s.calls)
	}
	if text := screenText(m); !strings.Contains(text, ", as f414735eb63cdf6006261a15") {
		t.Errorf("it says\n%s", text)
	}
}
