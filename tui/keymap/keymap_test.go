package keymap

import (
	"errors"
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
		{Keymap{"up": {"B"}, "down": {"s"}, "set": {"f8"}, "push-secret": {"f9"}, "scenarios": {"f10"}}, ""},
		{Keymap{"new-event": {"r"}, "replay": {"n"}}, "next-match"},
		{Keymap{"follow": {"!"}, "rejected": {"F"}}, ""}, // swapped
		{Keymap{"down": {"s"}}, "is already used by"},
		{Keymap{"replay": {"n"}}, "is already used by new-event"},
		{Keymap{"forget": {"r"}}, ""}, // nowhere together
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
