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
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
	"hfhook/payload"
	"hfhook/store"
)

// editing is a model that edits the comment of day, and its session.
func editing(t *testing.T, keys ...string) (*model, *fake, *edit) {
	t.Helper()
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "k", "k", "k", "k", "e")
	press(m, keys...)
	p, ok := m.top().(*edit)
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
		{"nothing", []string{"enter"}, nil, "✗ nothing is changed yet: r in the list replays it as it is"},
		{"a text", []string{"s", "ctrl+u", "h", "i", "enter", "enter"}, sent(body(wasContent, `"content":"hi"`)), "✓ 200 in 38ms from :8000 (replay 2 of " + made.Short() + ", edited copy of " + id.Short() + ")"},
		{"a text that looks like a number", []string{"s", "ctrl+u", "1", "2", "enter", "enter"}, sent(body(wasContent, `"content":"12"`)), "✓ 200"},
		{"a number", []string{"s", "ctrl+u", "tab", "ctrl+u", "1", "2", "enter", "enter"}, sent(body(wasContent, `"content":12`)), "✓ 200"},
		{"what is no JSON", []string{"s", "tab", "ctrl+u", "x", "enter"}, nil, "✗ no JSON yet: line 1, column 1"},
		{"null", []string{"s", "tab", "ctrl+u", "n", "u", "l", "l", "enter", "enter"}, sent(body(wasContent, `"content":null`)), "✓ 200"},
		{"a boolean", []string{"down", "space", "enter"}, sent(body(`"hidden":false`, `"hidden":true`)), "✓ 200"},
		{"there and back", []string{"down", "space", "space", "enter"}, nil, "✗ nothing is changed yet"},
		{"away", []string{"x", "enter"}, sent(body(wasContent+",", "")), "✓ 200"},
		{"a field more", []string{"a", "n", "e", "w", "=", "[", "1", "]", "enter", "enter"},
			sent(body(`399f58518721fdd27fc9caa"}}`, `399f58518721fdd27fc9caa"},"new":[1]}`)), "✓ 200"},
		{"no path", []string{"a", "backspace", "backspace", "x", "enter"}, nil, "✗ a = and a value follow the path"},
		{"through what has no members", []string{"a", "i", "d", ".", "x", "=", "1", "enter"}, nil, "✗ not added: .comment.id.x: .comment.id is a string"},
		{"given up", []string{"s", "ctrl+u", "h", "i", "esc", "enter"}, nil, "✗ nothing is changed yet"},
		{"undone", []string{"2", "x", "u", "u", "enter"}, nil, "✗ nothing is changed yet"},
		{"hidden", []string{"1", "enter"}, sent(body(wasContent+",", "", `"hidden":false`, `"hidden":true`)), "✓ 200"},
		{"unknown scope", []string{"2", "enter"}, sent(body(`"discussion.comment"`, `"repo.config.dois"`)), "✓ 200"},
		{"private", []string{"p", "3", "enter"}, sent(body(`"private":false`, `"private":true`)), "✓ 200"},
		{"no pull request", []string{"4", "enter"}, sent(body(`"isPullRequest":true`, `"isPullRequest":false`, `,"changes":{"base":"refs/heads/main"}`, "")), "✓ 200"},
		{"large", []string{"6", "enter"}, sent(strings.Repeat("x", 5<<20)), "✓ 200"},
		{"a fixture", []string{"2", "ctrl+s", "d", "o", "i", "enter"}, []string{"fixture doi " + string(id) + " " + body(`"discussion.comment"`, `"repo.config.dois"`)},
			"✓ saved the fixture doi as " + made.Short()},
		{"no name", []string{"ctrl+s", "1", "enter"}, nil, "✗ no name yet: a name is a letter"},
		{"a name after all", []string{"2", "ctrl+s", "1", "enter", "backspace", "d", "enter"}, []string{"fixture d " + string(id) + " " + body(`"discussion.comment"`, `"repo.config.dois"`)}, "✓ saved the fixture d as " + made.Short()},
		{"the command", []string{"2", "y"}, nil, "✓ copied the command by the terminal"},
		{"put aside and taken up", []string{"2", "esc", "e", "enter"}, sent(body(`"discussion.comment"`, `"repo.config.dois"`)), "✓ 200"},
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
	press(m, "enter")
	if m.top() != screen(p) || p.changes() != 1 || !strings.Contains(screenText(m), "the disk is full") {
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
		{[]string{"down", "right", "down", "s", "ctrl+u", "k", "e", "r", "n", "e", "l", "enter"}, []string{"edit " + string(id) + " " + body(`"type":"dataset"`, `"type":"kernel"`), "replay " + string(fakeID(8))}, "✓ 200 in 38ms"},
		{[]string{"down", "right", "down", "s", "enter"}, nil, "✗ .repo.type has that value already"},
		{[]string{"down", "right", "down", "down", "down", "down", "s", "ctrl+u", "t", "r", "enter"}, nil, "✗ no JSON yet"},
		{[]string{"down", "right", "down", "down", "down", "down", "s", "ctrl+u", "t", "r", "enter", "u", "e", "enter"}, []string{"edit " + string(id) + " " + body(`"private":false`, `"private":true`), "replay " + string(fakeID(8))}, "✓ 200 in 38ms"},
		{[]string{"down", "right", "down", "s", "x", "esc"}, nil, ".repo.type"},
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

// TestReplayFlags sees that the command is only shown where it makes the same body: its
// flags are carried out here as hfhook replay does.
func TestReplayFlags(t *testing.T) {
	for _, tt := range []struct {
		name, before, after string
		want                []string
	}{
		{"set", `{"a":{"b":"x"},"c":1}`, `{"a":{"b":"y z"},"c":1}`, []string{"--set .a.b='y z'"}},
		{"a number that is a text", `{"a":1}`, `{"a":"1"}`, []string{`--set .a='"1"'`}},
		{"an empty text", `{"a":1}`, `{"a":""}`, []string{`--set .a=`}},
		{"lines", `{"a":1}`, `{"a":"x\ny"}`, []string{`--set .a='"x\ny"'`}},
		{"a quotation mark", `{"a":1}`, `{"a":"it's"}`, []string{`--set .a='it'\''s'`}},
		{"away and new", `{"a":1,"b":2}`, `{"b":2,"c":[1]}`, []string{`--set .c='[1]'`, "--unset .a"}},
		{"an odd name", `{"a b":1}`, `{"a b":2}`, []string{`--set '.["a b"]'=2`}},
		{"elements away", `[1,2,3,4]`, `[1]`, []string{"--unset '.[3]'", "--unset '.[2]'", "--unset '.[1]'"}},
		{"an element away", `[1,2,3,4]`, `[1,3,4]`, []string{"--unset '.[1]'"}},
		{"a twin", `{"a":1,"a":2}`, `{"a":3,"a":2}`, nil},
		{"another kind of value", `[1]`, `{"a":1}`, nil},
		{"long", `{"a":1}`, `{"a":"` + strings.Repeat("x", 3000) + `"}`, nil},
		{"the order alone", `{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
	} {
		d := jsondiff.Compare([]byte(tt.before), []byte(tt.after))
		got, _ := replayFlags([]byte(tt.before), []byte(tt.after), d)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
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
		for _, one := range presets(p) {
			if one.apply == nil {
				continue
			}
			made, err := one.apply([]byte(text))
			if err != nil || bytes.Equal(made, []byte(text)) {
				t.Errorf("%s: %.100q, %v", one.name, made, err)
				continue
			}
			if faults, _ := payload.Check(made); len(faults) > 0 {
				t.Errorf("%s has faults: %v", one.name, faults)
			}
		}
	}
	for _, one := range presets(nil) {
		if one.apply == nil {
			continue
		}
		if _, err := one.apply([]byte("[1]")); err == nil {
			t.Errorf("%s of a list is no error", one.name)
		}
	}
}

// TestEditorFile plays what an editor makes of the file.
func TestEditorFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, tt := range []struct {
		name, before, saved, want, err string
	}{
		{"on one line again", `{"a":1}`, "{\n  \"a\": 2\n}\n", `{"a":2}`, ""},
		{"of several lines", "{\n \"a\":1}", "{\n \"a\":2}\n", "{\n \"a\":2}", ""},
		{"spaces as they were", `{"a": 1, "b": [1, 2]}`, "{\n  \"a\": 1,\n  \"b\": [1, 3]\n}\n", `{"a": 1, "b": [1, 3]}`, ""},
		{"white space alone", `{"a": 1}`, "{\n\t\"a\": 1\n}\n\n", "", "nothing was changed in the editor but white space"},
		{"the order alone", `{"a":1,"b":2}`, "{\n  \"b\": 2,\n  \"a\": 1\n}\n", `{"b":2,"a":1}`, ""},
		{"a value and the order", `{"a":1,"b":2}`, "{\n  \"b\": 3,\n  \"a\": 1\n}\n", `{"b":3,"a":1}`, ""},
		{"digits alone", `{"a":1.0}`, "{\n  \"a\": 1.00\n}\n", `{"a":1.00}`, ""},
		{"with a mark before it", "\ufeff{\"a\":1}", "{\"a\":2}", "\ufeff{\"a\":2}", ""},
		{"not changed", `{"a":1}`, "{\n  \"a\": 1\n}\n", "", "nothing was changed in the editor"},
		{"no JSON", `{"a":1}`, "{\n  \"a\": ,\n}\n", "", "what was saved is no JSON: line 2, column 8"},
		{"was none", "a=1", "a=2\n", "a=2", ""},
	} {
		file, err := newEditorFile("01JDC4Z804", []byte(tt.before))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file.dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: the directory is %v, %v", tt.name, info, err)
		}
		if err := os.WriteFile(file.path, []byte(tt.saved), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := file.read()
		if string(got) != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.HasPrefix(err.Error(), tt.err) {
			t.Errorf("%s: %q, %v; want %q, %s", tt.name, got, err, tt.want, tt.err)
		}
		_, left := os.Stat(file.dir)
		if fault := (*editorFault)(nil); errors.As(err, &fault) != (left == nil) {
			t.Errorf("%s: the file is there: %v", tt.name, left == nil)
		}
	}
}

// TestEditorIsRun has a script as the editor.
func TestEditorIsRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the editor is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	script := filepath.Join(t.TempDir(), "ed")
	run := func(m *model, content string) {
		t.Helper()
		if err := os.WriteFile(script, []byte("#!/bin/sh\n"+content), 0o700); err != nil {
			t.Fatal(err)
		}
		p := m.top().(*edit)
		file, err := newEditorFile(p.title, p.now.body)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", script+` "$@"`, script, file.path)
		err = cmd.Run()
		if err != nil {
			err = editorFailed(script, err)
		}
		send(m, editorMsg{of: p, file: file, err: err})
	}
	m, _, p := editing(t)
	run(m, `sed -i 's/"hidden": false/"hidden": true/' "$1"`)
	if p.changes() != 1 || !strings.Contains(screenText(m), "~ .comment.hidden") {
		t.Errorf("after an edit:\n%s", screenText(m))
	}
	run(m, `echo '{' > "$1"`)
	if text := screenText(m); !strings.Contains(text, "What was saved is no JSON") || !strings.Contains(text, "back to the editor, at line 2") {
		t.Fatalf("what is no JSON:\n%s", text)
	}
	press(m, "t")
	if m.top() != screen(p) || p.now.tree != nil || !strings.Contains(screenText(m), "no JSON: line 1") {
		t.Errorf("taken as it is:\n%s", screenText(m))
	}
	press(m, "u")
	run(m, `echo '{' > "$1"`)
	press(m, "esc")
	if p.changes() != 1 || !strings.Contains(screenText(m), "✓ given up: the payload stays as it was") {
		t.Errorf("given up:\n%s", screenText(m))
	}
	run(m, `exit 1`)
	if !strings.Contains(screenText(m), "nothing was changed: the editor") {
		t.Errorf("left with an error:\n%s", screenText(m))
	}
	run(m, `exec /no/such/program`)
	if !strings.Contains(screenText(m), "set VISUAL or EDITOR") {
		t.Errorf("no editor:\n%s", screenText(m))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "hfhook-edit-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestPasteOfSeveralLines sees that a line break in a pasted text is not lost.
func TestPasteOfSeveralLines(t *testing.T) {
	m, s, _ := editing(t, "s", "ctrl+u")
	send(m, tea.PasteMsg{Content: "one\ntwo"})
	press(m, "enter", "enter")
	if got := s.called(); len(got) == 0 || !strings.Contains(got[0], `"content":"one\ntwo"`) {
		t.Errorf("got %q", got)
	}
}

// TestCommandOfAnEdit sees what the command falls back to.
func TestCommandOfAnEdit(t *testing.T) {
	t.Chdir(t.TempDir())
	m, _, p := editing(t, "6")
	id := string(fakeID(4))
	if got := p.shell(m.frame()); got != "hfhook edit "+id+" --send --to http://127.0.0.1:8000/webhooks" {
		t.Errorf("of a large body: %s", got)
	}
	press(m, "S", "ctrl+u", "b", "enter")
	if got := p.shell(m.frame()); got != "hfhook replay "+id+" --body @b --to http://127.0.0.1:8000/webhooks" {
		t.Errorf("once it is saved: %s", got)
	}
	press(m, "u", "2")
	if got := p.shell(m.frame()); got != "hfhook replay "+id+" --set .event.scope=repo.config.dois --to http://127.0.0.1:8000/webhooks" {
		t.Errorf("of a change: %s", got)
	}
}

// TestWay sees that no field is changed in place of another.
func TestWay(t *testing.T) {
	tree := newTree([]byte(`{"a":1,"a":2,"b":{"c.d":[true]},"` + strings.Repeat("x", 300) + `":1}`))
	tree.unfoldAll()
	var got []string
	for _, n := range tree.nodes {
		path, exact := n.way()
		got = append(got, fmt.Sprint(path.String()[:min(len(path.String()), 12)], " ", exact))
		if _, err := jsontree.ParsePath(path.String()); err != nil {
			t.Error(err)
		}
	}
	want := []string{".a false", ".a true", ".b true", `.b["c.d"] true`, `.b["c.d"][0] true`, ".xxxxxxxxxxx false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEditWithoutTarget sees that an edit is recorded where there is no handler.
func TestEditWithoutTarget(t *testing.T) {
	s := day()
	s.state.Targets = nil
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "k", "k", "k", "k", "e", "2", "enter")
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "there is no handler to send it to") {
		t.Errorf("the status line is %q", line)
	}
}

// TestEditWaitsForTheEvent presses e while the event under the cursor is still being read,
// or can not be read.
func TestEditWaitsForTheEvent(t *testing.T) {
	for _, fails := range []bool{false, true} {
		s := day()
		m := newTestModel(t, s, 100, 30)
		m.Update(keyMsg("up")) // what it asks for is not answered
		m.Update(keyMsg("up"))
		if m.root.detail.event != nil {
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
		switch p, open := m.top().(*edit); {
		case fails && (open || !strings.Contains(screenText(m), "disk I/O error")):
			t.Errorf("the failure is not told:\n%s", screenText(m))
		case !fails && (!open || p.now == nil || p.now.tree == nil):
			t.Errorf("the payload is not opened:\n%s", screenText(m))
		case !fails:
			press(m, "s", "x", "enter", "enter")
			if calls := s.called(); !slices.ContainsFunc(calls, func(call string) bool { return strings.HasPrefix(call, "edit "+string(p.parent)) }) {
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
		_, cmd := m.Update(keyMsg("enter"))
		msgs := answers(cmd)
		for _, msg := range msgs[:len(msgs)-1] { // the last is that it was not recorded
			send(m, msg)
		}
		if !p.sending {
			t.Fatalf("nothing is being sent after %v", msgs)
		}
		if text := screenText(m); !strings.Contains(text, "recording the copy") {
			t.Errorf("it does not say what goes on:\n%s", text)
		}
		if calls := len(s.called()); true {
			press(m, "enter")
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
		press(m, "enter")
		if calls := s.called(); !slices.ContainsFunc(calls, func(call string) bool { return strings.HasPrefix(call, "edit ") }) {
			t.Errorf("aside %v: it is not sent again: %v", aside, calls)
		}
	}
}

// TestManyChanges are counted, and the first of them shown.
func TestManyChanges(t *testing.T) {
	list := func(v string) []byte { return []byte("[" + strings.Repeat(v+",", 999) + v + "]") }
	d := newDraft(list("0"), list("1"), stance{})
	lines := newTheme(true, false).changeLines(d, 100)
	if last := ansi.Strip(lines[len(lines)-1]); d.changes() != 1000 || len(lines) > 3*shownChanges || !strings.Contains(last, "and 800 fields more that differ") {
		t.Errorf("%d changes in %d lines, the last is %q", d.changes(), len(lines), last)
	}
}
