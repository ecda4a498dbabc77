//go:build unix

package process

import (
	"errors"
	"syscall"
)

// Alive reports whether there is a process with this id, whoever it belongs to.
func Alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
