package event

// The headers of a request: who set them, and which of them hold the secret.

import (
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// SecretHeader is the header in which the Hub sends a webhook's secret:
// https://huggingface.co/docs/hub/webhooks#webhook-secret.
const SecretHeader = "X-Webhook-Secret"

// OwnHeaders is how the names of the headers begin that hfhook adds.
const OwnHeaders = "X-Hfhook-"

// edgeHeaders are added on the way from the Hub by tunnels and proxies. One that
// ends in a hyphen stands for all that begin so.
//
// Sources: https://ngrok.com/docs (X-Forwarded-*, Ngrok-*),
// https://developers.cloudflare.com/fundamentals/reference/http-headers (Cf-*,
// Cdn-Loop, True-Client-Ip), RFC 7239 (Forwarded), RFC 9110 (Via).
var edgeHeaders = []string{
	"Cdn-Loop", "Cf-", "Forwarded", "Ngrok-", "Tailscale-", "True-Client-Ip", "Via",
	"X-Client-Ip", "X-Forwarded-", "X-Original-Forwarded-", "X-Real-Ip",
}

// hopHeaders are about one connection or one message on it, and not about what is
// sent: RFC 9110, section 7.6.1. Host, Content-Length and Expect are made again.
var hopHeaders = []string{
	"Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// Edge reports whether a header was added on the way from the Hub, by a tunnel or a
// proxy, rather than sent by it. Letter case does not matter.
func Edge(name string) bool { return listed(edgeHeaders, textproto.CanonicalMIMEHeaderKey(name)) }

func listed(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return n == name || strings.HasSuffix(n, "-") && strings.HasPrefix(name, n)
	})
}

// Reserved reports whether a header is made for each request, or says something of
// hfhook's own, so that nobody else can set it. Letter case does not matter.
func Reserved(name string) bool {
	name = textproto.CanonicalMIMEHeaderKey(name)
	return listed(hopHeaders, name) || name == SecretHeader || strings.HasPrefix(name, OwnHeaders)
}

// Sent returns the header lines that its sender gave the event and that are about
// its content: not those of the edge or of one connection, nor hfhook's own, nor the
// secret. The names are in their canonical form.
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

// Original returns the header lines of Sent, in the spelling in which they are recorded,
// and among them those of Host and Content-Length, which say where they stood.
func (e *Event) Original() []Field {
	var named []string // by Connection: they are about that connection, too
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

// WithoutSecret drops the parameter secret from a raw query and leaves the rest as
// it was written. The Hub sends it instead of the header where a webhook is set up
// so. Some servers take a semicolon for an ampersand.
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
