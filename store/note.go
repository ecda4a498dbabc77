package store

import (
	"fmt"
	"unicode/utf8"
)

// MaxNote is how long a note may be, in bytes.
const MaxNote = 64 << 10

// CheckNote reports whether a text can be the note of an event: UTF-8 of at most MaxNote bytes.
// It returns ErrNote otherwise.
func CheckNote(text string) error {
	switch {
	case !utf8.ValidString(text):
		return fmt.Errorf("%w: it is not UTF-8", ErrNote)
	case len(text) > MaxNote:
		return fmt.Errorf("%w: it has %d bytes, at most %d are allowed", ErrNote, len(text), MaxNote)
	}
	return nil
}
