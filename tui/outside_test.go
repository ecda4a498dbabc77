package tui

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
)

func TestPage(t *testing.T) {
	const repo = "https://huggingface.co/datasets/me/corpus"
	sha := "c379e821c9c95d613899e8c4343e4bfee2b0c600"
	p := &payload.Payload{Repo: payload.Repo{URL: payload.URL{Web: repo}, HeadSha: sha}}
	push := *p
	push.UpdatedRefs = []payload.RefUpdate{{Ref: "refs/heads/main", NewSha: &sha}}
	talk := *p
	talk.Discussion = &payload.Discussion{URL: payload.URL{Web: repo + "/discussions/19"}, Changes: &payload.Changes{MergeCommitID: sha}}
	talk.Comment = &payload.Comment{URL: payload.URL{Web: repo + "/discussions/19#6399"}}
	evil := *p
	evil.Repo.URL.Web = "file:///etc/passwd"
	tests := []struct {
		p          *payload.Payload
		path, want string
	}{
		{nil, "", ""},
		{p, "", repo},
		{p, ".webhook.id", repo},
		{p, ".repo.headSha", repo + "/commit/" + sha},
		{&push, "", repo + "/commit/" + sha},
		{&push, ".updatedRefs[0].ref", repo + "/commit/" + sha},
		{&push, ".repo.name", repo},
		{&talk, "", repo + "/discussions/19#6399"},
		{&talk, ".comment.content", repo + "/discussions/19#6399"},
		{&talk, ".discussion.num", repo + "/discussions/19"},
		{&talk, ".discussion.changes.mergeCommitId", repo + "/commit/" + sha},
		{&evil, "", ""},
	}
	for _, tt := range tests {
		if got := page(tt.p, tt.path); got != tt.want {
			t.Errorf("the page of %q is %q, want %q", tt.path, got, tt.want)
		}
	}
	for _, raw := range []string{"javascript:alert(1)", "https://", "https://a/\x1b[2J", "https://a/ b", "-x", "http:///x", "https://a/\u202e"} {
		if isPage(raw) {
			t.Errorf("%q is given to a browser", raw)
		}
	}
}

func TestBrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the rules are those of a desktop on Linux")
	}
	tests := []struct {
		env  environment
		want []string
	}{
		{nil, nil},
		{environment{"DISPLAY=:0"}, []string{"xdg-open", "https://x"}},
		{environment{"WAYLAND_DISPLAY=w"}, []string{"xdg-open", "https://x"}},
		{environment{"DISPLAY=:0", "SSH_TTY=/dev/pts/0"}, nil},
		{environment{"SSH_TTY=/dev/pts/0", "BROWSER=firefox --new-tab:w3m"}, []string{"firefox", "--new-tab", "https://x"}},
		{environment{"BROWSER=open-it --url=%s now"}, []string{"open-it", "--url=https://x", "now"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.env.browser("https://x")); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.env, diff)
		}
	}
}

// TestBrowse sees that the program gets the address, and that without one the
// address is shown until a key is pressed.
func TestBrowse(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "k", "o")
	address := "https://huggingface.co/datasets/me/corpus/discussions/19#6399f58518721fdd27fc9caa"
	if !strings.Contains(screenText(m), address) || !m.status.stays {
		t.Errorf("the address is not shown:\n%s", screenText(m))
	}
	if want := "hfhook open " + string(m.root.detail.item.key.id); m.did != want {
		t.Errorf("the command is %q, want %q", m.did, want)
	}

	if runtime.GOOS == "windows" {
		return
	}
	out := filepath.Join(t.TempDir(), "opened")
	script := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf %s \"$1\" > "+out+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	m.ask.env = environment{"BROWSER=" + script, "PATH=" + os.Getenv("PATH")}
	press(m, "o")
	if got, _ := os.ReadFile(out); string(got) != address {
		t.Errorf("the browser got %q", got)
	}
	if !strings.Contains(screenText(m), "✓ opened https://") {
		t.Error("it is not said that it was opened")
	}
}

func TestSaveAsksBeforeItOverwrites(t *testing.T) {
	t.Chdir(t.TempDir())
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "enter", "4", "S")
	name := fakeID(7).Short() + ".json"
	press(m, "enter")
	if got, err := os.ReadFile(name); err != nil || string(got) != commentBody {
		t.Fatalf("saved %q, %v", got, err)
	}
	if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	press(m, "S", "enter")
	if !strings.Contains(screenText(m), "is there already") {
		t.Fatalf("it does not ask:\n%s", screenText(m))
	}
	press(m, "n")
	if got, _ := os.ReadFile(name); string(got) != "mine" {
		t.Error("it was overwritten without a yes")
	}
	press(m, "S", "enter", "o")
	if got, _ := os.ReadFile(name); string(got) != commentBody {
		t.Errorf("overwriting wrote %q", got)
	}
	press(m, "S", "ctrl+u", "/", "n", "o", "/", "x", "enter")
	if !strings.Contains(screenText(m), "✗ save: open /no/x") {
		t.Errorf("the error is not shown:\n%s", screenText(m))
	}
}

func TestPipe(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	run := func(script string) (string, error) {
		var out strings.Builder
		c := &piped{Cmd: exec.Command("sh", "-c", script), ctx: t.Context()}
		c.Stdin = strings.NewReader("the body")
		c.SetStdin(strings.NewReader("no\n"))
		c.SetStdout(&out)
		c.SetStderr(io.Discard)
		err := c.Run()
		return out.String(), err
	}
	if out, err := run("tr a-z A-Z"); err != nil || !strings.HasPrefix(out, "THE BODY\n[done:") {
		t.Errorf("got %q, %v", out, err)
	}
	if _, err := run("exec <&-; sleep 0"); err != nil {
		t.Errorf("a command that does not read: %v", err)
	}
	out, err := run("exit 3")
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(out, "exit status 3") {
		t.Errorf("got %q, %v", out, err)
	}
}
