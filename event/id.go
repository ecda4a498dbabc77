package event

import (
	"errors"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// An ID identifies an event: a ULID, 26 characters of Crockford's base 32. IDs sort in the
// order in which the events of a store were recorded. The store assigns the ID when it records
// the event.
type ID string

// ParseID parses a full ID. Letter case does not matter.
func ParseID(s string) (ID, error) {
	u, err := ulid.ParseStrict(strings.ToUpper(s))
	if err != nil {
		return "", errors.New("invalid event id: want 26 letters and digits, for example 01JD4X7M9C8Q2R5T7V9WABCDEF")
	}
	return ID(u.String()), nil
}

// IDFromBytes is the inverse of [ID.Bytes].
func IDFromBytes(b []byte) (ID, error) {
	var u ulid.ULID
	if err := u.UnmarshalBinary(b); err != nil {
		return "", err
	}
	return ID(u.String()), nil
}

// Bytes returns the 16 bytes of the ID, which sort like its text.
func (id ID) Bytes() ([]byte, error) {
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return nil, err
	}
	return u[:], nil
}

// Time returns when the ID was assigned, to the millisecond.
func (id ID) Time() time.Time {
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		return time.Time{}
	}
	return ulid.Time(u.Time())
}

// Short returns the first ten characters, enough for a person to tell the events of one store
// apart.
func (id ID) Short() string {
	if len(id) <= 10 {
		return string(id)
	}
	return string(id[:10])
}
