package event

import (
	"cmp"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Advice says what to do about an answer if the answer itself makes that clear: a redirect, or
// a 401 or 403 from a target that was sent no secret. It is one sentence, and empty for any
// other answer.
func (d *Delivery) Advice() string { return cmp.Or(d.Redirect(), d.noSecret()) }

// noSecret is the advice about a target that rejects requests without a secret.
func (d *Delivery) noSecret() string {
	if d.State != Done || d.Command() || d.Status != http.StatusUnauthorized && d.Status != http.StatusForbidden {
		return ""
	}
	if slices.ContainsFunc(d.RequestHeader, func(f Field) bool { return strings.EqualFold(f.Name, SecretHeader) }) {
		return ""
	}
	u, err := url.Parse(d.URL)
	if err != nil || thisMachine(u.Hostname()) {
		return ""
	}
	return "no secret was sent: use --send-secret-to " + u.Hostname() + " (by default only this machine gets it)"
}

func thisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}
