//go:build unix

package delivery

import (
	"net"
	"syscall"
)

// stale reports whether an idle connection was closed by the other side, or has unexpected data
// to read. It takes nothing out of the socket and does not block: a read that is under way
// continues.
func stale(conn net.Conn) bool {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = raw.Control(func(fd uintptr) {
		var b [1]byte
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		quiet = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK || err == syscall.EINTR
	})
	return err != nil || !quiet
}
