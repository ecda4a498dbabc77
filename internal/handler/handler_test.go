//go:build unix

package handler

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hfhook/internal/redact"
	"hfhook/internal/waittest"
)

const deadline = waittest.Limit

// A trial is a handler that runs.
type trial struct {
	t       *testing.T
	h       *Handler
	changed chan struct{}
	stop    context.CancelFunc
	ended   chan struct{}
	err     error // after ended

	mu   sync.Mutex
	sunk []Line
}

func run(t *testing.T, opts Options) *trial {
	t.Helper()
	tr := &trial{t: t, changed: make(chan struct{}, 1), ended: make(chan struct{})}
	opts.Env = append(opts.Env, "PATH="+os.Getenv("PATH"))
	opts.Sink = func(lines []Line) {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.sunk = append(tr.sunk, lines...)
	}
	h, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	tr.h = h
	ctx, stop := context.WithCancel(t.Context())
	tr.stop = stop
	go func() {
		defer close(tr.ended)
		tr.err = h.Run(ctx, func() {
			select {
			case tr.changed <- struct{}{}:
			default:
			}
		})
	}()
	t.Cleanup(tr.end)
	return tr
}

func (tr *trial) end() {
	tr.stop()
	select {
	case <-tr.ended:
	case <-time.After(deadline):
		tr.t.Error("the handler does not end")
	}
}

// await waits until the state, or the output, is as wanted.
func (tr *trial) await(what string, is func(State, string) bool) State {
	tr.t.Helper()
	limit := time.After(deadline)
	for {
		st, text := tr.h.State(), tr.text()
		if is(st, text) {
			return st
		}
		select {
		case <-tr.changed:
		case <-limit:
			tr.t.Fatalf("%s did not come: %+v, output\n%s", what, st, text)
		}
	}
}

func (tr *trial) text() string {
	lines, _, _ := tr.h.Lines(0, keptLines)
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

func starts(n int) func(State, string) bool {
	return func(st State, out string) bool {
		return st.Starts >= n && st.Phase == Running && strings.Contains(out, fmt.Sprintf("up %d\n", n))
	}
}

// counting is a script that says the how manieth one it is.
const counting = `n=$(cat count 2>/dev/null || echo 0); n=$((n+1)); echo $n > count; echo up $n; `

func shell(script string) []string { return []string{"/bin/sh", "-c", script} }

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	tr := run(t, Options{Args: shell(counting + "exec sleep 1000"), Dir: t.TempDir()})
	first := tr.await("the start", starts(1))
	tr.h.Restart("on request")
	second := tr.await("the restart", starts(2))
	if first.PID == second.PID || second.Why != "on request" || second.InARow != 0 {
		t.Errorf("%+v after %+v", second, first)
	}
	tr.end()
	if tr.err != nil {
		t.Error(tr.err)
	}
	if text := tr.text(); !strings.Contains(text, "restarted: on request") {
		t.Error(text)
	}
}

func TestEndsByItself(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy Policy
		script string
		phase  Phase // that it comes to; empty: Run returns
		last   string
		failed bool
	}{
		{OnCrash, "exit 0", Ended, "ended with exit code 0", false},
		{OnCrash, "exit 3", Waiting, "ended with exit code 3", true},
		{OnCrash, "kill -9 $$", Waiting, "was killed by a signal: killed", true},
		{Always, "exit 0", Waiting, "ended with exit code 0", false},
		{Never, "exit 3", "", "ended with exit code 3", false},
		{Never, "exit 0", "", "ended with exit code 0", false},
	} {
		t.Run(string(test.policy)+" "+test.script, func(t *testing.T) {
			t.Parallel()
			tr := run(t, Options{Args: shell(test.script), Policy: test.policy})
			if test.phase == "" {
				<-tr.ended
				var end *EndError
				if !errors.As(tr.err, &end) || !errors.Is(tr.err, ErrEnded) || !strings.HasSuffix(tr.err.Error(), test.last) {
					t.Errorf("Run returned %v", tr.err)
				}
				return
			}
			st := tr.await("its end", func(st State, _ string) bool { return st.Phase == test.phase })
			if st.Last != test.last || st.Failed != test.failed || test.phase == Waiting && st.Next.Before(st.Since) {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestCrashesAgainAndAgain sees the pauses grow, and a restart that is asked for end them.
func TestCrashesAgainAndAgain(t *testing.T) {
	t.Parallel()
	tr := run(t, Options{Args: shell(counting + "echo boom >&2; exit 1"), Dir: t.TempDir()})
	st := tr.await("the third crash", func(st State, _ string) bool { return st.Phase == Waiting && st.InARow >= 3 })
	if pause := st.Next.Sub(st.Since); pause <= 2*pauseFirst {
		t.Errorf("the pause after the third crash is %v", pause)
	}
	if text := tr.text(); strings.Count(text, "\nboom\n") < 3 || !strings.Contains(text, "restarted: after it ended with exit code 1") {
		t.Error(text)
	}
	tr.h.Restart("r")
	tr.await("the fourth", func(st State, _ string) bool { return st.Starts == 4 && st.InARow == 1 && st.Phase == Waiting })
}

// TestDeafHandler does not listen to SIGTERM.
func TestDeafHandler(t *testing.T) {
	t.Parallel()
	tr := run(t, Options{Args: shell("trap '' TERM; " + counting + "while :; do sleep 1000; done"), Dir: t.TempDir(), Grace: 20 * time.Millisecond})
	tr.await("the start", starts(1))
	tr.h.Restart("r")
	tr.await("the restart", starts(2))
	if !strings.Contains(tr.text(), "killed: it did not exit within 20ms after SIGTERM") {
		t.Error(tr.text())
	}
}

// TestForks ends by itself and leaves a process behind that holds its output open.
func TestForks(t *testing.T) {
	t.Parallel()
	tr := run(t, Options{Args: shell("sleep 1000 & echo forked")})
	st := tr.await("its end", func(st State, _ string) bool { return st.Phase == Ended })
	if st.Failed || !strings.Contains(tr.text(), "forked") {
		t.Errorf("%+v, %s", st, tr.text())
	}
}

// TestVanishes is a program that is gone when it is to be started again.
func TestVanishes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "program")
	write(t, program, "#!/bin/sh\necho up 1\nexec sleep 1000\n")
	if err := os.Chmod(program, 0o700); err != nil {
		t.Fatal(err)
	}
	tr := run(t, Options{Args: []string{program}})
	tr.await("the start", starts(1))
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	tr.h.Restart("r")
	st := tr.await("the failure", func(st State, _ string) bool { return st.Phase == Waiting })
	if st.Last != "could not be started: no such file or directory" || !st.Failed || st.PID != 0 {
		t.Errorf("%+v", st)
	}
}

func TestWrongCommands(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "the command is empty"},
		{[]string{"no-such-program-at-all"}, `command not found: "no-such-program-at-all" is not in PATH`},
		{[]string{"/no/such/program"}, "/no/such/program cannot be run: no such file or directory"},
		{[]string{"/etc/passwd"}, "/etc/passwd cannot be run: permission denied"},
	} {
		if _, err := New(Options{Args: test.args}); err == nil || err.Error() != test.want {
			t.Errorf("%q: %v, want %s", test.args, err, test.want)
		}
	}
}

// TestManyMegabytes prints 100 MB, all of which go through, and a bounded part of which
// is kept.
func TestManyMegabytes(t *testing.T) {
	t.Parallel()
	const size = 100 << 20
	lines, bytes := 0, 0
	h, err := New(Options{
		Args: shell(fmt.Sprintf("yes 0123456789012345678901234567890123456789 | head -c %d", size)), Env: []string{"PATH=" + os.Getenv("PATH")}, Policy: Never,
		Sink: func(got []Line) {
			for _, l := range got {
				if !l.Remark {
					lines++
					bytes += len(l.Text) + 1
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Run(t.Context(), func() {}); !errors.Is(err, ErrEnded) {
		t.Fatal(err)
	}
	// The last line has no end.
	if bytes-1 != size && bytes != size {
		t.Errorf("%d bytes in %d lines, want %d", bytes, lines, size)
	}
	got, kept, ever := h.Lines(0, 1<<30)
	if len(got) != keptLines || kept != keptLines || ever < int64(lines) {
		t.Errorf("%d lines of %d are kept", kept, ever)
	}
}

func TestOutput(t *testing.T) {
	t.Parallel()
	const secret = "canary-secret"
	long := strings.Repeat("x", maxLine)
	for _, test := range []struct {
		name   string
		writes []string
		want   []string
	}{
		{"lines", []string{"a\nb\n", "c\n"}, []string{"a", "b", "c"}},
		{"parts", []string{"a", "b\nc", "d"}, []string{"ab", "cd"}},
		{"empty lines", []string{"\n\na\n"}, []string{"", "", "a"}},
		{"returns", []string{"a\r\nb\r", "\nc\rd"}, []string{"a", "b", "c", "d"}},
		{"hostile", []string{"\x1b[2J\x00\xff\n"}, []string{"\x1b[2J\x00\xff"}},
		{"secret", []string{"X-Webhook-Secret: canary", "-secret\n"}, []string{"X-Webhook-Secret: " + redact.Mark}},
		{"long", []string{long + "yz\n", "a\n"}, []string{long + "… and 2 bytes more", "a"}},
		{"long in parts", []string{long, long, "\n"}, []string{long + fmt.Sprintf("… and %d bytes more", maxLine)}},
		{"secret at the cut", []string{long[:maxLine-3] + secret + "abc\n"}, []string{long[:maxLine-3] + redact.Mark + fmt.Sprintf("… and %d bytes more", len(secret))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := &output{redact: redact.New(secret), changed: func() {}}
			for _, w := range test.writes {
				if n, err := o.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatal(n, err)
				}
			}
			o.end()
			var got []string
			for _, l := range o.lines {
				got = append(got, l.Text)
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestKeptBytes: long lines are kept up to their own limit.
func TestKeptBytes(t *testing.T) {
	t.Parallel()
	o := &output{changed: func() {}}
	for range 3 * keptBytes / maxLine {
		_, _ = o.Write([]byte(strings.Repeat("x", maxLine) + "\n"))
	}
	if o.bytes > keptBytes || len(o.lines) != keptBytes/maxLine || o.total != 3*keptBytes/maxLine {
		t.Errorf("%d bytes in %d of %d lines", o.bytes, len(o.lines), o.total)
	}
}
