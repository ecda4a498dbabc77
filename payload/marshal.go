package payload

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// UnmarshalJSON reads a payload as [Parse] does, with the same errors; the warnings are
// dropped. It keeps a copy of data, which Raw returns.
func (p *Payload) UnmarshalJSON(data []byte) error {
	parsed, _, err := Parse(bytes.Clone(data))
	if err != nil {
		return err
	}
	*p = *parsed
	return nil
}

// The methods below write an object with its documented keys in the Hub's order, and behind
// them those of Unknown, sorted.

// MarshalJSON writes the payload and keeps its unknown keys.
func (p Payload) MarshalJSON() ([]byte, error) {
	type plain Payload
	return marshal(plain(p), p.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (e EventInfo) MarshalJSON() ([]byte, error) {
	type plain EventInfo
	return marshal(plain(e), e.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (r Repo) MarshalJSON() ([]byte, error) {
	type plain Repo
	return marshal(plain(r), r.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (u URL) MarshalJSON() ([]byte, error) {
	type plain URL
	return marshal(plain(u), u.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (a Account) MarshalJSON() ([]byte, error) {
	type plain Account
	return marshal(plain(a), a.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (d Discussion) MarshalJSON() ([]byte, error) {
	type plain Discussion
	return marshal(plain(d), d.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (c Changes) MarshalJSON() ([]byte, error) {
	type plain Changes
	return marshal(plain(c), c.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (c Comment) MarshalJSON() ([]byte, error) {
	type plain Comment
	return marshal(plain(c), c.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (w Webhook) MarshalJSON() ([]byte, error) {
	type plain Webhook
	return marshal(plain(w), w.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (m MovedTo) MarshalJSON() ([]byte, error) {
	type plain MovedTo
	return marshal(plain(m), m.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (u RefUpdate) MarshalJSON() ([]byte, error) {
	type plain RefUpdate
	return marshal(plain(u), u.Unknown)
}

// MarshalJSON keeps the unknown keys.
func (f FileUpdate) MarshalJSON() ([]byte, error) {
	type plain FileUpdate
	return marshal(plain(f), f.Unknown)
}

// marshal writes a struct without methods, and adds the keys of unknown that it has no
// field for.
func marshal[T any](v T, unknown map[string]json.RawMessage) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // json.Marshal does so itself with what is returned
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	b.Truncate(b.Len() - len("}\n"))
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		if documented[T](name) {
			continue
		}
		if b.Len() > len("{") {
			b.WriteByte(',')
		}
		if err := enc.Encode(name); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - len("\n"))
		b.WriteByte(':')
		value := unknown[name]
		if value == nil {
			value = json.RawMessage("null")
		}
		if !json.Valid(value) {
			return nil, fmt.Errorf("the value of the unknown key %s is not valid JSON", quote(name))
		}
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// documented reports whether a struct type has a field for a key.
func documented[T any](name string) bool {
	for field := range reflect.TypeFor[T]().Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("json"), ","); key == name && key != "-" {
			return true
		}
	}
	return false
}
