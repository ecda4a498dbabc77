package keymap

// Keys by a user's choice: the names of the actions, and which of them are offered
// together, so that two keys for one thing are found before the screen opens.

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Keymap gives actions other keys than those of the table: by the action's name, as
// in "replay", the keys as in "r", "ctrl+r", "f5", "enter" or "space". Actions that are
// not in it keep theirs. Nil changes nothing.
type Keymap map[string][]string

// A KeymapError says what is wrong with one action of a Keymap.
type KeymapError struct {
	Action  string
	Reason  string
	Unknown bool // unknown action
}

func (e *KeymapError) Error() string { return fmt.Sprintf("key of %s: %s", e.Action, e.Reason) }

// A place is where actions are offered. Two actions that share a place can't share a
// key.
type place int

const (
	onList    place = 1 << iota // the list of events, and the checklist before it
	onDetail                    // the detail of an event, beside the list or alone
	onRefused                   // the requests that were rejected
	onReading                   // pages to read: log, settings, a whole response
	onForm                      // what is filled in: a filter, a synthetic event, a choice
	onEdit                      // a payload that is edited
	onHooks                     // the webhooks on the Hub
	onTargets                   // the targets

	everywhere = onList | onDetail | onRefused | onReading | onForm | onEdit | onHooks | onTargets
)

// Places are where an action is offered.
func (a Action) Places() place {
	if KeyTable[a].where == 0 {
		return everywhere
	}
	return KeyTable[a].where
}

// Actions are the names of all actions, sorted.
func Actions() []string {
	var names []string
	for _, b := range KeyTable {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	return names
}

// Check finds what is wrong with a map: names that are not an action, keys that no
// terminal sends, and two actions of one screen with the same key, unless it is a reserved
// one, of which Warnings tells. The error is a *KeymapError.
func (k Keymap) Check() error {
	known := Actions()
	for _, name := range slices.Sorted(maps.Keys(k)) {
		if _, ok := slices.BinarySearch(known, name); !ok && retired[name] == "" {
			return &KeymapError{Action: name, Reason: "unknown action", Unknown: true}
		}
		if len(k[name]) == 0 {
			return &KeymapError{Action: name, Reason: "it has no key"}
		}
		for _, key := range k[name] {
			if why := noKey(key); why != "" {
				return &KeymapError{Action: name, Reason: fmt.Sprintf("invalid key %q: %s", key, why)}
			}
		}
	}
	for a := range KeyTable {
		for b := range KeyTable {
			x, y := Action(a), Action(b)
			if _, chosen := k[KeyTable[x].Name]; !chosen || x == y || k.yields(y) || x.Places()&y.Places() == 0 {
				continue
			}
			for _, key := range k.Of(x) {
				shipped := slices.Contains(KeyTable[x].Keys, key) && slices.Contains(KeyTable[y].Keys, key)
				_, reserved := Reserved(key)
				_, both := k[KeyTable[y].Name]
				if !shipped && (both || !reserved) && slices.Contains(k.Of(y), key) {
					return &KeymapError{Action: KeyTable[x].Name, Reason: fmt.Sprintf("key %q is already used by %s in the same place", key, KeyTable[y].Name)}
				}
			}
		}
	}
	return nil
}

// yields reports whether an action gives its keys up to one for which the user wants them:
// those of the saved filters, of which most people have few.
func (k Keymap) yields(a Action) bool {
	_, chosen := k[KeyTable[a].Name]
	return !chosen && ActSaved1 <= a && a <= ActSaved9
}

// taken reports whether the user wants a key for something.
func (k Keymap) taken(key string) bool {
	for _, keys := range k {
		if slices.Contains(keys, key) {
			return true
		}
	}
	return false
}

// Of are the keys of an action.
func (k Keymap) Of(a Action) []string {
	if chosen, ok := k[KeyTable[a].Name]; ok {
		return chosen
	}
	return KeyTable[a].Keys
}

// Label is how the first key of an action is shown, for sentences that name a key.
func (k Keymap) Label(a Action) string { return KeyLabel(k.Of(a)[:1]) }

// Apply gives bindings the keys of the map. Where letters are typed, keys that write
// something stay with the text; the action then keeps a key that does not.
func (k Keymap) Apply(bindings []Binding, typing bool) []Binding {
	if len(k) == 0 {
		return bindings
	}
	out := slices.DeleteFunc(slices.Clone(bindings), func(b Binding) bool { return k.yields(b.Action) && k.taken(b.Keys[0]) })
	mine := map[string]bool{} // keys that the user chose for what is offered
	for i := range out {
		chosen, ok := k[out[i].Name]
		if !ok {
			continue
		}
		if typing {
			chosen = slices.DeleteFunc(slices.Clone(chosen), writes)
		}
		if len(chosen) > 0 {
			out[i].Keys, out[i].Label, out[i].Foot = chosen, KeyLabel(chosen), ""
		}
		for _, key := range chosen {
			mine[key] = true
		}
	}
	left := out[:0]
	for _, b := range out {
		if _, chosen := k[b.Name]; !chosen {
			b = b.without(func(key string) bool { return mine[key] })
		}
		if len(b.Keys) > 0 {
			left = append(left, b)
		}
	}
	return left
}

// writes reports whether a key puts something into a text.
func writes(key string) bool { return key == "space" || utf8.RuneCountInString(key) == 1 }

// named are the keys that have names, and how they are shown.
var named = map[string]string{
	"up": "↑", "down": "↓", "left": "←", "right": "→", "enter": "↵", "esc": "esc", "tab": "tab", "shift+tab": "⇧tab", "space": "space",
	"pgup": "pgup", "pgdown": "pgdn", "home": "home", "end": "end", "backspace": "bksp", "delete": "del", "insert": "ins",
}

// noKey says why a key is none; empty: it is one.
func noKey(key string) string {
	if _, ok := named[key]; ok {
		return ""
	}
	rest := key
	for _, prefix := range []string{"ctrl+", "alt+"} {
		rest = strings.TrimPrefix(rest, prefix)
	}
	if rest != key && rest != "" {
		if _, ok := named[rest]; ok {
			return ""
		}
	}
	if n, ok := strings.CutPrefix(rest, "f"); ok && n != "" && strings.Trim(n, "0123456789") == "" && len(n) <= 2 {
		return ""
	}
	r, size := utf8.DecodeRuneInString(rest)
	if size != len(rest) || !unicode.IsGraphic(r) || r == ' ' || r == utf8.RuneError {
		return `want one character, or a name such as "ctrl+r", "f5", "enter", "space", "pgdown"`
	}
	switch {
	case !strings.Contains(key, "ctrl+"):
	case r < 'a' || r > 'z':
		return "terminals send ctrl only with the letters a to z"
	case r == 'i' || r == 'm':
		return "terminals send tab for ctrl+i, and enter for ctrl+m"
	}
	return ""
}

// KeyLabel is how keys are shown.
func KeyLabel(keys []string) string {
	labels := make([]string, len(keys))
	for i, key := range keys {
		if labels[i] = named[key]; labels[i] == "" {
			labels[i] = key
		}
	}
	return strings.Join(labels, " ")
}
