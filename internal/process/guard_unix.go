//go:build unix

package process

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// Guard has the program and its group killed also where this process ends without doing
// so itself, as by a SIGKILL, until release is called. It takes a process more.
func (p *Process) Guard() (release func(), err error) {
	life, end, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	// The shell reads until the other end is closed, which the system does for a process
	// that has ended.
	guard := exec.Command("/bin/sh", "-c", `read -r _; kill -s KILL -- "-$0"`, strconv.Itoa(p.group.id))
	guard.Stdin, guard.Env = life, []string{}
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // ctrl+c is not meant for it
	err = guard.Start()
	_ = life.Close()
	if err != nil {
		_ = end.Close()
		return nil, fmt.Errorf("guard the program: %w", err)
	}
	return func() {
		_ = guard.Process.Kill()
		_ = guard.Wait()
		_ = end.Close()
	}, nil
}
