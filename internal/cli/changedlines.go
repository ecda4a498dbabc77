package cli

// The lines of --json of commands that change something: what was done to what.

import (
	"time"

	"hfhook/event"
	"hfhook/internal/plainerr"
)

// A configLine is the line of hfhook config check --json.
type configLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	OK     bool   `json:"ok"`
	Error  string `json:"error"` // the first thing that hfhook dev would refuse
	Fix    string `json:"fix,omitempty"`
}

// newConfigLine is about a configuration that err was found in; nil: nothing is wrong.
func newConfigLine(err error) configLine {
	line := configLine{Schema: 1, Type: "config", OK: err == nil}
	if err != nil {
		line.Error, line.Fix = plainerr.Text(err), advice(err)
	}
	return line
}

// A noteLine is the line of hfhook note --json.
type noteLine struct {
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

func newCompactedLine(freed, file int64, dry bool) compactedLine {
	line := compactedLine{Schema: 1, Type: "compacted", Freed: freed, File: file}
	if dry {
		line.Type = "compactable"
	}
	return line
}

// newDeletedLine is about n events, those from before a time if there is one.
func newDeletedLine(n int, before time.Time, dry bool) deletedLine {
	line := deletedLine{Schema: 1, Type: "deleted", Events: n, Before: stampOrNone(before)}
	if dry {
		line.Type = "deletable"
	}
	return line
}
