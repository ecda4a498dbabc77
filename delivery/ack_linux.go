package delivery

import (
	"net"
	"syscall"
)

// acknowledgeAtOnce makes the kernel acknowledge the handler's next data without delay. A
// handler that writes the head and the body of its answer separately, as Python's http.server
// does, holds the body back until the head is acknowledged, which takes 40 ms on a kept
// connection and would be counted as the handler's time. The kernel forgets the option with the
// next write.
func acknowledgeAtOnce(conn net.Conn) {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := socket.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			// If the option cannot be set, the answer only arrives later.
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
		})
	}
}
