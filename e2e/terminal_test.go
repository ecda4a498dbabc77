//go:build unix

package e2e

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hfhook/internal/crash"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/store/sqlite"
	"hfhook/tui"
)

// whole fails where a program has left the terminal other than it was: raw, without
// echo or cursor, on the alternate screen, or with the mouse, pastes or keys reported.
// It waits for a line that says that stty has said it.
func (s *screen) whole(line string) {
	s.t.Helper()
	s.await(line)
	state := s.tmux("display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag} mouse #{mouse_any_flag}#{mouse_sgr_flag} keypad #{keypad_flag}#{keypad_cursor_flag}")
	if want := "alternate 0 cursor 1 mouse 00 keypad 00\n"; state != want {
		s.t.Errorf("the terminal is left with %q, want %q", state, want)
	}
	text := strings.Join(strings.Fields(s.text()), " ")
	for _, mode := range []string{" icanon ", " isig ", " echo ", " icrnl ", " opost ", " onlcr "} {
		if !strings.Contains(text+" ", mode) {
			s.t.Errorf("the terminal is left without%s:\n%s", mode, s.text())
		}
	}
}

// awaitTaken waits until the program has the alternate screen and the mouse, which it may
// ask for after its first frame.
func (s *screen) awaitTaken() {
	s.t.Helper()
	await(s.t, "the alternate screen with the mouse", func() bool {
		return s.tmux("display-message", "-p", "#{alternate_on} #{mouse_any_flag}") == "1 1\n"
	})
}

// showWatched is show for a program whose process is to be known, and whose terminal is
// looked at after its end.
func (h *home) showWatched(program string, args ...string) (s *screen, pid func() int) {
	h.t.Helper()
	file := filepath.Join(h.dir, "pid")
	script := filepath.Join(h.dir, "run.sh")
	text := "sh -c 'echo $$ >" + file + "; exec " + program + " " + strings.Join(args, " ") + "'\necho \"code $?\"\nstty -a\necho TERMINAL-STATE\nexec sleep 300\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		h.t.Fatal(err)
	}
	return h.showCommand(100, 30, "sh "+script), func() int {
		h.t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			h.t.Fatal(err)
		}
		id, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			h.t.Fatal(err)
		}
		return id
	}
}

var screenArgs = []string{"dev", "--tunnel", "none", "--mouse", "--addr", "127.0.0.1:0"}

// TestTerminalIsGivenBack ends hfhook in each way that it can be ended, and looks at
// what is left.
func TestTerminalIsGivenBack(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(s *screen, pid int) // nil: it ends by itself
		code string
		args []string
	}{
		{"quit", func(s *screen, _ int) { s.keys("q") }, "code 0", nil},
		{"ctrl+c", func(s *screen, _ int) { s.keys("C-c") }, "code 0", nil},
		{"terminated", func(_ *screen, pid int) { _ = syscall.Kill(pid, syscall.SIGTERM) }, "code 143", nil},
		{"hung up", func(_ *screen, pid int) { _ = syscall.Kill(pid, syscall.SIGHUP) }, "code 129", nil},
		{"interrupted", func(_ *screen, pid int) { _ = syscall.Kill(pid, syscall.SIGINT) }, "code 130", nil},
		{"time is up", nil, "code 0", []string{"--for", "1s"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, pid := newHome(t).showWatched(binary, slices.Concat(screenArgs, tt.args)...)
			if tt.end != nil {
				s.await("Send a sample event")
				tt.end(s, pid())
			}
			s.await(tt.code)
			s.whole("TERMINAL-STATE")
		})
	}
}

// TestTerminalIsGivenBackAfterAPanic breaks the program: in an update, in a command,
// in a goroutine of the session, and in one that nobody guards, also where the standard
// error is a file.
func TestTerminalIsGivenBackAfterAPanic(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ where, keys, args string }{
		"update":                  {where: "update", keys: "L"},
		"command":                 {where: "command"},
		"session":                 {where: "session"},
		"library":                 {where: "library"},
		"library, file as stderr": {where: "library", args: "2>$HOME/stderr"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			h.env = append(h.env, breakIn+"="+tt.where)
			s, _ := h.showWatched(self, tt.args)
			if tt.keys != "" {
				s.await("Send a sample event")
				s.keys(tt.keys)
			}
			if tt.where == "library" { // the runtime ends the process
				s.await("hfhook broke", "code 2")
				await(t, "a log that has where it broke", func() bool {
					log, err := os.ReadFile(filepath.Join(h.dir, "hfhook.log"))
					text := string(log)
					return err == nil && strings.Contains(text, "panic: in a library") && strings.Contains(text, "e2e.(*libraryOfASession).List")
				})
			} else {
				s.await("code 1")
			}
			s.whole("TERMINAL-STATE")
		})
	}
}

// breakIn says where the program that TestMain then is breaks.
const breakIn = "HFHOOK_E2E_BREAK_IN"

// broken runs the screen on a session that breaks.
func broken(where string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	db, err := sqlite.Open(ctx, filepath.Join(os.Getenv("HOME"), "events.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	events := store.Store(db)
	if where == "session" {
		events = &brokenStore{Store: db, after: time.Now().Add(time.Second)}
	}
	session, err := dev.Start(ctx, dev.Options{Store: events, Listener: ln})
	if err != nil {
		return err
	}
	opts := tui.Options{Mouse: true}
	var shown tui.Session = session
	switch where {
	case "update":
		opts.Log = func() []dev.Record { panic("in an update") }
	case "command":
		shown = &brokenSession{session}
	case "library":
		log, err := os.Create(filepath.Join(os.Getenv("HOME"), "hfhook.log"))
		if err != nil {
			return err
		}
		defer log.Close()
		defer crash.Guard(os.Stdout, log, "hfhook broke")()
		shown = &libraryOfASession{session}
	}
	err = tui.Run(ctx, shown, opts)
	cancel()
	_ = session.Wait()
	return err
}

type brokenSession struct{ *dev.Session }

func (*brokenSession) List(context.Context, store.Query) (store.Page, error) { panic("in a command") }

// libraryOfASession breaks in a goroutine that nobody guards.
type libraryOfASession struct{ *dev.Session }

func (s *libraryOfASession) List(ctx context.Context, q store.Query) (store.Page, error) {
	go func() { panic("in a library") }()
	return s.Session.List(ctx, q)
}

type brokenStore struct {
	store.Store
	after time.Time
}

func (s *brokenStore) Stats(ctx context.Context) (store.Stats, error) {
	if time.Now().After(s.after) {
		panic("in the session")
	}
	return s.Store.Stats(ctx)
}

// Watch wakes the session until it breaks.
func (s *brokenStore) Watch(ctx context.Context) <-chan struct{} {
	out := make(chan struct{})
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
			select {
			case <-ctx.Done():
				return
			case out <- struct{}{}:
			}
		}
	}()
	return out
}

// TestSuspendAndBack stops hfhook by ctrl+z under a shell with job control, looks at
// the terminal, and brings it back.
func TestSuspendAndBack(t *testing.T) {
	t.Parallel()
	need(t, "bash")
	h := newHome(t, "PS1=prompt-$ ", "HISTFILE=/dev/null")
	s := h.showCommand(100, 30, "bash --norc --noprofile -i")
	s.await("prompt-$")
	s.keys(binary+" "+strings.Join(screenArgs, " "), "Enter")
	s.await("Send a sample event")
	s.keys("C-z")
	s.await("hfhook is stopped: it receives nothing", "Stopped", "prompt-$")
	s.keys("stty -a; echo TERMINAL-\"STATE\"", "Enter")
	s.whole("TERMINAL-STATE")
	s.keys("fg", "Enter")
	s.await("Send a sample event", "back after")
	s.awaitTaken()
	s.keys("n")
	s.await("New synthetic event")
	s.keys("Escape")
	s.await("Send a sample event")
	s.keys("q")
	s.await("hfhook ls since:")
	s.keys("clear; stty -a; echo STATE-\"AT-END\"", "Enter")
	s.whole("STATE-AT-END")
}

// TestPagerAndBack gives the terminal to another program, and takes it back.
func TestPagerAndBack(t *testing.T) {
	t.Parallel()
	h := newHome(t, "PAGER=sh -c 'stty -a; echo TERMINAL-STATE; cat >/dev/null; read x </dev/tty' pager")
	pager := filepath.Join(h.dir, "pager")
	if err := os.WriteFile(pager, []byte("#!/bin/sh\ncat >/dev/null\nstty -a </dev/tty\necho TERMINAL-STATE\nread x </dev/tty\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, v := range h.env {
		if strings.HasPrefix(v, "PAGER=") {
			h.env[i] = "PAGER=" + pager
		}
	}
	s, _ := h.showWatched(binary, screenArgs...)
	s.await("Send a sample event")
	s.keys("n")
	s.await("New synthetic event")
	s.keys("Enter")
	s.await("push main")
	s.keys("Enter")
	s.await("[1 Payload]")
	s.keys("4")
	s.await("[4 Raw]", "v pager")
	s.keys("v")
	s.whole("TERMINAL-STATE")
	s.keys("Enter")
	s.await("[4 Raw]")
	s.awaitTaken()
	s.keys("q")
	s.await("code 0")
	s.whole("TERMINAL-STATE")
}

func init() {
	if where := os.Getenv(breakIn); where != "" {
		if err := broken(where); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}
