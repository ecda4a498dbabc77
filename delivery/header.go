package delivery

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hfhook/event"
)

const (
	secretHeader = event.SecretHeader

	idHeader      = event.OwnHeaders + "Event-Id" // the same on every attempt of an event
	attemptHeader = event.OwnHeaders + "Attempt"  // number of the attempt
	replayHeader  = event.OwnHeaders + "Replay"   // number of the attempt, on replays only
)

// outgoing is what an attempt sends of an event's headers, and hfhook's own. The
// secret is not among them.
func outgoing(e *event.Event, kind event.Kind, n int) http.Header {
	h := make(http.Header, len(e.Header)+4)
	for _, f := range e.Sent() {
		h[f.Name] = append(h[f.Name], f.Value)
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
