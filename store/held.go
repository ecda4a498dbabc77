package store

import "hfhook/event"

// Held says what waits for one target: live deliveries that were not sent.
type Held struct {
	Target string
	Events int
	Oldest event.ID
}

// LeftOver is what remains of one target that no running program has.
type LeftOver struct {
	Target  string
	Failed  int64 // events that failed there
	Waiting int64 // deliveries that were not sent
}

// Cleared counts what was discarded of a target.
type Cleared struct {
	Failed  int // events that no longer count as failed there
	Waiting int // deliveries that are not sent any more
}
