package output

// The lines of --json of commands that change something: what was done to what.

import (
	"time"

	"hfhook/event"
)

// A NoteLine is the line of hfhook note --json.
type NoteLine struct {
	Schema int      `json:"schema"`
	Type   string   `json:"type"`
	Event  event.ID `json:"event"`
	Text   string   `json:"text"` // empty: it no longer has a note
}

// A deletedLine is the line of hfhook rm and hfhook prune with --json.
type deletedLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // deleted, or deletable with --dry-run
	Events int    `json:"events"`
	Before string `json:"before,omitempty"` // of prune: older ones were deleted

	// With --max-store: events that are left, and the bytes that the store uses.
	Left *int64 `json:"left,omitempty"`
	Used *int64 `json:"used,omitempty"`
}

// A compactedLine is the line of hfhook prune --compact with --json. Both numbers are bytes.
type compactedLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // compacted, or compactable with --dry-run
	Freed  int64  `json:"freed"`
	File   int64  `json:"file"`
}

// NewCompactedLine is about a store that gave freed bytes back, or would with dry, and has file bytes left.
func NewCompactedLine(freed, file int64, dry bool) compactedLine {
	line := compactedLine{Schema: 1, Type: "compacted", Freed: freed, File: file}
	if dry {
		line.Type = "compactable"
	}
	return line
}

// NewDeletedLine is about n events, those from before a time if there is one.
func NewDeletedLine(n int, before time.Time, dry bool) deletedLine {
	line := deletedLine{Schema: 1, Type: "deleted", Events: n, Before: StampOrNone(before)}
	if dry {
		line.Type = "deletable"
	}
	return line
}
