package delivery

import (
	"net"
	"syscall"
)

// acknowledgeAtOnce has the kernel acknowledge what the handler sends next without
// the usual wait for company. A handler that writes the head and the body of its
// answer one after the other, as Python's http.server does, holds the body back
// until the head is acknowledged, which on a kept connection takes 40 ms: they would
// be counted as the handler's. The kernel forgets the option with the next write.
func acknowledgeAtOnce(conn net.Conn) {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := socket.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			// Where it can't be had the answer only comes later.
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
		})
	}
}
