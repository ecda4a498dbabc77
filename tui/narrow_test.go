package tui

import (
	"strings"
	"testing"
)

// f shows failed events within the filter, then rejected requests, then what was there.
func TestFailedOnly(t *testing.T) {
	for _, filter := range []string{"", "repo:me/corpus", "repo:me/corpus | repo:me/old"} {
		m := newTestModel(t, day(), 100, 30)
		if filter != "" {
			press(m, "/")
			typed(m, filter)
			press(m, "enter")
		}
		n := len(m.root.List.Items)
		press(m, "f")
		if text := m.root.List.Text; !strings.HasSuffix(text, "is:failed") || strings.Contains(filter, "|") != strings.HasPrefix(text, "(") {
			t.Errorf("%q becomes %q", filter, text)
		}
		for _, it := range m.root.List.Items {
			if it.Row == nil || it.Row.Repo != "me/corpus" && it.Row.Repo != "me/old" && filter != "" {
				t.Errorf("%q: %+v is shown", filter, it.Key)
			}
		}
		press(m, "f")
		if !strings.Contains(screenText(m), "Rejected  1") {
			t.Errorf("%q: no rejected requests in\n%s", filter, screenText(m))
		}
		for _, it := range m.root.List.Items {
			if it.Rejected == nil {
				t.Errorf("%q: %+v is shown beside rejected requests", filter, it.Key)
			}
		}
		press(m, "f")
		if m.root.List.Text != filter || len(m.root.List.Items) != n {
			t.Errorf("%q comes back as %q with %d items; want %d", filter, m.root.List.Text, len(m.root.List.Items), n)
		}
		press(m, "f", "f", "esc")
		if m.root.List.Text != filter || len(m.root.List.Items) != n {
			t.Errorf("%q: esc comes back to %q with %d items; want %d", filter, m.root.List.Text, len(m.root.List.Items), n)
		}
	}
}

// Where nothing matches the list says what helps.
func TestNothingMatches(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "/")
	typed(m, "repo:me/corpus nosuchword")
	press(m, "enter")
	for _, want := range []string{"Nothing matches repo:me/corpus nosuchword", "all events (8)", "without the last term: repo:me/corpus (5)"} {
		if !strings.Contains(screenText(m), want) {
			t.Errorf("%q is not in\n%s", want, screenText(m))
		}
	}
	press(m, "backspace")
	if m.root.List.Text != "repo:me/corpus" || len(m.root.List.Rows) != 5 {
		t.Errorf("the filter is %q with %d rows", m.root.List.Text, len(m.root.List.Rows))
	}
	press(m, "/", "ctrl+u")
	typed(m, "nosuchword")
	press(m, "enter", "backspace")
	if m.root.List.Filter != nil {
		t.Errorf("the filter is %q", m.root.List.Text)
	}
}

// A word that is being typed is not an error until it is kept, and hides nothing.
func TestUnfinishedWord(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "/")
	typed(m, "repo:me/corpus status:")
	if text := screenText(m); strings.Contains(text, "column") || !strings.Contains(text, "5 of 8, without the last word") {
		t.Errorf("a word that is being typed:\n%s", text)
	}
	press(m, "enter")
	if text := screenText(m); m.top().Name() != "filter" || !strings.Contains(text, "value after the colon is missing") {
		t.Errorf("an unfinished word is kept:\n%s", text)
	}
	typed(m, "5")
	if n := len(m.root.List.Rows); n != 1 {
		t.Errorf("%d events match status:5", n)
	}
}

// What can be chosen has the number of its events beside it.
func TestCompletionCounts(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "/")
	typed(m, "repo:me/c")
	if text := screenText(m); !strings.Contains(text, "me/corpus      5") {
		t.Errorf("no count in\n%s", text)
	}
	press(m, "down")
	if v := m.root.List.Text; v != "repo:me/corpus" {
		t.Errorf("down chooses %q", v)
	}
	press(m, "ctrl+g")
	if !strings.Contains(screenText(m), "origin:  hub import") {
		t.Errorf("ctrl+g does not show the terms:\n%s", screenText(m))
	}
}
