package delivery

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hfhook/event"
)

const (
	secretHeader = "X-Webhook-Secret" // https://huggingface.co/docs/hub/webhooks

	idHeader      = "X-Hfhook-Event-Id" // the same on every attempt of an event
	attemptHeader = "X-Hfhook-Attempt"  // number of the attempt
	replayHeader  = "X-Hfhook-Replay"   // number of the attempt, on replays only
	ownHeaders    = "X-Hfhook-"
)

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
// sent: RFC 9110, section 7.6.1. Host, Content-Length and Expect are made anew.
var hopHeaders = []string{
	"Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// Edge tells whether a header was added on the way from the Hub, by a tunnel or a
// proxy, rather than sent by it. Letter case does not matter.
func Edge(name string) bool { return listed(edgeHeaders, http.CanonicalHeaderKey(name)) }

func listed(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return n == name || strings.HasSuffix(n, "-") && strings.HasPrefix(name, n)
	})
}

// outgoing is what an attempt sends of an event's headers, and hfhook's own. The
// secret is not among them.
func outgoing(e *event.Event, kind event.Kind, n int) http.Header {
	var named []string // by Connection: they are about that connection, too
	for _, value := range e.Values("Connection") {
		for name := range strings.SplitSeq(value, ",") {
			named = append(named, http.CanonicalHeaderKey(strings.TrimSpace(name)))
		}
	}
	h := make(http.Header, len(e.Header)+4)
	for _, f := range e.Header {
		name := http.CanonicalHeaderKey(f.Name)
		if Edge(name) || listed(hopHeaders, name) || slices.Contains(named, name) ||
			name == secretHeader || strings.HasPrefix(name, ownHeaders) {
			continue
		}
		h[name] = append(h[name], f.Value)
	}
	if h["User-Agent"] == nil {
		h["User-Agent"] = nil // present and empty: net/http sends none of its own
	}
	h.Set(idHeader, string(e.ID))
	h.Set(attemptHeader, strconv.Itoa(n))
	if kind == event.Replay {
		h.Set(replayHeader, strconv.Itoa(n))
	}
	return h
}

// fields lists headers by name, the values of one name in their order.
func fields(h http.Header) []event.Field {
	var list []event.Field
	for name, values := range h {
		for _, value := range values {
			list = append(list, event.Field{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(list, func(a, b event.Field) int { return strings.Compare(a.Name, b.Name) })
	return list
}
