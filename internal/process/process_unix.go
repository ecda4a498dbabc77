//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// prepare has the program lead a process group.
func prepare(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// A group is a process group, whose number is that of the process that leads it.
type group struct{ id int }

func (g *group) add(leader *os.Process) { g.id = leader.Pid }

func (g *group) ask() { _ = syscall.Kill(-g.id, syscall.SIGTERM) }

// kill ends all processes of the group; that there may be none is not a failure.
func (g *group) kill() { _ = syscall.Kill(-g.id, syscall.SIGKILL) }

func signalOf(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal().String()
	}
	return state.String()
}

// status is what a shell says of a program that a signal has ended.
func status(signal string) int {
	for n := syscall.Signal(1); n < 64; n++ {
		if n.String() == signal {
			return 128 + int(n)
		}
	}
	return 1
}
