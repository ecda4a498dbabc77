package tunnel

import (
	"net/netip"
	"net/url"
	"strings"
)

// Public reports whether others on the internet may be able to reach a URL: its host is neither
// this machine nor an address or name of a private network.
func Public(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	for _, local := range []string{"localhost", ".localhost", ".local", ".internal", ".home.arpa", ".lan"} {
		if host == local || strings.HasPrefix(local, ".") && strings.HasSuffix(host, local) {
			return false
		}
	}
	return strings.Contains(host, ".")
}
