//go:build !linux && !darwin

package local

import "net"

// peerUser is the user of the other end of a connection, which hfhook cannot find out here: the
// mode of the socket and of its directory keep others away.
func peerUser(net.Conn) (uid int, known bool, err error) { return 0, false, nil }
