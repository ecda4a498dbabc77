package delivery

import (
	"slices"
	"strconv"

	"hfhook/event"
	"hfhook/internal/redact"
)

// notYet stands for an id that is assigned with the attempt.
const notYet = "(new)"

// Preview returns the attempt that a replay of the event to the target would make after the
// earlier ones, as far as that is known: numbers, URL and request headers, or the environment
// of a command, with the secret masked. Nothing is sent or recorded.
func (d *Dispatcher) Preview(e *event.Event, t Target, earlier []event.Delivery) event.Delivery {
	preview := further(e, t, earlier)
	if t.ReplayAs.New || t.ReplayAs.NewEventID {
		preview.SentID = notYet
	}
	if t.ReplayAs.New {
		preview.SentDeliveryID = notYet
	}
	_, known := d.opts.Secret(t.Name)
	if t.Command != nil {
		preview.RequestHeader = variables(e, t, &preview, redact.Mark, known && d.sender.mayKnow(t)).fields()
		return preview
	}
	if t.ReplayAs.Exact {
		secret := ""
		if known && d.sender.mayKnow(t) {
			secret = redact.Mark
		}
		preview.RequestHeader = exactHeader(e, t, secret)
		return preview
	}
	header := outgoing(e, t, event.Replay, preview.Attempt)
	t.ReplayAs.apply(header, &preview)
	if known && d.sender.mayKnow(t) {
		header.Set(secretHeader, redact.Mark)
	}
	header.Set("Host", t.URL.Host)
	header.Set("Content-Length", strconv.Itoa(len(e.Body)))
	sent := fields(header)
	preview.RequestHeader = slices.DeleteFunc(sent, func(f event.Field) bool { return f.Name == "User-Agent" && f.Value == "" })
	masked(preview.RequestHeader, t)
	return preview
}
