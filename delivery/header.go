package delivery

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hfhook/event"
	"hfhook/internal/redact"
)

const (
	secretHeader = event.SecretHeader

	idHeader      = event.OwnHeaders + "Event-Id" // the same on every attempt of an event
	attemptHeader = event.OwnHeaders + "Attempt"  // number of the attempt at this target
	replayHeader  = event.OwnHeaders + "Replay"   // the same, on replays only
)

// outgoing returns the headers of an attempt: the event's and hfhook's own, without the secret.
// The target's own headers replace the event's.
func outgoing(e *event.Event, t Target, kind event.AttemptKind, n int) http.Header {
	h := make(http.Header, len(e.Header)+4+len(t.Header))
	for _, f := range e.Sent() {
		h[f.Name] = append(h[f.Name], f.Value)
	}
	for _, f := range t.Header {
		h.Del(f.Name)
	}
	for _, f := range t.Header {
		h.Add(f.Name, f.Value)
	}
	if h["User-Agent"] == nil {
		h["User-Agent"] = nil // present and empty: net/http sends none of its own
	}
	h.Set(idHeader, string(e.HandlerID()))
	h.Set(attemptHeader, strconv.Itoa(n))
	if kind == event.Replay {
		h.Set(replayHeader, strconv.Itoa(n))
	}
	return h
}

// masked hides values that a person has set for the target and that look like credentials: the
// record is kept and exported, and such a value is for the target only.
func masked(sent []event.Field, t Target) {
	for i, f := range sent {
		if credential(f.Name) && slices.ContainsFunc(t.Header, func(own event.Field) bool { return strings.EqualFold(own.Name, f.Name) }) {
			sent[i].Value = redact.Mark
		}
	}
}

// credential reports whether the name of a header or variable suggests that its value is a
// credential.
func credential(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"auth", "cookie", "token", "secret", "password", "key", "credential"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

// fields lists headers by name; the values of one name keep their order.
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
