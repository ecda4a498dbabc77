package cli

// The address of --addr: where hfhook dev listens on this machine.

import (
	"fmt"
	"net"
	"strconv"

	"github.com/spf13/pflag"
)

func addAddrFlag(p *program, f *pflag.FlagSet, usage string) {
	p.settings.addr = defaultAddr
	f.Var((*addrValue)(&p.settings.addr), "addr", usage)
}

// An addrValue is a host:port. A port alone is one of this machine.
type addrValue string

func (v *addrValue) String() string { return string(*v) }

func (v *addrValue) Set(text string) error {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = "127.0.0.1", text
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("want host:port, such as %s, or a port", defaultAddr)
	}
	*v = addrValue(net.JoinHostPort(host, port))
	return nil
}

func (*addrValue) Type() string { return "string" }
