package event

// The headers of a request: who set them, and which of them contain the secret.

import (
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// SecretHeader is the header in which the Hub sends a webhook's secret:
// https://huggingface.co/docs/hub/webhooks#webhook-secret.
const SecretHeader = "X-Webhook-Secret"

// OwnHeaders is the prefix of the headers that hfhook adds.
const OwnHeaders = "X-Hfhook-"

// edgeHeaders are added between the Hub and hfhook by tunnels and proxies. A name that ends in
// a hyphen is a prefix.
//
// Sources: https://ngrok.com/docs (X-Forwarded-*, Ngrok-*),
// https://developers.cloudflare.com/fundamentals/reference/http-headers (Cf-*, Cdn-Loop,
// True-Client-Ip), RFC 7239 (Forwarded), RFC 9110 (Via).
var edgeHeaders = []string{
	"Cdn-Loop", "Cf-", "Forwarded", "Ngrok-", "Tailscale-", "True-Client-Ip", "Via",
	"X-Client-Ip", "X-Forwarded-", "X-Original-Forwarded-", "X-Real-Ip",
}

// hopHeaders belong to one connection or one message on it, not to the content: RFC 9110,
// section 7.6.1. Host, Content-Length and Expect are set again for each request.
var hopHeaders = []string{
	"Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// Edge reports whether a header was added by a tunnel or a proxy, rather than sent by the Hub.
// Letter case does not matter.
func Edge(name string) bool { return listed(edgeHeaders, textproto.CanonicalMIMEHeaderKey(name)) }

func listed(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return n == name || strings.HasSuffix(n, "-") && strings.HasPrefix(name, n)
	})
}

// Reserved reports whether hfhook sets this header itself for each request, so that nobody else
// can set it. Letter case does not matter.
func Reserved(name string) bool {
	name = textproto.CanonicalMIMEHeaderKey(name)
	return listed(hopHeaders, name) || name == SecretHeader || strings.HasPrefix(name, OwnHeaders)
}

// Sent returns the header lines that the sender set and that describe the content: no headers
// of tunnels, of the connection or of hfhook, and not the secret. The names are in their
// canonical form.
func (e *Event) Sent() []Field {
	var sent []Field
	for _, f := range e.Original() {
		name := textproto.CanonicalMIMEHeaderKey(f.Name)
		if !listed(hopHeaders, name) {
			sent = append(sent, Field{Name: name, Value: f.Value})
		}
	}
	return sent
}

// Original returns the header lines of Sent with their recorded spelling, and Host and
// Content-Length in their original positions.
func (e *Event) Original() []Field {
	var named []string // named by Connection: they belong to that connection, too
	for _, value := range e.Values("Connection") {
		for name := range strings.SplitSeq(value, ",") {
			named = append(named, textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)))
		}
	}
	var sent []Field
	for _, f := range e.Header {
		name := textproto.CanonicalMIMEHeaderKey(f.Name)
		placed := name == "Host" || name == "Content-Length"
		if Edge(name) || listed(hopHeaders, name) && !placed || slices.Contains(named, name) ||
			name == SecretHeader || strings.HasPrefix(name, OwnHeaders) {
			continue
		}
		sent = append(sent, f)
	}
	return sent
}

// WithoutSecret removes the parameter secret from a raw query and leaves the rest as it was
// written. The Hub sends the secret there instead of in the header if a webhook is configured
// so. Some servers treat a semicolon like an ampersand.
func WithoutSecret(query string) string {
	var kept strings.Builder
	for first, separator := true, ""; ; {
		part, rest, next := query, "", ""
		if end := strings.IndexAny(query, "&;"); end >= 0 {
			part, next, rest = query[:end], query[end:end+1], query[end+1:]
		}
		name, _, _ := strings.Cut(part, "=")
		if decoded, err := url.QueryUnescape(name); err != nil || decoded != "secret" {
			if !first {
				kept.WriteString(separator)
			}
			kept.WriteString(part)
			first = false
		}
		if next == "" {
			return kept.String()
		}
		query, separator = rest, next
	}
}
