//go:build !unix

package delivery

import "net"

// stale cannot be told here without a wait: that net/http drops a connection once
// it has seen its end, and idleTimeout, have to do.
func stale(net.Conn) bool { return false }
