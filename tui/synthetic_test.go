package tui

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/tui/edit"
	"hfhook/tui/screen"
	"hfhook/tui/trigger"
)

func letters(text string) []string { return strings.Split(text, "") }

// created are the keys to the kind of a repository that is created.
var created = []string{"n", "down", "down", "down", "down", "down", "down"}

func TestSynthetic(t *testing.T) {
	keys := func(parts ...any) (all []string) {
		for _, p := range parts {
			switch p := p.(type) {
			case string:
				all = append(all, p)
			case []string:
				all = append(all, p...)
			}
		}
		return all
	}
	fields := []string{"tab", "tab", "tab", "tab", "tab"} // to times
	for _, tt := range []struct {
		name    string
		keys    []string
		command string // before enter
		calls   []string
		status  string
	}{
		{"set", keys(created, fields, "tab", letters(".repo.name=a/b c .repo.private=true")),
			"hfhook trigger repo/create --set .repo.name='a/b c' --set .repo.private=true",
			[]string{"play 1 of 1 at 0: created a/b c"}, "✓ 200 in 9.0ms from :8000 (repo/create, " + fakeID(7).Short() + ")"},
		{"set twice", keys(created, fields, "2", "tab", letters(".repo.private=true")),
			"for i in $(seq 2); do hfhook trigger repo/create --set .repo.private=true; done",
			[]string{"play 1 of 2 at 0: created me/corpus", "play 2 of 2 at 0: created me/corpus"}, "✓ repo/create: 2 of 2 events answered 2xx"},
		{"set what there is not", keys(created, fields, "tab", letters(".repo.privat=true")),
			"hfhook trigger repo/create --set .repo.privat=true", nil, "✗ synthetic repo/create: the Hub never sends .repo.privat: ctrl+e edits"},
		{"set nothing", keys(created, fields, "tab", letters("x=1")), "hfhook trigger repo/create", nil, `✗ set: invalid path "x=1"`},
		{"a comment", keys("n", "end", "home", created[1:], "tab", "tab", "tab", "9", "tab", letters("hi")), "hfhook trigger repo/create --num 9", []string{`trigger repo/create dataset: 9 "hi"`}, "✓ 200 in 9.0ms from :8000 (repo/create"},
		{"a scenario", keys("n", "ctrl+t", "tab", "tab", "1", "9"), "hfhook trigger scenario pr-life --num 19 --speed 10x", []string{
			`play 1 of 7 at 10: PR opened me/corpus#19 "Fix split names"`}, "✓ the scenario pr-life: 7 of 7 events answered 2xx"},
		{"a scenario of one's own", keys("n", "ctrl+t", "tab", letters("model:a/b"), "tab", "7", "tab", "left"),
			"hfhook trigger scenario pr-life --repo model:a/b --num 7 --speed 1x", []string{`play 1 of 7 at 1: PR opened a/b#7 "Fix split names"`}, "✓ the scenario pr-life: 7 of 7"},
		{"a pin", keys("n", "ctrl+t", "ctrl+t"), "hfhook trigger bot-mention", []string{`play 1 of 1 at 0: comment me/corpus#19 "@bot please re-run the eval on this branch"`}, "✓ 200 in 9.0ms from :8000 (bot-mention"},
		{"a pin, changed", keys("n", "ctrl+t", "ctrl+t", "tab", "tab", letters(".comment.content=hi")), "hfhook trigger bot-mention --set .comment.content=hi",
			[]string{`play 1 of 1 at 0: comment me/corpus#19 "hi"`}, "✓ 200 in 9.0ms from :8000 (bot-mention"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := pinned()
			m := newTestModel(t, s, 100, 30)
			press(m, tt.keys...)
			p, ok := m.top().(*trigger.Dialog)
			if !ok {
				t.Fatalf("%T is on top", m.top())
			}
			if got := p.Command(); got != tt.command {
				t.Errorf("the command is %s, want %s", got, tt.command)
			}
			press(m, "enter")
			got := s.called()
			if len(got) > len(tt.calls) {
				got = got[:len(tt.calls)]
			}
			// The order of pins is that of the list.
			if diff := cmp.Diff(tt.calls, append([]string(nil), got...)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, tt.status) {
				t.Errorf("the status line is %q, want %q", line, tt.status)
			}
		})
	}
}

func TestSyntheticIsEditedFirst(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, append(created, "ctrl+e", "2")...)
	p, ok := m.top().(*edit.Screen)
	if !ok || p.Parent != "" || p.Changes() != 1 {
		t.Fatalf("%T is on top:\n%s", m.top(), screenText(m))
	}
	if got := p.Shell(m.frame()); got != "hfhook trigger repo/create --set .event.scope=repo.config.dois" {
		t.Errorf("the command is %s", got)
	}
	press(m, "ctrl+s")
	got := s.called()
	if len(got) != 1 || !strings.HasPrefix(got[0], `compose  {"event":{"action":"create","scope":"repo.config.dois"}`) {
		t.Errorf("calls %q", got)
	}
	if m.top() != screen.Screen(m.root) || !strings.Contains(screenText(m), "✓ recorded repo/create, edited, "+fakeID(8).Short()+": no target's filter matches") {
		t.Errorf("after it was sent:\n%s", screenText(m))
	}
}

func TestSyntheticFixture(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, append(created, "ctrl+s")...)
	press(m, letters("new-repo")...)
	press(m, "enter")
	if got := s.called(); len(got) != 1 || !strings.HasPrefix(got[0], `fixture new-repo  {"event":{"action":"create","scope":"repo"}`) {
		t.Errorf("calls %q", got)
	}
}

func TestSyntheticFails(t *testing.T) {
	s := pinned()
	s.errs["Play"] = errors.New("no hfhook dev is running there")
	m := newTestModel(t, s, 100, 30)
	press(m, "n", "ctrl+t", "enter")
	if !strings.Contains(screenText(m), "✗ synthetic the scenario pr-life: no hfhook dev is running there") || m.root.Playing != nil {
		t.Errorf("a failure:\n%s", screenText(m))
	}
}
