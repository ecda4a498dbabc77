package cli

// Where a handler may listen that is not where it was looked for.

import (
	"net"
	"strings"

	"hfhook/delivery"
	"hfhook/internal/port"
)

// maxServices is how many places a message names.
const maxServices = 4

// otherServices is what else listens on this machine for its user, if a target that takes no
// connection is on this machine, too.
func otherServices(t delivery.Target) []port.Service {
	if t.Command != nil || !t.Loopback() {
		return nil
	}
	_, number, _ := net.SplitHostPort(t.Address())
	return port.Services(number)
}

// tryPorts is what to try if a handler did not take the connection, and these programs
// listen. With is how another target is named.
func tryPorts(services []port.Service, with string) string {
	var names []string
	for _, s := range services[:min(len(services), maxServices)] {
		names = append(names, s.String())
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return with + names[0] + ": that port takes connections"
	}
	return with + strings.Join(names, " or ") + ": these ports take connections"
}
