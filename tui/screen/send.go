package screen

// What leaves the screen: an event's body to a file, to a pager, or to a command.

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// Links reports whether a terminal knows links (OSC 8), or at least passes over them. The
// consoles that print what they don't know are few, and say who they are.
func Links(env Environment) bool {
	switch term, _, _ := strings.Cut(env.Get("TERM"), "-"); term {
	case "linux", "dumb", "cons25", "vt52", "vt100", "vt102", "vt220", "ansi", "eterm":
		return false
	}
	return true
}

// browserTime is how long a program that opens a page is waited for. One that runs
// longer is the browser itself.
const browserTime = 2 * time.Second

// textBrowsers need the terminal.
var textBrowsers = []string{"lynx", "w3m", "links", "links2", "elinks", "www-browser"}

// An Environment is the process's, as in os.Environ.
type Environment []string

func (e Environment) Get(name string) string {
	for _, kv := range e {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// home is path with the user's directory in the place of ~.
func (e Environment) home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && e.Get("HOME") != "" {
		return filepath.Join(e.Get("HOME"), rest)
	}
	return path
}

// PushMsg puts a screen on top: an answer that is a question.
type PushMsg struct {
	Screen Screen
	Origin *Origin // of the action that it answers; nil: it is not an answer to one
}

func (msg PushMsg) Signed(o *Origin) tea.Msg {
	msg.Origin = o
	return msg
}

// OfferMsg puts a screen on top of the one that asked for it, if the user is still there.
type OfferMsg struct{ Over, Screen Screen }

// Save writes a body to a new file. Where there is one already it asks.
func (a *Runner) Save(path string, body []byte) tea.Cmd {
	return a.SaveAs(path, body, style.Plural(int64(len(body)), "byte"), "")
}

// SaveAs is save of what has a name in the sentence that follows, and a command that does
// the same.
func (a *Runner) SaveAs(path string, body []byte, what, command string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		path := a.Env.home(path)
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return PushMsg{Screen: &Menu{
				HelpName: "overwrite", Title: visible.Line(path) + " already exists", Verb: "choose",
				Choices: []Choice{{Key: "n", Text: "keep it", Note: "nothing is written"}, {Key: "o", Text: "overwrite it", Note: "its contents are lost"}},
				Take: func(i int) tea.Cmd {
					if i == 0 {
						return ResultCmd("not saved: "+path+" was not changed", true)
					}
					return a.Cmd(func() tea.Msg { return saved(path, what, command, os.WriteFile(path, body, 0o600)) })
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
		return ResultMsg{Text: fmt.Sprintf("save: %s", Plain(err))}
	}
	return ResultMsg{Text: fmt.Sprintf("saved %s to %s", what, path), Ok: true, Command: command}
}

// onTerminal gives a program the terminal until it ends.
func onTerminal(name string, c *exec.Cmd) tea.Cmd {
	return Exclusive(c, func(err error) tea.Msg {
		if err != nil {
			return ResultMsg{Text: fmt.Sprintf("%s: %s", name, Plain(err))}
		}
		return nil
	})
}

// Pager shows a body in $PAGER: laid out where it is JSON, and harmless to the
// terminal in any case.
func (a *Runner) Pager(body []byte) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		args := strings.Fields(a.Env.Get("PAGER"))
		if len(args) == 0 {
			args = []string{"less"}
			if _, err := exec.LookPath("less"); err != nil {
				args = []string{"more"}
			}
		}
		var text bytes.Buffer
		v := visible.NewWriter(&text)
		if doc, err := jsontree.Parse(body); err == nil {
			_, _ = doc.Layout(v) // a Buffer takes all
		} else {
			_, _ = v.Write(body)
		}
		_ = v.Close()
		text.WriteByte('\n')
		cmd := exec.CommandContext(a.Ctx, args[0], args[1:]...)
		cmd.Env = a.Env
		cmd.Stdin = &text
		return onTerminal(args[0], cmd)()
	})
}

// Pipe gives a body's exact bytes to a shell command, which has the terminal until
// it has ended and enter was pressed. What it writes is the command's own affair, as
// behind hfhook show --raw in a shell, which is the command same.
func (a *Runner) Pipe(command string, body []byte, same string) tea.Cmd {
	if strings.TrimSpace(command) == "" {
		return nil
	}
	args := []string{"sh", "-c", command}
	if runtime.GOOS == "windows" {
		args = []string{"cmd", "/c", command}
	}
	cmd := exec.CommandContext(a.Ctx, args[0], args[1:]...)
	cmd.Env = a.Env
	cmd.Stdin = bytes.NewReader(body)
	return tea.Exec(&piped{ctx: a.Ctx, Cmd: cmd}, func(err error) tea.Msg {
		if err != nil {
			return ResultMsg{Text: fmt.Sprintf("%s: %s", command, Plain(err))}
		}
		return ResultMsg{Text: fmt.Sprintf("%s took %s", command, style.Plural(int64(len(body)), "byte")), Ok: true, Command: same}
	})
}

// piped is a command whose output stays in sight until enter is pressed.
type piped struct {
	*exec.Cmd
	ctx      context.Context
	terminal io.Reader
}

func (c *piped) SetStdin(r io.Reader) { c.terminal = terminalOf(r) }

func (c *piped) SetStdout(w io.Writer) { c.Stdout = w }

func (c *piped) SetStderr(w io.Writer) { c.Stderr = w }

// Run runs the command. That it leaves some of its input unread is not a failure.
func (c *piped) Run() error {
	err := c.Cmd.Run()
	if c.ProcessState != nil && c.ProcessState.Success() {
		err = nil
	}
	said := "done"
	if err != nil {
		said = Plain(err)
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

// browser is the command that opens a page, nil if there is none: over SSH, or
// on a machine without a screen.
func (e Environment) browser(page string) []string { return e.browserOn(runtime.GOOS, page) }

// browserOn is browser on a system, which is named as GOOS has it.
func (e Environment) browserOn(system, page string) []string {
	if b, _, _ := strings.Cut(e.Get("BROWSER"), ":"); b != "" {
		args := strings.Fields(b)
		for i, arg := range args {
			if strings.Contains(arg, "%s") {
				args[i] = strings.ReplaceAll(arg, "%s", page)
				return args
			}
		}
		return append(args, page)
	}
	switch {
	case system == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", page}
	case e.Get("SSH_TTY") != "" || e.Get("SSH_CONNECTION") != "":
		return nil
	case system == "darwin":
		return []string{"open", page}
	case e.Get("DISPLAY") != "" || e.Get("WAYLAND_DISPLAY") != "":
		return []string{"xdg-open", page}
	}
	return nil
}

// Browse opens a page, or says its address where nothing here can. command does the same
// from a shell; it may be empty.
func (a *Runner) Browse(page, command string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		args := a.Env.browser(page)
		if len(args) == 0 {
			return ResultMsg{Text: page, Ok: true, Stays: true, Command: command}
		}
		if slices.Contains(textBrowsers, filepath.Base(args[0])) {
			cmd := exec.CommandContext(a.Ctx, args[0], args[1:]...)
			cmd.Env = a.Env
			return onTerminal(args[0], cmd)()
		}
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = a.Env
		if err := cmd.Start(); err != nil {
			return ResultMsg{Text: page, Ok: true, Stays: true, Command: command}
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }() // it may be the browser itself, which outlives hfhook
		select {
		case err := <-ended:
			if err != nil {
				return ResultMsg{Text: page, Ok: true, Stays: true, Command: command}
			}
		case <-time.After(browserTime):
		case <-a.Ctx.Done():
		}
		return ResultMsg{Text: "opened " + page, Ok: true, Command: command}
	})
}
