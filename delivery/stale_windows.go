package delivery

import (
	"net"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var wsaPoll = windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")

// A pollfd is Winsock's WSAPOLLFD.
type pollfd struct {
	socket          uintptr
	events, revents int16
}

// stale reports whether an idle connection was closed by the other side, or has unexpected data
// to read. It takes nothing out of the socket and does not block.
func stale(conn net.Conn) bool {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	ready := false
	err = raw.Control(func(fd uintptr) {
		const readable = 0x0100 // POLLRDNORM
		poll := pollfd{socket: fd, events: readable}
		n, _, _ := wsaPoll.Call(uintptr(unsafe.Pointer(&poll)), 1, 0)
		ready = int32(n) > 0
	})
	return err != nil || ready
}
