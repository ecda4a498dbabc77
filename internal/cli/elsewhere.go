package cli

// Where a handler may listen that is not where it was looked for.

import (
	"context"
	"slices"
	"strings"
	"time"

	"hfhook/delivery"
)

// elsewhere are those of the ports that handlers commonly have on this machine which take
// connections, where a target that takes none is on this machine, too. A hfhook dev is no
// handler.
func elsewhere(ctx context.Context, t delivery.Target) []string {
	if t.Command != nil || !t.Loopback() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return slices.DeleteFunc(delivery.Listening(ctx, t.URL.Port()), func(port string) bool {
		return answersAsHfhook(ctx, "127.0.0.1:"+port) == nil
	})
}

// tryElsewhere is what to try where a handler did not take the connection, and these ports
// do. With is how another target is named.
func tryElsewhere(ports []string, with string) string {
	switch len(ports) {
	case 0:
		return ""
	case 1:
		return with + ports[0] + ": that port takes connections"
	}
	return with + strings.Join(ports, " or ") + ": these ports take connections"
}
