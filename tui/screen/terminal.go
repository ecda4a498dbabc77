package screen

// The terminal itself: keys read from it, and other programs that have it for a while.

import (
	"io"
	"os"
	"os/exec"
	"runtime"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/ttyinput"
)

// A keyboard is what keys are read from. The zero value leaves that to Bubble Tea.
type keyboard struct {
	In      *ttyinput.Reader
	Program *tea.Program // that gets the keys
}

// NewKeyboard reads the standard input, unless that is a console of Windows, which is not
// read as a file.
func NewKeyboard() *keyboard {
	k := &keyboard{}
	if runtime.GOOS != "windows" {
		k.In = ttyinput.New(os.Stdin, func() { k.Program.Send(tea.KeyPressMsg{Code: tea.KeyEscape}) })
	}
	return k
}

// Expect says that the terminal is asked something: its answers are no keys.
func (k *keyboard) Expect() {
	if k != nil && k.In != nil {
		k.In.Expect()
	}
}

// Exclusive gives a program the terminal until it ends.
func Exclusive(cmd *exec.Cmd, then tea.ExecCallback) tea.Cmd {
	return tea.Exec(&foreground{cmd}, then)
}

// A foreground program has the terminal. What the command sets itself it keeps.
type foreground struct{ *exec.Cmd }

func (c *foreground) SetStdin(r io.Reader) {
	if c.Stdin == nil {
		c.Stdin = terminalOf(r)
	}
}

func (c *foreground) SetStdout(w io.Writer) {
	if c.Stdout == nil {
		c.Stdout = w
	}
}

func (c *foreground) SetStderr(w io.Writer) {
	if c.Stderr == nil {
		c.Stderr = w
	}
}

// terminalOf is the terminal behind Bubble Tea's input. Another program has to get the
// file itself.
func terminalOf(r io.Reader) io.Reader {
	if t, ok := r.(*ttyinput.Reader); ok {
		return t.File
	}
	return r
}
