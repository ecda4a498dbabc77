package dev

import (
	"crypto/sha256"
	"strconv"
	"time"

	"hfhook/event"
	"hfhook/payload"
)

// Synthetic returns an event as if it had been posted to a session at this path. It is not
// recorded yet, so it has no ID. If delivery is given, it is the Webhook-Id of an earlier
// event.
func Synthetic(path string, body []byte, delivery string) *event.Event {
	if delivery == "" {
		delivery = event.NewDeliveryID()
	}
	made := &event.Event{Capture: event.Capture{
		Received: time.Now(), Method: "POST", Path: path, Proto: "HTTP/1.1",
		Header: []event.Field{
			{Name: "Content-Length", Value: strconv.Itoa(len(body))}, {Name: "Content-Type", Value: "application/json"},
			{Name: "User-Agent", Value: "hfhook"}, {Name: "Webhook-Id", Value: delivery},
		},
		Body: body, SHA256: sha256.Sum256(body), Origin: event.Synthetic, DeliveryID: delivery,
	}}
	made.Payload, made.Warnings = payload.ParseLenient(body)
	return made
}
