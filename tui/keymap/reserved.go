package keymap

// The keys that mean the same on every screen, and what becomes of a user's own choice of
// one of them.

import (
	"fmt"
	"maps"
	"slices"
)

// reservedActions are the actions whose keys mean nothing else on any screen, apart from
// text fields and open menus.
var reservedActions = append(Motions(),
	ActFold, ActUnfold, ActPrevious, ActNext, ActPreviousInRepo, ActNextInRepo,
	ActFilter, ActFind, ActFindNext, ActFindPrevious, ActNew,
	ActOtherPane, ActMark, ActBack, ActQuit, ActHelp, ActPalette, ActCopy,
	ActReplay, ActReplayMany, ActEdit, ActDiff, ActFailed, ActName, ActNote, ActExport, ActUndo, ActDelete,
	ActTunnel, ActTargets, ActHooks, ActHandler, ActEarlier, ActDoctor, ActLog, ActSettings, ActRejected, ActFilterValue, ActSendTo,
)

// Reserved is the action that a key is reserved for; ok is false if it is free. The digits
// of the tabs are free elsewhere, and so are the keys that only an input knows.
func Reserved(key string) (a Action, ok bool) {
	for _, a := range reservedActions {
		if slices.Contains(KeyTable[a].Keys, key) {
			return a, true
		}
	}
	return 0, false
}

// retired are the names of actions that there no longer are, and what took their place.
var retired = map[string]string{
	"retry-tunnel":   "it is in the tunnel menu (tunnel)",
	"authtoken":      "it is in the tunnel menu (tunnel)",
	"own-url":        "it is in the tunnel menu (tunnel)",
	"drop-tunnel":    "it is in the tunnel menu (tunnel)",
	"replay-attempt": "replay-options replays an attempt, too",
}

// Warnings say which of the chosen keys work in this release and will be refused in the next:
// keys that are reserved for something else, and keys of actions that there no longer are.
func (k Keymap) Warnings() []*KeymapError {
	var warnings []*KeymapError
	for _, name := range slices.Sorted(maps.Keys(k)) {
		if now, gone := retired[name]; gone {
			warnings = append(warnings, &KeymapError{Action: name, Reason: "this action no longer has a key of its own: " + now})
			continue
		}
		for _, key := range k[name] {
			if a, ok := Reserved(key); ok && !slices.ContainsFunc(KeyTable[:], func(b Binding) bool { return b.Name == name && slices.Contains(b.Keys, key) }) {
				warnings = append(warnings, &KeymapError{Action: name, Reason: fmt.Sprintf("key %q is reserved for %s; the next release refuses it: choose another", key, KeyTable[a].Name)})
			}
		}
	}
	return warnings
}
