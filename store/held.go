package store

import "hfhook/event"

// Held is what waits for one target: live deliveries that were not sent.
type Held struct {
	Target string
	Events int
	Oldest event.ID
}
