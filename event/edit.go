package event

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"hfhook/payload"
)

// Edited returns an event that has another body, and all else that a target gets as e
// has it. It is a new one, made at the given time, and not recorded yet; e is its
// parent, and does not change. A body that is no payload is taken all the same: what can
// be read of it is in Payload, and what is wrong with it in Warnings.
func (e *Event) Edited(body []byte, at time.Time) *Event {
	made := &Event{
		Received: at,
		Method:   e.Method,
		Path:     e.Path,
		Query:    e.Query,
		Proto:    e.Proto,
		Header:   make([]Field, len(e.Header)),
		Body:     body,
		SHA256:   sha256.Sum256(body),
		Origin:   FromEdit,
		Parent:   e.ID,
		// No delivery of the Hub's, so no DeliveryID.
	}
	for i, f := range e.Header {
		if strings.EqualFold(f.Name, "Content-Length") {
			f.Value = strconv.Itoa(len(body))
		}
		made.Header[i] = f
	}
	made.Payload, made.Warnings = payload.ParseLenient(body)
	return made
}
