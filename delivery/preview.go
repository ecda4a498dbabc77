package delivery

import (
	"slices"
	"strconv"

	"hfhook/event"
	"hfhook/internal/redact"
)

// Preview returns the attempt n that a replay of the event to the target would be, as
// far as that is known before it is made: URL and request headers, the secret masked.
// Nothing is sent or recorded.
func (d *Dispatcher) Preview(e *event.Event, t Target, n int) event.Delivery {
	header := outgoing(e, event.Replay, n)
	t.Guise.apply(header)
	if _, known := d.opts.Secret(); known && d.sender.mayKnow(t) {
		header.Set(secretHeader, redact.Mark)
	}
	header.Set("Host", t.URL.Host)
	header.Set("Content-Length", strconv.Itoa(len(e.Body)))
	sent := fields(header)
	return event.Delivery{
		Event: e.ID, N: n, Kind: event.Replay, Target: t.Name, URL: t.For(e),
		RequestHeader: slices.DeleteFunc(sent, func(f event.Field) bool { return f.Name == "User-Agent" && f.Value == "" }),
	}
}
