package event_test

import (
	"testing"
	"time"

	"hfhook/event"
)

func TestSentAt(t *testing.T) {
	t.Parallel()
	received := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for id, want := range map[string]string{
		"6a22e9f0e30d9209411de93b":             "2026-06-05T15:23:28Z",
		"019358f3-a000-7abc-8def-0123456789ab": "2024-11-23T12:16:21Z",
		"01JD4X7M9C8Q2R5T7V9WABCDEF":           "2024-11-20T13:47:18Z",
		"b1946ac92492d2347c6235b4":             "", // in 2064
		"00000000e30d9209411de93b":             "",
		"3c1f7f9e-5a53-4b1c-9d3e-0123456789ab": "", // version 4 has no time
		"":                                     "",
		"constructed.json":                     "",
	} {
		e := &event.Event{Capture: event.Capture{DeliveryID: id, Received: received}}
		at, ok := e.SentAt()
		got := ""
		if ok {
			got = at.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q was sent at %q, want %q", id, got, want)
		}
	}
}
