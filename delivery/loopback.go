package delivery

// Ports of this machine. One may be served on 127.0.0.1, on ::1, as by a Node handler that
// listens on localhost, or on both, by different programs.

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// loopbackHosts are the addresses at which a port of this machine is looked for, in order.
var loopbackHosts = []string{"127.0.0.1", "::1"}

// isLocalhost reports whether a host is a name of this machine: localhost, or one below it.
// Such a name is never looked up, as RFC 6761 has it: a resolver may say otherwise.
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

// A localDialer keeps for each port of this machine the address that took a connection first
// in this run. The other one is not tried any more: while the handler restarts, another
// program there would get payload and secret. It may be used by several goroutines at once.
type localDialer struct {
	mu   sync.Mutex
	kept map[string]string // host, by port
}

// hosts are where a port is looked for now.
func (l *localDialer) hosts(port string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if host, ok := l.kept[port]; ok {
		return []string{host}
	}
	return loopbackHosts
}

// keep keeps an address, unless there is one, and returns the one that is kept.
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

// replace keeps an address in place of another one.
func (l *localDialer) replace(port, host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil {
		l.kept = map[string]string{}
	}
	l.kept[port] = host
}

// dial connects to a port of this machine. If that fails everywhere, it is the failure at
// the first address that counts.
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

// dialAsLocalhost has a request to a port at 127.0.0.1 go where the port is. Its Host stays.
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

// addresses are where a target is looked for now, each a host:port; none for a command.
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

// Addresses are where a target is looked for now, each a host:port: a port of this machine
// at 127.0.0.1 and ::1 until it has taken a connection, then there alone. A command has none.
func (d *Dispatcher) Addresses(t Target) []string { return d.sender.local.addresses(t) }

// Settle says where the program listens that a target on this machine is: address is one
// of those that [Target.Addresses] returns.
func (d *Dispatcher) Settle(address string) {
	if host, port, err := net.SplitHostPort(address); err == nil {
		d.sender.local.replace(port, host)
	}
}

// Addresses are where a target may be, each a host:port; a command has none.
func (t Target) Addresses() []string { return new(localDialer).addresses(t) }
