//go:build unix

package crash

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"

	"github.com/mattn/go-isatty"
	"golang.org/x/sys/unix"
)

// script is what the shell runs. Its input ends, with nothing in it, if there was no
// crash. The terminal is given back after the first line, before the rest is read: the
// runtime waits for that, since what it writes to holds a line or two, so the process is
// there still and no other program has begun to use the terminal. What it says goes on to
// the standard error.
const script = `
trap '' INT QUIT TERM HUP TSTP TTIN TTOU
IFS= read -r first || exit 0
printf '` + leave + `'
stty "$1" <&1
printf '%s\n' "$2"
printf '%s\n' "$first" >&2
exec cat >&2
`

// leave takes back what a program on the whole screen asks of a terminal: reports of the
// mouse, the focus and pastes, other keys, drawing at once, colours, and no cursor.
const leave = `\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l\033[?2004l\033[>4m\033[<1u\033[?2026l\033[0m\033[?1049l\033[?25h\r`

func guard(terminal, log *os.File, say string) (undo func(), err error) {
	get := exec.Command("stty", "-g")
	get.Stdin = terminal
	was, err := get.Output()
	if err != nil {
		return nil, fmt.Errorf("look at the terminal: %w", err)
	}
	ours, theirs, err := tight()
	if err != nil {
		return nil, fmt.Errorf("connect to the shell: %w", err)
	}
	defer ours.Close()
	defer theirs.Close()
	shell := exec.Command("/bin/sh", "-c", script, "hfhook-crash", string(bytes.TrimSpace(was)), say)
	shell.Env = []string{"PATH=" + os.Getenv("PATH")}
	shell.Stdin, shell.Stdout = theirs, terminal
	if !isatty.IsTerminal(2) {
		shell.Stderr = log // the process writes the reason elsewhere itself
	}
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that what ends or stops the process does not end or stop it
	if err := debug.SetCrashOutput(ours, debug.CrashOptions{}); err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err // the caller gives the crash another output
	}
	back := divert(log)
	return func() {
		back()
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{}) // is the end of what the shell reads
		_ = shell.Wait()
	}, nil
}

// tight is a connection that holds as little as the system allows.
func tight() (ours, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, err
	}
	syscall.CloseOnExec(fds[0])
	syscall.CloseOnExec(fds[1])
	_ = syscall.SetsockoptInt(fds[0], syscall.SOL_SOCKET, syscall.SO_SNDBUF, 1) // else the shell has to be fast
	return os.NewFile(uintptr(fds[0]), "crash"), os.NewFile(uintptr(fds[1]), "crash"), nil
}

// divert sends the standard error, where that is a terminal, to log. os.Stderr is the
// terminal still.
func divert(log *os.File) (back func()) {
	if !isatty.IsTerminal(2) {
		return func() {}
	}
	kept, err := unix.FcntlInt(2, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil || unix.Dup2(int(log.Fd()), 2) != nil {
		return func() {}
	}
	before := os.Stderr
	os.Stderr = os.NewFile(uintptr(kept), before.Name())
	return func() {
		_ = unix.Dup2(kept, 2)
		_ = os.Stderr.Close()
		os.Stderr = before
	}
}
