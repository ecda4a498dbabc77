package screen

// Everything that takes time or leaves the process: one Cmd for each question to
// the session, and the message that brings the answer.
//
//	Session.Watch ──▶ changedMsg ──▶ every screen ──▶ asks.list … ──▶ pageMsg ──▶ View
//	key ──▶ action ──▶ asks.replay … ──▶ resultMsg ──▶ status line

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/drafts"
)

// A Runner makes the Cmds. Bubble Tea leaves a running Cmd behind when it ends, so
// they are counted here and waited for.
type Runner struct {
	Ctx  context.Context
	Clip Clipboard
	Env  Environment

	Version string     // of hfhook
	Drafts  drafts.Dir // of texts that are being edited

	Keyboard *keyboard // nil: a test gives the keys
	Action   *Origin   // of the action that is being carried out; nil: none is. Only for the update loop

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// Wait returns after the last Cmd; none starts after that. The context has to be
// ended before.
func (a *Runner) Wait() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.running.Wait()
}

func (a *Runner) Cmd(f func() tea.Msg) tea.Cmd {
	from := a.Action
	return func() tea.Msg {
		if !a.begin() {
			return nil
		}
		defer a.running.Done()
		return from.sign(f())
	}
}

func (a *Runner) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.running.Add(1)
	}
	return !a.closed
}

func (a *Runner) Tick(d time.Duration) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		select {
		case <-time.After(d):
			return TickMsg{}
		case <-a.Ctx.Done():
			return nil
		}
	})
}

var errNothing = errors.New("nothing to copy")

// Copy puts a text on the clipboard. what names it in the sentence that follows;
// the text itself is in no message.
func (a *Runner) Copy(what string, text func(context.Context) (string, error)) tea.Cmd {
	return a.CopyBy(what, "", text)
}

// CopyBy is copy of what a command prints, too.
func (a *Runner) CopyBy(what, command string, text func(context.Context) (string, error)) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		s, err := text(a.Ctx)
		if err == nil && s == "" {
			err = errNothing
		}
		var how string
		var write tea.Cmd
		if err == nil {
			how, write, err = a.Clip.put(a.Ctx, s)
		}
		if err != nil {
			return ResultMsg{Text: fmt.Sprintf("copy %s: %s", what, Plain(err))}
		}
		result := func() tea.Msg {
			return ResultMsg{Text: fmt.Sprintf("copied %s %s", what, how), Ok: true, Command: command}
		}
		if write == nil {
			return result()
		}
		return tea.Sequence(write, result)()
	})
}
