// Package port reports what listens on this machine's TCP ports, so that somebody can see a
// handler come, go, and be another one, without bothering it.
//
//	id, ok := port.Listener("127.0.0.1:8000")
package port

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Tried is the id of what was found by a connection.
const Tried = "tried"

// Listener reports whether something takes connections at an address of this machine, and
// which socket that is: another id is another listener, so the program has been started
// again. Where the system does not tell (anywhere but on Linux) a connection is tried, and
// the id is Tried.
func Listener(address string) (id string, ok bool) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", false
	}
	if id, ok, known := listed(host, uint16(number)); known {
		return id, ok
	}
	return tried(address)
}

// tried connects, and says nothing.
func tried(address string) (id string, ok bool) {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return "", false
	}
	_ = conn.Close()
	return Tried, true
}

func reachable(host, port string) bool {
	_, ok := tried(net.JoinHostPort(host, port))
	return ok
}

// Free reports whether a program could listen at each of the addresses, which are of this
// machine. An address that the machine does not have, for example ::1 without IPv6, does not count.
func Free(addresses ...string) bool {
	for _, address := range addresses {
		if _, ok := Listener(address); ok {
			return false
		}
		ln, err := net.Listen("tcp", address)
		if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
			continue
		}
		if err != nil || ln.Close() != nil {
			return false
		}
	}
	return true
}

// meant reports whether a connection to host can reach what listens at ip.
func meant(host string, ip netip.Addr) bool {
	if ip.IsUnspecified() {
		return true
	}
	if strings.EqualFold(host, "localhost") {
		return ip.IsLoopback()
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap() == ip.Unmap()
}
