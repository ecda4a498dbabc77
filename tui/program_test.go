package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// screenWriter takes what the program writes.
type screenWriter struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *screenWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *screenWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// start runs the program in a bubble. keys reach it as they do from a terminal.
func start(ctx context.Context, s *fake, opts Options) (keys io.WriteCloser, out *screenWriter, done chan error) {
	in, keys := io.Pipe()
	out = &screenWriter{}
	opts.Env, opts.Input, opts.Output = []string{"TERM=xterm-256color"}, in, out
	done = make(chan error, 1)
	go func() { done <- run(ctx, s, opts, tea.WithWindowSize(100, 30)) }()
	return keys, out, done
}

func TestProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := day()
		keys, out, done := start(t.Context(), s, Options{Color: style.Color256, Since: time.Now()})
		synctest.Wait()
		time.Sleep(100 * time.Millisecond)
		if got := out.String(); !strings.Contains(got, "amused-otter-fair") || !strings.Contains(got, "wrong secret") {
			t.Fatalf("the first frame is not there: %q", got)
		}

		s.add(plainEvent(77))
		s.wake <- struct{}{}
		time.Sleep(100 * time.Millisecond)
		if got := out.String(); !strings.Contains(got, "13:37:17") {
			t.Errorf("a wake-up does not show the new event: %q", got)
		}

		_, _ = io.WriteString(keys, "q")
		if err := <-done; err != nil {
			t.Errorf("quitting is an error: %v", err)
		}
		if got := out.String(); !strings.Contains(got, "13 events and 1 rejected in 0s") {
			t.Errorf("no summary: %q", got)
		}
		if strings.Contains(out.String(), canary) {
			t.Error("the secret was written")
		}
		keys.Close()
	})
}

// TestWakeUpsAreFolded sees that a burst costs one look each 33 ms.
func TestWakeUpsAreFolded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := day()
		keys, _, done := start(t.Context(), s, Options{Color: style.ColorNone})
		time.Sleep(time.Second)
		s.mu.Lock()
		before := s.lists
		s.mu.Unlock()
		for range 1000 {
			s.add(plainEvent(1))
			s.wake <- struct{}{}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(100 * time.Millisecond)
		s.mu.Lock()
		looks := s.lists - before
		s.mu.Unlock()
		if looks < 20 || looks > 70 {
			t.Errorf("%d reads in a second of events, want about 30", looks)
		}
		_, _ = io.WriteString(keys, "q")
		<-done
		keys.Close()
	})
}

// TestSessionEndsTheProgram: a screen without a session would be a dead one.
func TestSessionEndsTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fresh()
		s.ended, s.cause = make(chan struct{}), errors.New("server: panic")
		keys, _, done := start(t.Context(), s, Options{Color: style.ColorNone})
		time.Sleep(2 * time.Second)
		close(s.ended)
		if err := <-done; !errors.Is(err, s.cause) {
			t.Errorf("got %v, want the cause", err)
		}
		keys.Close()
	})
}

func TestContextEndsTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("hang up")
		ctx, cancel := context.WithCancelCause(t.Context())
		keys, _, done := start(ctx, fresh(), Options{Color: style.ColorNone})
		time.Sleep(2 * time.Second)
		cancel(cause)
		if err := <-done; !errors.Is(err, cause) {
			t.Errorf("got %v, want the cause", err)
		}
		keys.Close()
	})
}

// TestStatusLine sees that an action's command stands beside its result, and that a
// failure that is cut says where the rest of it is.
func TestStatusLine(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 140, 30)
	line := func() string { return strings.Split(screenText(m), "\n")[28] }
	press(m, "k", "r")
	if got := line(); !strings.Contains(got, "$ hfhook replay "+string(m.root.Detail.Item.Key.ID)+" --to http") {
		t.Errorf("after a replay: %q", got)
	}
	m.Update(screen.ResultMsg{Text: "short", Command: "hfhook rm x"})
	if got := line(); !strings.Contains(got, "short") || !strings.Contains(got, "$ hfhook rm x") {
		t.Errorf("after a failure: %q", got)
	}
	m.Update(screen.ResultMsg{Text: strings.Repeat("long ", 30)})
	if got := line(); !strings.Contains(got, "L: all of it") {
		t.Errorf("after a long failure: %q", got)
	}
	press(m, "/")
	m.Update(screen.ResultMsg{Text: strings.Repeat("long ", 30)})
	if got := line(); strings.Contains(got, "L: all of it") {
		t.Errorf("a key that writes a letter is offered: %q", got)
	}
}
