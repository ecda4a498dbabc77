//go:build unix

package delivery

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/event"
	"hfhook/internal/waittest"
	"hfhook/payload"
)

// script is a target that is a shell script.
func script(t *testing.T, text string, options ...string) Target {
	t.Helper()
	target, err := CommandTarget([]string{"/bin/sh", "-c", text})
	if err != nil {
		t.Fatal(err)
	}
	for _, option := range options {
		if strings.HasPrefix(option, "name=") {
			target.Name = ""
		}
		name, value, _ := strings.Cut(option, "=")
		if err := target.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return target
}

const commandBody = `{"event":{"action":"update","scope":"repo.content"},"repo":{"type":"dataset","name":"me/corpus"}}`

func commandEvent(body string) event.Event {
	e := hubEvent(body)
	e.Payload = &payload.Payload{Repo: payload.Repo{Type: "dataset", Name: "me/corpus", ID: "621ffdc036468d709f17434d"}, Webhook: payload.Webhook{ID: "6390e855e30d9209411de93b"}}
	return e
}

// runCommand sends an event to a command.
func runCommand(t *testing.T, ctx context.Context, e event.Event, target Target) event.Delivery {
	t.Helper()
	return runWithGrace(t, ctx, e, target, endGrace)
}

// runWithGrace is runCommand with another time for the command to end once it was asked to.
func runWithGrace(t *testing.T, ctx context.Context, e event.Event, target Target, grace time.Duration) event.Delivery {
	t.Helper()
	log := newMemLog()
	out := New(log, Options{Secret: theSecret})
	out.sender.grace = grace
	d, err := out.Send(ctx, log.append(e, script(t, "", "name=other")), target, event.Replay)
	if err != nil {
		t.Fatal(err)
	}
	if d.URL != target.Where() || !d.Command() || d.State != event.Done && d.State != event.Interrupted {
		t.Errorf("recorded as %s of %s", d.State, d.URL)
	}
	return d
}

// cancelOnByte returns a context that ends for this cause as soon as something is written to
// the named pipe.
func cancelOnByte(t *testing.T, pipe string, cause error) context.Context {
	t.Helper()
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		defer cancel(cause)
		_, _ = os.ReadFile(pipe)
	}()
	return ctx
}

func TestCommand(t *testing.T) {
	t.Setenv("HFHOOK_TEST_TOKEN", "hf_handed_on")
	t.Setenv("HFHOOK_TEST_OTHER", "hf_kept_back")
	target := script(t, `cat; echo; echo "$WEBHOOK_PAYLOAD" | cmp - "$0" 2>&1; env | sort | grep -v '^\(PATH\|HOME\|PWD\|WEBHOOK_PAYLOAD\|_\|SHLVL\|OLDPWD\|LANG\|LC_.*\|USER\|LOGNAME\|SHELL\|TZ\|TMPDIR\|VIRTUAL_ENV\)='; echo "to stderr" >&2; exit 3`,
		"env=HFHOOK_TEST_TOKEN", "env=MODE=test")
	same := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(same, []byte(commandBody+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	target.Command.Args = append(target.Command.Args, same)
	d := runCommand(t, t.Context(), commandEvent(commandBody), target)
	id := fmt.Sprintf("%026d", 1)
	want := commandBody + `
HFHOOK_ATTEMPT=1
HFHOOK_EVENT_ID=` + id + `
HFHOOK_REPLAY=1
HFHOOK_TEST_TOKEN=hf_handed_on
MODE=test
WEBHOOK_ID=6390e855e30d9209411de93b
WEBHOOK_REPO_ID=me/corpus
WEBHOOK_REPO_TYPE=dataset
WEBHOOK_SECRET=[secret]
to stderr
`
	if diff := cmp.Diff(want, string(d.ResponseBody)); diff != "" {
		t.Errorf("the command wrote (-want +got):\n%s", diff)
	}
	sum := event.Sum{Size: d.ResponseSize, SHA256: sha256.Sum256([]byte(want))} // of all but the secret
	recorded := event.Delivery{
		Event: event.ID(id), N: 2, Kind: event.Replay, State: event.Done, Target: "sh", Attempt: 1, URL: target.Where(), Status: 500, Exited: true, Exit: 3,
		RequestHeader: []event.Field{
			{Name: "WEBHOOK_PAYLOAD", Value: fmt.Sprintf("[the body, %d bytes]", len(commandBody))}, {Name: "WEBHOOK_REPO_ID", Value: "me/corpus"},
			{Name: "WEBHOOK_REPO_TYPE", Value: "dataset"}, {Name: "WEBHOOK_ID", Value: "6390e855e30d9209411de93b"}, {Name: "WEBHOOK_SECRET", Value: "[secret]"},
			{Name: "HFHOOK_EVENT_ID", Value: id}, {Name: "HFHOOK_ATTEMPT", Value: "1"}, {Name: "HFHOOK_REPLAY", Value: "1"},
			{Name: "HFHOOK_TEST_TOKEN", Value: "[secret]"}, {Name: "MODE", Value: "test"},
		},
		ResponseSize: d.ResponseSize, ResponseSent: sum, ResponseDecoded: sum,
	}
	if diff := cmp.Diff(recorded, d, cmpopts.IgnoreFields(event.Delivery{}, "Started", "Took", "Phases", "ResponseBody")); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
	if p := d.Phases; p.Connect <= 0 || p.FirstByte <= 0 || p.Body <= 0 || p.Connect+p.FirstByte+p.Body != d.Took {
		t.Errorf("phases %+v of %v", p, d.Took)
	}
	if d.OK() || d.Result() != "exit 3" {
		t.Errorf("%s is good: %v", d.Result(), d.OK())
	}
	if d := runCommand(t, t.Context(), commandEvent(commandBody), script(t, "")); !d.OK() || d.Result() != "exit 0" || d.Status != 200 {
		t.Errorf("%s, %d, good: %v", d.Result(), d.Status, d.OK())
	}
}

// TestLargeBody: what is too long for a variable is on the standard input.
func TestLargeBody(t *testing.T) {
	t.Parallel()
	body := `"` + strings.Repeat("x", 3<<20) + `"`
	d := runCommand(t, t.Context(), commandEvent(body), script(t, `wc -c; echo "${WEBHOOK_PAYLOAD-unset}"`))
	if got := strings.Fields(string(d.ResponseBody)); !d.OK() || len(got) != 2 || got[0] != fmt.Sprint(len(body)) || got[1] != "unset" {
		t.Errorf("%s: %s", d.Result(), d.ResponseBody)
	}
	for _, body := range []string{"nul \x00", strings.Repeat("y", maxVariable()-len(payloadVariable)-2)} {
		if d := runCommand(t, t.Context(), commandEvent(body), script(t, `cat >/dev/null`)); !d.OK() {
			t.Errorf("%d bytes: %s, %s", len(body), d.Result(), d.Err)
		}
	}
}

// TestBadCommands: each is recorded with a sentence that says what is wrong.
func TestBadCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) Target {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		target, err := CommandTarget([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		return target
	}
	missing, err := CommandTarget([]string{"hfhook-no-such-program"})
	if err != nil {
		t.Fatal(err)
	}
	gone := file("gone.sh", "", 0o700)
	if err := os.Remove(gone.Command.Args[0]); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		target Target
		want   string // of the error
		result string
	}{
		"not in PATH":     {missing, `command not found: "hfhook-no-such-program"`, ""},
		"not there":       {gone, "gone.sh not found", ""},
		"not executable":  {file("plain.txt", "hello", 0o600), "chmod +x", ""},
		"no interpreter":  {file("python.py", "#!/no/such/python\n", 0o700), "interpreter", ""},
		"no program":      {file("text", "hello", 0o700), "#!/bin/sh", ""},
		"hangs":           {script(t, "sleep 1000", "timeout=50ms"), "did not end within 50ms and was killed: terminated", ""},
		"forks and hangs": {script(t, "(sleep 1000 & sleep 1000) & wait", "timeout=50ms"), "did not end within 50ms", ""},
		"forks and goes":  {script(t, "sleep 1000 & echo gone"), "", "exit 0"},
		"crashes":         {script(t, "kill -SEGV $$"), "ended by a signal: segmentation fault", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := runCommand(t, t.Context(), commandEvent(commandBody), tt.target)
			if !strings.Contains(d.Err, tt.want) || tt.want == "" && d.Err != "" || d.Result() != tt.result {
				t.Errorf("%s, %q; want %q", d.Result(), d.Err, tt.want)
			}
			if d.OK() != (tt.want == "") {
				t.Errorf("good: %v", d.OK())
			}
		})
	}

	// These reach their time limit when they are prepared for what happens to them then.
	for name, tt := range map[string]struct {
		script string
		grace  time.Duration
		want   string // of the error
	}{
		"deaf": {"trap '' TERM; echo >$PIPE; while :; do sleep 1000; done", time.Millisecond, "did not end within 30s and was killed: killed"},
		"late": {"trap 'exit 0' TERM; echo >$PIPE; while :; do sleep 0.01; done", waittest.Limit, "after SIGTERM it ended with exit 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pipe")
			ctx := cancelOnByte(t, pipe, errTimeout)
			d := runWithGrace(t, ctx, commandEvent(commandBody), script(t, tt.script, "env=PIPE="+pipe), tt.grace)
			if !strings.Contains(d.Err, tt.want) || d.Result() != "" || d.OK() {
				t.Errorf("%s, %q; want %q", d.Result(), d.Err, tt.want)
			}
		})
	}
}

// TestMuchOutput: 100 MB are read, of which the beginning is kept.
func TestMuchOutput(t *testing.T) {
	t.Parallel()
	const size = 100_000_000
	d := runCommand(t, t.Context(), commandEvent(commandBody), script(t, fmt.Sprintf("head -c %d /dev/zero", size)))
	if !d.OK() || d.ResponseSize != size || !d.ResponseCut || len(d.ResponseBody) != MaxResponseBody {
		t.Errorf("%s %s: %d bytes, %d kept, cut %v", d.Result(), d.Err, d.ResponseSize, len(d.ResponseBody), d.ResponseCut)
	}
}

func TestCommandInterrupted(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	ctx := cancelOnByte(t, pipe, nil)
	d := runCommand(t, ctx, commandEvent(commandBody), script(t, "echo begun; echo >"+pipe+"; sleep 1000"))
	if d.State != event.Interrupted || !strings.HasPrefix(d.Err, "hfhook stopped") || string(d.ResponseBody) != "begun\n" {
		t.Errorf("%q, %q", d.Err, d.ResponseBody)
	}
}

// TestCommandPreview is what a dry run shows.
func TestCommandPreview(t *testing.T) {
	t.Parallel()
	e := commandEvent(commandBody)
	e.ID = "01JD4X7M9C8Q2R5T7V9WABCDEF"
	command := script(t, "", "env=API_KEY=x")
	d := New(newMemLog(), Options{Secret: theSecret}).Preview(&e, command, []event.Delivery{{N: 7, Attempt: 3, Target: command.Name}, {N: 8, Attempt: 1, Target: "another"}})
	for name, want := range map[string]string{"WEBHOOK_REPO_ID": "me/corpus", "WEBHOOK_SECRET": "[secret]", "API_KEY": "[secret]", "HFHOOK_ATTEMPT": "4"} {
		if got := value(d.RequestHeader, name); got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
}
