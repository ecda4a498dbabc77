package dev

import (
	"crypto/sha256"
	"strconv"
	"time"

	"hfhook/event"
	"hfhook/payload"
)

// Synthetic is an event as one that was posted to a session at this path, not recorded
// yet, and so without an ID. Its delivery is that of an earlier one where that is given.
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
