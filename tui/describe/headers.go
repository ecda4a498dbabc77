package describe

// The headers of an event by who set them, for the screen and for hfhook show.

import (
	"slices"
	"strings"

	"hfhook/event"
)

// A HeaderGroup is the header lines that the same side set.
type HeaderGroup struct {
	Title string
	Lines []HeaderLine
}

// A HeaderLine is a header line as it came, and what to know about it. Of the secret there
// is not a value.
type HeaderLine struct {
	Name, Value, Note string
	Secret            bool
}

// Headers are the header lines of an event: of its sender, of tunnels and proxies on the
// way, and those that hfhook adds for a handler, as in the last of the deliveries. verified
// says that the event came with a right secret, and sent that handlers get one. ok is what
// stands behind "verified".
func Headers(e *event.Event, deliveries []event.Delivery, verified, sent bool, ok string) []HeaderGroup {
	own := e.Sent()
	var sender, way []HeaderLine
	for _, field := range e.Header {
		line := HeaderLine{Name: field.Name, Value: field.Value}
		switch {
		// The length is the sender's, too, although each request has one of its own.
		case strings.EqualFold(field.Name, "Content-Length"),
			slices.ContainsFunc(own, func(s event.Field) bool { return strings.EqualFold(s.Name, field.Name) }):
			sender = append(sender, line)
		default:
			way = append(way, line)
		}
	}
	from := "from the sender"
	if e.Origin == event.FromHub {
		from = "from the Hub"
	}
	if verified {
		value := "verified"
		if ok != "" {
			value += " " + ok
		}
		if e.Matched > 1 {
			value += " with the " + e.Secret() + " secret"
		}
		sender = append(sender, HeaderLine{Name: event.SecretHeader, Value: value, Note: "(not stored; put back from your config on replay)", Secret: true})
	}
	return []HeaderGroup{
		{from, sender},
		{"added in transit (not sent on replay)", way},
		{"sent to the handler", added(e, deliveries, sent)},
	}
}

// added are the header lines that a handler gets besides those of the sender: of the last
// attempt, or of the first one that there will be.
func added(e *event.Event, deliveries []event.Delivery, secret bool) []HeaderLine {
	var lines []HeaderLine
	if secret {
		lines = append(lines, HeaderLine{Name: event.SecretHeader, Note: "put back, for this machine only", Secret: true})
	}
	lines = append(lines, HeaderLine{Name: "X-Hfhook-Event-Id", Value: string(e.HandlerID()), Note: "same on every attempt: use as idempotency key"})
	attempt := HeaderLine{Name: "X-Hfhook-Attempt", Value: "1"}
	var replay []HeaderLine // absent on the first delivery
	if n := len(deliveries); n > 0 {
		for _, field := range deliveries[n-1].RequestHeader {
			switch strings.ToLower(field.Name) {
			case "x-hfhook-attempt":
				attempt.Value = field.Value
			case "x-hfhook-replay":
				replay = []HeaderLine{{Name: field.Name, Value: field.Value, Note: "of the last attempt"}}
			}
		}
	}
	return append(append(lines, attempt), replay...)
}
