package store

import (
	"fmt"
	"strings"
)

const maxPin = 64 // characters of a pin

// CheckPin reports whether an event can be pinned by a name: a letter and up to 63 more
// letters, digits, dots, dashes and underscores, all of them ASCII. No ID begins with a letter,
// so a name never looks like the prefix of one. It returns ErrPinName otherwise.
func CheckPin(name string) error {
	for i := range len(name) {
		c := name[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789._-", rune(c))) {
			return pinError(name)
		}
	}
	if name == "" || len(name) > maxPin {
		return pinError(name)
	}
	return nil
}

func pinError(name string) error {
	return fmt.Errorf("%w %q: a name starts with a letter and has up to %d more letters, digits, dots, dashes or underscores", ErrPinName, name, maxPin-1)
}
