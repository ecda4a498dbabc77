//go:build unix

package process

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func sh(script string) []string { return []string{"/bin/sh", "-c", script} }

// path is all that the scripts need.
var path = []string{"PATH=" + os.Getenv("PATH")}

func TestExit(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]struct {
		Exit
		status int
	}{
		"exit 0":                 {Exit{}, 0},
		"exit 3":                 {Exit{Code: 3}, 3},
		"kill -TERM $$; sleep 9": {Exit{Code: -1, Signal: "terminated"}, 143},
		"kill -KILL $$; sleep 9": {Exit{Code: -1, Signal: "killed"}, 137},
	} {
		p, err := Start(Command{Args: sh(script), Env: path})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Exit(); got != want.Exit || got.Status() != want.status {
			t.Errorf("%s: %v, %d; want %v, %d", script, got, got.Status(), want.Exit, want.status)
		}
	}
}

func TestInputAndOutput(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("0123456789", 1<<16)
	var out, both bytes.Buffer
	p, err := Start(Command{Args: []string{"cat"}, Stdin: strings.NewReader(body), Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Exit(); !got.OK() || out.String() != body {
		t.Errorf("%v, %d bytes of %d", got, out.Len(), len(body))
	}
	if p, err = Start(Command{Args: sh("echo a; echo b >&2; echo c; pwd; echo $HFHOOK_X"), Dir: "/", Env: []string{"HFHOOK_X=x"}, Stdout: &both, Stderr: &both}); err != nil {
		t.Fatal(err)
	}
	if p.Exit(); both.String() != "a\nb\nc\n/\nx\n" {
		t.Errorf("got %q", both.String())
	}
}

// TestUnread gives a program more than a pipe holds, of which it reads nothing.
func TestUnread(t *testing.T) {
	t.Parallel()
	p, err := Start(Command{Args: sh("exit 4"), Stdin: strings.NewReader(strings.Repeat("x", 1<<20))})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Exit(); got.Code != 4 {
		t.Error(got)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestBrokenWriter: that nobody takes the output does not stop the program.
func TestBrokenWriter(t *testing.T) {
	t.Parallel()
	p, err := Start(Command{Args: sh("head -c 1000000 /dev/zero"), Env: path, Stdout: broken{}})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Exit(); !got.OK() {
		t.Error(got)
	}
}

func TestNoProgram(t *testing.T) {
	t.Parallel()
	if _, err := Start(Command{Args: []string{filepath.Join(t.TempDir(), "none")}}); err == nil {
		t.Error("started what is not there")
	}
	if _, err := Start(Command{}); err == nil {
		t.Error("started nothing")
	}
}

// TestLeftBehind ends a program that leaves a child behind, which holds its output open.
// The child is gone when the FIFO that it writes to has no writer any more.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	in, end := io.Pipe()
	var out bytes.Buffer
	p, err := Start(Command{Args: sh("(exec 3>" + name + "; echo up >&3; exec sleep 1000) & read line; exit 0"), Env: path, Stdin: in, Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.ReadFull(f, make([]byte, len("up\n"))); err != nil {
		t.Fatal(err)
	}
	_ = end.Close()
	if _, err := io.ReadAll(f); err != nil {
		t.Fatal(err)
	}
	if got := p.Exit(); !got.OK() {
		t.Error(got)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		script string
		grace  time.Duration
		want   Exit
	}{
		"obedient":  {"trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done", time.Hour, Exit{Code: 7}},
		"plain":     {"echo ready; exec sleep 1000", time.Hour, Exit{Code: -1, Signal: "terminated"}},
		"deaf":      {"trap '' TERM; echo ready; while :; do sleep 1000; done", time.Millisecond, Exit{Code: -1, Signal: "killed"}},
		"deaf kids": {"trap '' TERM; (while :; do sleep 1000; done) & echo ready; wait", time.Millisecond, Exit{Code: -1, Signal: "killed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w := io.Pipe()
			p, err := Start(Command{Args: sh(tt.script), Env: path, Stdout: w})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(r, make([]byte, len("ready\n"))); err != nil {
				t.Fatal(err)
			}
			if got := p.Stop(tt.grace); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if got := p.Stop(tt.grace); got != tt.want {
				t.Errorf("the second time: %v", got)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=/bin", "HF_TOKEN=hf_x", "LC_ALL=C.UTF-8", "AWS_SECRET_ACCESS_KEY=y", "HOME=/home/me", "MODE=test", "EMPTY"}
	if got, want := Environment(environ, "MODE"), []string{"PATH=/bin", "LC_ALL=C.UTF-8", "HOME=/home/me", "MODE=test"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
