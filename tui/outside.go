package tui

// What leaves the screen: an event's body to a file, to a pager, or to a command.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
)

// An environment is the process's, as in os.Environ.
type environment []string

func (e environment) get(name string) string {
	for _, kv := range e {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// home is path with the user's directory in the place of ~.
func (e environment) home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && e.get("HOME") != "" {
		return filepath.Join(e.get("HOME"), rest)
	}
	return path
}

// pushMsg puts a screen on top: an answer that is a question.
type pushMsg struct {
	screen screen
	origin *origin // of the action that it answers; nil: it is no answer to one
}

func (msg pushMsg) signed(o *origin) tea.Msg {
	msg.origin = o
	return msg
}

// offerMsg puts a screen on top of the one that asked for it, if the user is still there.
type offerMsg struct{ over, screen screen }

// save writes a body to a new file. Where there is one already it asks.
func (a *runner) save(path string, body []byte) tea.Cmd {
	return a.saveAs(path, body, plural(int64(len(body)), "byte"), "")
}

// saveAs is save of what has a name in the sentence that follows, and a command that does
// the same.
func (a *runner) saveAs(path string, body []byte, what, command string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		path := a.env.home(path)
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return pushMsg{screen: &menu{
				name: "overwrite", title: visible.Line(path) + " is there already", verb: "choose",
				choices: []choice{{key: "n", text: "keep it", note: "nothing is written"}, {key: "o", text: "overwrite it", note: "what is in it is lost"}},
				take: func(i int) tea.Cmd {
					if i == 0 {
						return resultCmd("not saved: "+path+" stays as it is", true)
					}
					return a.cmd(func() tea.Msg { return saved(path, what, command, os.WriteFile(path, body, 0o600)) })
				},
			}}
		}
		if err == nil {
			_, err = file.Write(body)
			err = errors.Join(err, file.Close())
		}
		return saved(path, what, command, err)
	})
}

func saved(path, what, command string, err error) tea.Msg {
	if err != nil {
		return resultMsg{text: fmt.Sprintf("save: %v", err)}
	}
	return resultMsg{text: fmt.Sprintf("saved %s to %s", what, path), ok: true, command: command}
}

// onTerminal gives a program the terminal until it ends.
func onTerminal(name string, c *exec.Cmd) tea.Cmd {
	return exclusive(c, func(err error) tea.Msg {
		if err != nil {
			return resultMsg{text: fmt.Sprintf("%s: %v", name, err)}
		}
		return nil
	})
}

// pager shows a body in $PAGER: laid out where it is JSON, and harmless to the
// terminal in any case.
func (a *runner) pager(body []byte) tea.Cmd {
	return a.cmd(func() tea.Msg {
		args := strings.Fields(a.env.get("PAGER"))
		if len(args) == 0 {
			args = []string{"less"}
			if _, err := exec.LookPath("less"); err != nil {
				args = []string{"more"}
			}
		}
		var laidOut bytes.Buffer
		if json.Indent(&laidOut, body, "", "  ") != nil {
			laidOut.Reset()
			laidOut.Write(body)
		}
		cmd := exec.CommandContext(a.ctx, args[0], args[1:]...)
		cmd.Env = a.env
		cmd.Stdin = strings.NewReader(visible.Block(laidOut.String()) + "\n")
		return onTerminal(args[0], cmd)()
	})
}

// pipe gives a body's exact bytes to a shell command, which has the terminal until
// it has ended and enter was pressed. What it writes is the command's own affair, as
// behind hfhook show --raw in a shell, which is the command same.
func (a *runner) pipe(command string, body []byte, same string) tea.Cmd {
	if strings.TrimSpace(command) == "" {
		return nil
	}
	args := []string{"sh", "-c", command}
	if runtime.GOOS == "windows" {
		args = []string{"cmd", "/c", command}
	}
	cmd := exec.CommandContext(a.ctx, args[0], args[1:]...)
	cmd.Env = a.env
	cmd.Stdin = bytes.NewReader(body)
	return tea.Exec(&piped{ctx: a.ctx, Cmd: cmd}, func(err error) tea.Msg {
		if err != nil {
			return resultMsg{text: fmt.Sprintf("%s: %v", command, err)}
		}
		return resultMsg{text: fmt.Sprintf("%s took %s", command, plural(int64(len(body)), "byte")), ok: true, command: same}
	})
}

// piped is a command whose output stays in sight until enter is pressed.
type piped struct {
	*exec.Cmd
	ctx      context.Context
	terminal io.Reader
}

func (c *piped) SetStdin(r io.Reader)  { c.terminal = terminalOf(r) }
func (c *piped) SetStdout(w io.Writer) { c.Stdout = w }
func (c *piped) SetStderr(w io.Writer) { c.Stderr = w }

// Run runs the command. That it leaves some of its input unread is no failure.
func (c *piped) Run() error {
	err := c.Cmd.Run()
	if c.ProcessState != nil && c.ProcessState.Success() {
		err = nil
	}
	said := "done"
	if err != nil {
		said = err.Error()
	}
	fmt.Fprintf(c.Stdout, "\n[%s: enter goes back to hfhook] ", said)
	entered := make(chan struct{})
	go func() { // it ends with the key, or with the process
		defer close(entered)
		var b [1]byte
		for {
			if n, err := c.terminal.Read(b[:]); err != nil || n == 1 && (b[0] == '\n' || b[0] == '\r') {
				return
			}
		}
	}()
	select {
	case <-entered:
	case <-c.ctx.Done():
	}
	return err
}
