package delivery

// Ports of this machine. A port may be served on 127.0.0.1, on ::1 (for example by a Node
// handler that listens on localhost), or on both by different programs.

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// loopbackHosts are the addresses at which a port of this machine is tried, in order.
var loopbackHosts = []string{"127.0.0.1", "::1"}

// isLocalhost reports whether a host is a name of this machine: localhost, or a name below it.
// Such a name is never looked up, as RFC 6761 demands: a resolver might say otherwise.
func isLocalhost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func loopback(host string) bool {
	if isLocalhost(host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// A localDialer remembers for each port of this machine the address that accepted a connection
// first in this run, and tries no other from then on: while the handler restarts, another
// program there would get payload and secret. It is safe for concurrent use.
type localDialer struct {
	mu   sync.Mutex
	kept map[string]string // host, by port
}

// hosts returns where a port is tried now.
func (l *localDialer) hosts(port string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if host, ok := l.kept[port]; ok {
		return []string{host}
	}
	return loopbackHosts
}

// keep remembers an address, unless one is remembered already, and returns the remembered one.
func (l *localDialer) keep(port, host string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if first, ok := l.kept[port]; ok {
		return first
	}
	if l.kept == nil {
		l.kept = map[string]string{}
	}
	l.kept[port] = host
	return host
}

// replace remembers an address in place of another one.
func (l *localDialer) replace(port, host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil {
		l.kept = map[string]string{}
	}
	l.kept[port] = host
}

// dial connects to a port of this machine. If all addresses fail, it returns the error of the
// first.
func (l *localDialer) dial(ctx context.Context, network, port string) (net.Conn, error) {
	var failed error
	for _, host := range l.hosts(port) {
		conn, err := new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(host, port))
		if err == nil {
			if first := l.keep(port, host); first != host { // another attempt was faster
				_ = conn.Close()
				return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(first, port))
			}
			return conn, nil
		}
		failed = cmp.Or(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// dialAsLocalhost sends requests for a port at 127.0.0.1 to the address that serves it. The
// Host header stays.
func dialAsLocalhost(r *http.Request) {
	r.Host, r.URL.Host = r.URL.Host, net.JoinHostPort("localhost", r.URL.Port())
}

// dialAddress is dial for a transport: it connects to an address.
func (l *localDialer) dialAddress(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && isLocalhost(host) {
		return l.dial(ctx, network, port)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// addresses returns where a target is tried now, each a host:port; none for a command.
func (l *localDialer) addresses(t Target) []string {
	switch {
	case t.Command != nil:
		return nil
	case !t.Bare && !isLocalhost(t.URL.Hostname()):
		return []string{t.Address()}
	}
	_, port, _ := net.SplitHostPort(t.Address())
	var all []string
	for _, host := range l.hosts(port) {
		all = append(all, net.JoinHostPort(host, port))
	}
	return all
}

// Addresses returns where a target is tried now, each a host:port: a port of this machine at
// 127.0.0.1 and ::1 until it has accepted a connection, then only there. It is empty for a
// command.
func (d *Dispatcher) Addresses(t Target) []string { return d.sender.local.addresses(t) }

// Settle fixes the address of a target on this machine, one of those that [Target.Addresses]
// returns.
func (d *Dispatcher) Settle(address string) {
	if host, port, err := net.SplitHostPort(address); err == nil {
		d.sender.local.replace(port, host)
	}
}

// Addresses returns where a target may be, each a host:port; it is empty for a command.
func (t Target) Addresses() []string { return new(localDialer).addresses(t) }
