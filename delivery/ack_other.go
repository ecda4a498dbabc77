//go:build !linux

package delivery

import "net"

// acknowledgeAtOnce does something on Linux only.
func acknowledgeAtOnce(net.Conn) {}
