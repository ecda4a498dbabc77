package screen

// Which way to the clipboard: tmux's own inside of it, the terminal's (OSC 52) over
// SSH, and the system's program otherwise. Each tells which it was.

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	native "github.com/atotto/clipboard"
)

// clipboardTime is how long a clipboard program may take. One that waits for a
// display that is not there would wait for ever.
const clipboardTime = 2 * time.Second

type Clipboard struct {
	tmux, Ssh bool
	env       []string
	Native    func(string) error // nil where the system has no clipboard program
}

func NewClipboard(env []string) Clipboard {
	has := func(name string) bool {
		return slices.ContainsFunc(env, func(kv string) bool {
			value, ok := strings.CutPrefix(kv, name+"=")
			return ok && value != ""
		})
	}
	c := Clipboard{tmux: has("TMUX"), Ssh: has("SSH_TTY") || has("SSH_CONNECTION"), env: env}
	if !native.Unsupported {
		c.Native = native.WriteAll
	}
	return c
}

// put copies a text. how is the end of the sentence "copied the URL …"; a write
// that is not nil has yet to be carried out by the program.
func (c Clipboard) put(ctx context.Context, text string) (how string, write tea.Cmd, err error) {
	ctx, cancel := context.WithTimeout(ctx, clipboardTime)
	defer cancel()
	switch {
	case c.tmux:
		// Under its usual settings tmux keeps OSC 52 of a program to itself, but
		// passes on what it is given this way.
		cmd := exec.CommandContext(ctx, "tmux", "load-buffer", "-w", "-")
		cmd.Env = c.env
		cmd.Stdin = strings.NewReader(text)
		if cmd.Run() == nil {
			return "by tmux", nil, nil
		}
	case !c.Ssh && c.Native != nil:
		done := make(chan error, 1)
		go func() { done <- c.Native(text) }()
		select {
		case err = <-done:
			if err == nil {
				return "to the system's clipboard", nil, nil
			}
		case <-ctx.Done():
			return "", nil, fmt.Errorf("the clipboard program did not end in %s", clipboardTime)
		}
	}
	return "by the terminal (OSC 52)", tea.SetClipboard(text), nil
}
