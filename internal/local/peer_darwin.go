package local

import (
	"cmp"
	"net"

	"golang.org/x/sys/unix"
)

// peerUser is the user of the other end of a connection, if the system tells.
func peerUser(conn net.Conn) (uid int, known bool, err error) {
	unixConn, ok := conn.(*net.UnixConn)
	if !ok {
		return 0, false, nil
	}
	raw, err := unixConn.SyscallConn()
	if err != nil {
		return 0, false, err
	}
	var cred *unix.Xucred
	var got error
	if err := raw.Control(func(fd uintptr) {
		cred, got = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	}); err != nil || got != nil {
		return 0, false, cmp.Or(err, got)
	}
	return int(cred.Uid), true, nil
}
