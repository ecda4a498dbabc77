package tui

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
	"hfhook/store"
	"hfhook/tui/edit"
	"hfhook/tui/screen"
)

// editing is a model that edits the comment of day, and its session.
func editing(t *testing.T, keys ...string) (*model, *fake, *edit.Screen) {
	t.Helper()
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "k", "k", "k", "k", "e")
	press(m, keys...)
	p, ok := m.top().(*edit.Screen)
	if !ok {
		t.Fatalf("%T is on top", m.top())
	}
	return m, s, p
}

func body(replace ...string) string { return strings.NewReplacer(replace...).Replace(commentBody) }

const wasContent = `"content":"@bot please re-run the eval on this branch"`

func TestEditSends(t *testing.T) {
	id, made := fakeID(4), fakeID(8)
	sent := func(body string) []string {
		if len(body) > 2000 {
			body = fmt.Sprintf("%d bytes", len(body))
		}
		return []string{"edit " + string(id) + " " + body, "replay " + string(made)}
	}
	for _, tt := range []struct {
		name   string
		keys   []string
		calls  []string
		status string
	}{
		{"nothing", []string{"ctrl+s"}, nil, "✗ no changes: use r in the list to replay it as is"},
		{"a text", []string{"s", "ctrl+u", "h", "i", "enter", "ctrl+s"}, sent(body(wasContent, `"content":"hi"`)), "✓ 200 in 38ms from :8000 (replay 2 of " + made.Short() + ", edited copy of " + id.Short() + ")"},
		{"a text, sent from its field", []string{"enter", "ctrl+u", "h", "i", "ctrl+s"}, sent(body(wasContent, `"content":"hi"`)), "✓ 200 in 38ms"},
		{"a text that looks like a number", []string{"s", "ctrl+u", "1", "2", "enter", "ctrl+s"}, sent(body(wasContent, `"content":"12"`)), "✓ 200"},
		{"a number", []string{"s", "ctrl+u", "tab", "ctrl+u", "1", "2", "enter", "ctrl+s"}, sent(body(wasContent, `"content":12`)), "✓ 200"},
		{"what is not JSON", []string{"s", "tab", "ctrl+u", "x", "enter"}, nil, "✗ no JSON yet: line 1, column 1"},
		{"null", []string{"s", "tab", "ctrl+u", "n", "u", "l", "l", "enter", "ctrl+s"}, sent(body(wasContent, `"content":null`)), "✓ 200"},
		{"a boolean", []string{"down", "space", "ctrl+s"}, sent(body(`"hidden":false`, `"hidden":true`)), "✓ 200"},
		{"there and back", []string{"down", "space", "space", "ctrl+s"}, nil, "✗ no changes"},
		{"away", []string{"delete", "ctrl+s"}, sent(body(wasContent+",", "")), "✓ 200"},
		{"a field more", []string{"a", "n", "e", "w", "=", "[", "1", "]", "enter", "ctrl+s"},
			sent(body(`399f58518721fdd27fc9caa"}}`, `399f58518721fdd27fc9caa"},"new":[1]}`)), "✓ 200"},
		{"no path", []string{"a", "backspace", "backspace", "x", "enter"}, nil, "✗ want PATH=VALUE"},
		{"through what has no members", []string{"a", "i", "d", ".", "x", "=", "1", "enter"}, nil, "✗ not added: .comment.id.x: .comment.id is a string"},
		{"given up", []string{"s", "ctrl+u", "h", "i", "esc", "ctrl+s"}, nil, "✗ no changes"},
		{"undone", []string{"2", "backspace", "u", "u", "ctrl+s"}, nil, "✗ no changes"},
		{"hidden", []string{"1", "ctrl+s"}, sent(body(wasContent+",", "", `"hidden":false`, `"hidden":true`)), "✓ 200"},
		{"unknown scope", []string{"2", "ctrl+s"}, sent(body(`"discussion.comment"`, `"repo.config.dois"`)), "✓ 200"},
		{"private", []string{"p", "3", "ctrl+s"}, sent(body(`"private":false`, `"private":true`)), "✓ 200"},
		{"no pull request", []string{"4", "ctrl+s"}, sent(body(`"isPullRequest":true`, `"isPullRequest":false`, `,"changes":{"base":"refs/heads/main"}`, "")), "✓ 200"},
		{"large", []string{"6", "ctrl+s"}, sent(strings.Repeat("x", 5<<20)), "✓ 200"},
		{"a fixture", []string{"2", "m", "d", "o", "i", "enter"}, []string{"fixture doi " + string(id) + " " + body(`"discussion.comment"`, `"repo.config.dois"`)},
			"✓ saved the fixture doi as " + made.Short()},
		{"no name", []string{"m", "1", "enter"}, nil, "✗ enter a name: a letter"},
		{"a name after all", []string{"2", "m", "1", "enter", "backspace", "d", "enter"}, []string{"fixture d " + string(id) + " " + body(`"discussion.comment"`, `"repo.config.dois"`)}, "✓ saved the fixture d as " + made.Short()},
		{"the command", []string{"2", "y"}, nil, "✓ copied the command by the terminal"},
		{"put aside and taken up", []string{"2", "esc", "e", "ctrl+s"}, sent(body(`"discussion.comment"`, `"repo.config.dois"`)), "✓ 200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := day()
			m := newTestModel(t, s, 100, 30)
			press(m, "k", "k", "k", "k", "k", "e")
			press(m, tt.keys...)
			got := s.called()
			for i, call := range got { // how large it is shall be enough
				if strings.HasPrefix(call, "edit") && strings.HasSuffix(call, " bytes") {
					size := len("edit " + string(id) + " ")
					var n int
					_, _ = fmt.Sscanf(call[size:], "%d bytes", &n)
					if n >= 5<<20-200 && n <= 5<<20+200 {
						got[i] = fmt.Sprintf("edit %s %d bytes", id, 5<<20)
					}
				}
			}
			if diff := cmp.Diff(tt.calls, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			line := strings.Split(screenText(m), "\n")[28]
			if !strings.Contains(line, tt.status) {
				t.Errorf("the status line is %q, want %q", line, tt.status)
			}
			if n := len(s.extra[4].body); n != len(commentBody) {
				t.Errorf("the original has %d bytes", n)
			}
		})
	}
}

// TestEditIsNotLost sees that a payload that could not be recorded is still there.
func TestEditIsNotLost(t *testing.T) {
	m, s, p := editing(t, "2")
	s.errs["Edit"] = errors.New("the disk is full")
	press(m, "ctrl+s")
	if m.top() != screen.Screen(p) || p.Changes() != 1 || !strings.Contains(screenText(m), "the disk is full") {
		t.Errorf("after a failure:\n%s", screenText(m))
	}
}

func TestSetAndReplay(t *testing.T) {
	id := fakeID(4)
	for _, tt := range []struct {
		keys   []string
		calls  []string
		status string
	}{
		{[]string{"G", "up", "up", "right", "down", "down", "s", "ctrl+u", "k", "e", "r", "n", "e", "l", "enter"}, []string{"edit " + string(id) + " " + body(`"type":"dataset"`, `"type":"kernel"`), "replay " + string(fakeID(8))}, "✓ 200 in 38ms"},
		{[]string{"G", "up", "up", "right", "down", "down", "s", "enter"}, nil, "✗ .repo.type already has that value"},
		{[]string{"G", "up", "up", "right", "down", "down", "down", "down", "s", "ctrl+u", "t", "r", "enter"}, nil, "✗ no JSON yet"},
		{[]string{"G", "up", "up", "right", "down", "down", "down", "down", "s", "ctrl+u", "t", "r", "enter", "u", "e", "enter"}, []string{"edit " + string(id) + " " + body(`"private":false`, `"private":true`), "replay " + string(fakeID(8))}, "✓ 200 in 38ms"},
		{[]string{"G", "up", "up", "right", "down", "down", "s", "x", "esc"}, nil, ".repo.type"},
	} {
		s := day()
		m := newTestModel(t, s, 100, 30)
		press(m, "k", "k", "k", "k", "k", "enter", "g")
		press(m, tt.keys...)
		if diff := cmp.Diff(tt.calls, s.called()); diff != "" {
			t.Errorf("%v: calls (-want +got):\n%s", tt.keys, diff)
		}
		if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, tt.status) {
			t.Errorf("%v: the status line is %q, want %q", tt.keys, line, tt.status)
		}
	}
}

// TestPresets sees that each fits the kinds of payloads it says it does, and that the
// server would take what comes of it.
func TestPresets(t *testing.T) {
	for _, text := range []string{commentBody, `{"event":{"action":"update","scope":"repo.content"},"repo":{"type":"model","name":"me/m","id":"1","private":false,"url":{"web":"https://x","api":"https://x"},"owner":{"id":"2"}},"updatedRefs":[{"ref":"refs/heads/main","oldSha":null,"newSha":"1"}],"webhook":{"id":"3","version":3}}`} {
		p, _, err := payload.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range edit.Presets(p) {
			if one.Apply == nil {
				continue
			}
			made, err := one.Apply([]byte(text))
			if err != nil || bytes.Equal(made, []byte(text)) {
				t.Errorf("%s: %.100q, %v", one.Name, made, err)
				continue
			}
			if faults, _ := payload.Check(made); len(faults) > 0 {
				t.Errorf("%s has faults: %v", one.Name, faults)
			}
		}
	}
	for _, one := range edit.Presets(nil) {
		if one.Apply == nil {
			continue
		}
		if _, err := one.Apply([]byte("[1]")); err == nil {
			t.Errorf("%s of a list is not an error", one.Name)
		}
	}
}

// TestEditorIsRun has a script as the editor.
func TestEditorIsRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the editor is a shell script")
	}
	script := filepath.Join(t.TempDir(), "ed")
	run := func(m *model, content string) {
		t.Helper()
		if err := os.WriteFile(script, []byte("#!/bin/sh\n"+content), 0o700); err != nil {
			t.Fatal(err)
		}
		p := m.top().(*edit.Screen)
		file, err := edit.NewEditorFile(m.ask.Drafts, p.Parent, p.Title, p.Now.Body)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", script+` "$@"`, script, file.Draft.Path())
		err = cmd.Run()
		if err != nil {
			err = edit.EditorFailed(script, err)
		}
		send(m, edit.EditorMsg{Of: p, File: file, Err: err})
	}
	m, _, p := editing(t)
	run(m, `sed -i 's/"hidden": false/"hidden": true/' "$1"`)
	if p.Changes() != 1 || !strings.Contains(screenText(m), "~ .comment.hidden") {
		t.Errorf("after an edit:\n%s", screenText(m))
	}
	run(m, `echo '{' > "$1"`)
	if text := screenText(m); !strings.Contains(text, "The saved text is not JSON") || !strings.Contains(text, "edit again, at line 2") {
		t.Fatalf("what is not JSON:\n%s", text)
	}
	press(m, "t")
	if m.top() != screen.Screen(p) || p.Now.Tree != nil || !strings.Contains(screenText(m), "no JSON: line 1") {
		t.Errorf("taken as it is:\n%s", screenText(m))
	}
	press(m, "u")
	run(m, `echo '{' > "$1"`)
	press(m, "esc")
	if p.Changes() != 1 || !strings.Contains(screenText(m), "✓ discarded: the payload is unchanged") {
		t.Errorf("given up:\n%s", screenText(m))
	}
	run(m, `exit 1`)
	if !strings.Contains(screenText(m), "no changes: the editor") {
		t.Errorf("left with an error:\n%s", screenText(m))
	}
	run(m, `exec /no/such/program`)
	if !strings.Contains(screenText(m), "set VISUAL or EDITOR") {
		t.Errorf("no editor:\n%s", screenText(m))
	}
	if left, err := m.ask.Drafts.Left(); err != nil || len(left) > 0 { // the screen's own is held
		t.Errorf("left behind: %v, %v", left, err)
	}
	run(m, `sed -i 's/"hidden": true/"hidden": 3/' "$1"; exit 1`)
	if left, err := m.ask.Drafts.Left(); err != nil || len(left) != 1 || !left[0].Aside || !strings.Contains(screenText(m), "the saved text was put aside") {
		t.Errorf("saved, and left with an error: %v, %v\n%s", left, err, screenText(m))
	}
}

// TestEditsOutliveTheScreen puts edits of two events aside, and has another screen go on with
// one of them.
func TestEditsOutliveTheScreen(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "k", "k", "k", "k", "e", "2", "esc", "k", "e", "a", "n", "e", "w", "=", "1", "enter", "esc")
	if text := screenText(m); !strings.Contains(text, "✓ kept 1 change to") {
		t.Fatalf("put aside:\n%s", text)
	}
	dir := m.ask.Drafts
	if left, err := dir.Left(); err != nil || len(left) != 2 || !left[0].Aside || !left[1].Aside {
		t.Fatalf("left are %+v, %v", left, err)
	}
	other := newTestModel(t, s, 100, 30)
	other.ask.Drafts = dir
	press(other, "k", "k", "k", "k", "k", "e")
	q := other.top().(*edit.Screen)
	if text := screenText(other); q.Changes() != 1 || !strings.Contains(text, "✓ 1 change restored; u undoes them") {
		t.Fatalf("taken up:\n%s", text)
	}
	if left, err := dir.Left(); err != nil || len(left) != 1 || left[0].Event == string(q.Parent) {
		t.Errorf("while it is edited left are %+v, %v", left, err)
	}
	press(other, "u")
	if q.Changes() != 0 {
		t.Error("u does not take it away")
	}
	press(other, "3", "ctrl+s") // sent
	if left, err := dir.Left(); err != nil || len(left) != 1 || left[0].Event == string(q.Parent) {
		t.Errorf("after one was sent left are %+v, %v", left, err)
	}
}

// TestPasteOfSeveralLines sees that a line break in a pasted text is not lost.
func TestPasteOfSeveralLines(t *testing.T) {
	m, s, _ := editing(t, "s", "ctrl+u")
	send(m, tea.PasteMsg{Content: "one\ntwo"})
	shown := func() {
		t.Helper()
		if text := screenText(m); !strings.Contains(text, "one␊two") || !strings.Contains(text, "string, ␊ is a line break") {
			t.Errorf("it is not shown as a text:\n%s", text)
		}
	}
	shown()
	press(m, "tab")
	if text := screenText(m); !strings.Contains(text, `"one\ntwo"`) {
		t.Errorf("it is not shown as JSON:\n%s", text)
	}
	press(m, "tab")
	shown()
	press(m, "enter", "s") // what is there already is a text, too
	shown()
	press(m, "3", "enter", "ctrl+s")
	if got := s.called(); len(got) == 0 || !strings.Contains(got[0], `"content":"one\ntwo3"`) {
		t.Errorf("got %q", got)
	}
}

// TestCommandOfAnEdit sees what the command falls back to.
func TestCommandOfAnEdit(t *testing.T) {
	t.Chdir(t.TempDir())
	m, _, p := editing(t, "6")
	id := string(fakeID(4))
	if got := p.Shell(m.frame()); got != "hfhook edit "+id+" --send --to http://127.0.0.1:8000/webhooks" {
		t.Errorf("of a large body: %s", got)
	}
	press(m, "S", "ctrl+u", "b", "enter")
	if got := p.Shell(m.frame()); got != "hfhook replay "+id+" --body @b --to http://127.0.0.1:8000/webhooks" {
		t.Errorf("once it is saved: %s", got)
	}
	press(m, "u", "2")
	if got := p.Shell(m.frame()); got != "hfhook replay "+id+" --set .event.scope=repo.config.dois --to http://127.0.0.1:8000/webhooks" {
		t.Errorf("of a change: %s", got)
	}
}

// TestEditWithoutTarget sees that an edit is recorded if there is no handler.
func TestEditWithoutTarget(t *testing.T) {
	s := day()
	s.state.Targets = nil
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "k", "k", "k", "k", "e", "2", "ctrl+s")
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "no target to send it to") {
		t.Errorf("the status line is %q", line)
	}
}

// TestEditWaitsForTheEvent presses e while the event under the cursor is still being read,
// or cannot be read.
func TestEditWaitsForTheEvent(t *testing.T) {
	for _, fails := range []bool{false, true} {
		s := day()
		m := newTestModel(t, s, 100, 30)
		m.Update(keyMsg("up")) // what it asks for is not answered
		m.Update(keyMsg("up"))
		if m.root.Detail.Event != nil {
			t.Fatal("the event was read")
		}
		if fails {
			s.errs = map[string]error{"Event": errors.New("disk I/O error")}
		}
		_, cmd := m.Update(keyMsg("e"))
		if text := screenText(m); !strings.Contains(text, "reading the payload") {
			t.Fatalf("e does nothing:\n%s", text)
		}
		send(m, answers(cmd)...)
		switch p, open := m.top().(*edit.Screen); {
		case fails && (open || !strings.Contains(screenText(m), "disk I/O error")):
			t.Errorf("the failure is not told:\n%s", screenText(m))
		case !fails && (!open || p.Now == nil || p.Now.Tree == nil):
			t.Errorf("the payload is not opened:\n%s", screenText(m))
		case !fails:
			press(m, "s", "x", "enter", "ctrl+s")
			if calls := s.called(); !slices.ContainsFunc(calls, func(call string) bool { return strings.HasPrefix(call, "edit "+string(p.Parent)) }) {
				t.Errorf("it is not sent: %v", calls)
			}
		}
	}
}

// TestEditThatCanNotBeRecorded says why in the words of the user, and sends it again when
// it is asked to, also after it was put aside meanwhile.
func TestEditThatCanNotBeRecorded(t *testing.T) {
	for _, aside := range []bool{false, true} {
		m, s, p := editing(t, "down", "space")
		s.errs = map[string]error{"Edit": fmt.Errorf("record: %w", &store.Fault{Doing: "record an event", Err: store.ErrBusy, Todo: "look for another program that holds /x/events.db"})}
		_, cmd := m.Update(keyMsg("ctrl+s"))
		msgs := answers(cmd)
		for _, msg := range msgs[:len(msgs)-1] { // the last is that it was not recorded
			send(m, msg)
		}
		if !p.Sending {
			t.Fatalf("nothing is being sent after %v", msgs)
		}
		if text := screenText(m); !strings.Contains(text, "recording and sending the copy") {
			t.Errorf("it does not say what goes on:\n%s", text)
		}
		if calls := len(s.called()); true {
			press(m, "ctrl+s")
			if len(s.called()) != calls {
				t.Error("it is recorded twice")
			}
		}
		if aside {
			press(m, "esc")
		}
		send(m, msgs[len(msgs)-1])
		if text := screenText(m); !strings.Contains(text, "not recorded: the store is busy: look for another program that holds /x/events.db") {
			t.Errorf("the failure is not told:\n%s", text)
		}
		s.errs = nil
		if aside {
			press(m, "e")
		}
		press(m, "ctrl+s")
		if calls := s.called(); !slices.ContainsFunc(calls, func(call string) bool { return strings.HasPrefix(call, "edit ") }) {
			t.Errorf("aside %v: it is not sent again: %v", aside, calls)
		}
	}
}
