//go:build unix

package tui

import (
	"os"
	"os/signal"
	"syscall"
)

const canSuspend = true

// stop stops the process's group, as ctrl+z does in a shell, until somebody continues it.
func stop() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	_ = syscall.Kill(0, syscall.SIGTSTP)
	<-continued
}
