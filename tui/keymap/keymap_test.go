package keymap

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestEveryActionHasAName(t *testing.T) {
	seen := map[string]Action{}
	for i := range KeyTable {
		name := KeyTable[i].Name
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("the action %d (%s) has the name %q in keymap.go", i, KeyTable[i].Help, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("%q is action %d and %d", name, other, i)
		}
		seen[name] = Action(i)
	}
}

func TestShippedKeysAreKeys(t *testing.T) {
	for _, b := range KeyTable {
		for _, key := range b.Keys {
			if why := noKey(key); why != "" {
				t.Errorf("%q (%s): %s", key, b.Help, why)
			}
		}
	}
}

func TestKeymapCheck(t *testing.T) {
	for _, tt := range []struct {
		keys Keymap
		want string // part of the reason; empty: it is good
	}{
		{nil, ""},
		{Keymap{"replay": {"ctrl+r", "f5"}}, ""},
		{Keymap{"up": {"C"}, "down": {"J"}, "set": {"f8"}, "push-secret": {"f9"}, "scenarios": {"f10"}}, ""},
		{Keymap{"new-event": {"r"}, "replay": {"n"}}, ""}, // reserved: a warning,
		{Keymap{"follow": {"!"}, "rejected": {"F"}}, ""},  // swapped
		{Keymap{"down": {"s"}}, "is already used by"},
		{Keymap{"replay": {"i"}, "request": {"i"}, "columns": {"v"}, "one-pane": {"v"}}, "in the same place"},
		{Keymap{"retry-tunnel": {"f7"}}, ""}, // retired: a warning,
		{Keymap{"forget": {"r"}}, ""},        // nowhere together
		{Keymap{"reply": {"r"}}, "unknown action"},
		{Keymap{"replay": {}}, "has no key"},
		{Keymap{"replay": {"ctrl+"}}, "invalid key"},
		{Keymap{"replay": {"rr"}}, "invalid key"},
		{Keymap{"replay": {"ctrl+i"}}, "send tab"},
		{Keymap{"replay": {"\x1b"}}, "invalid key"},
		{Keymap{"quit": {"f"}, "back": {"f"}}, "in the same place"},
	} {
		err := tt.keys.Check()
		if wrong := (*KeymapError)(nil); err != nil && !errors.As(err, &wrong) {
			t.Errorf("%v: the error is a %T", tt.keys, err)
		}
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %q", tt.keys, err, tt.want)
		}
	}
}

// TestWarnings: a reserved key that a user has chosen works, and is told; what it was for then
// has no key there.
func TestWarnings(t *testing.T) {
	for _, tt := range []struct {
		keys Keymap
		want string // of the warnings; empty: there is none
	}{
		{Keymap{"replay": {"ctrl+r", "r"}, "up": {"C"}, "find": {"/"}}, ""},
		{Keymap{"my-secret": {"k"}}, `key of my-secret: key "k" is reserved for up; the next release refuses it: choose another`},
		{Keymap{"columns": {"f"}}, `key "f" is reserved for failed-only`},
		{Keymap{"drop-tunnel": {"f8"}}, "key of drop-tunnel: this action no longer has a key of its own: it is in the tunnel menu"},
	} {
		if err := tt.keys.Check(); err != nil {
			t.Errorf("%v is refused: %v", tt.keys, err)
		}
		var all []string
		for _, w := range tt.keys.Warnings() {
			all = append(all, w.Error())
		}
		if got := strings.Join(all, "; "); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%v: warnings %q, want %q", tt.keys, got, tt.want)
		}
	}
	list := Keymap{"columns": {"f"}}.Apply(Keys(ActFailed, ActColumns), false)
	if a, _ := Pressed(list, "f"); a != ActColumns || len(list) != 1 {
		t.Errorf("f is action %d of %+v", a, list)
	}
}

// TestReservedKeysMeanOneThing: no action but the one that a key is reserved for has it, apart
// from those that do the same where it is shown, in menus and in forms.
func TestReservedKeysMeanOneThing(t *testing.T) {
	same := map[string]Action{ // the same act on what a screen is about
		"copy-value": ActCopy, "copy-command": ActCopy, "complete": ActOtherPane, "toggle": ActMark, "mark-attempt": ActMark,
		"undo-edit": ActUndo, "editor": ActEdit, "edit-target": ActEdit, "edit-hook": ActEdit, "fixture": ActName,
		"forget": ActDelete, "remove-field": ActDelete, "remove-target": ActDelete, "delete-hook": ActDelete,
		"older-of-kind": ActPrevious, "newer-of-kind": ActNext, "find": ActFilter, "filter": ActFind,
		"next-match": ActNew, "new-event": ActFindNext, "clear": ActHalfUp,
	}
	for a, b := range KeyTable {
		for _, key := range b.Keys {
			for _, r := range reservedActions {
				if of, known := same[b.Name]; slices.Contains(KeyTable[r].Keys, key) && r != Action(a) && (!known || of != r) {
					t.Errorf("%q is %s and %s", key, KeyTable[r].Name, b.Name)
				}
			}
		}
	}
}
