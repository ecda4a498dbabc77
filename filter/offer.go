package filter

import (
	"slices"
	"strings"
	"unicode"
)

// Completions for a person who writes a filter.

// Keys returns the beginnings of terms, for example "scope:" and "header.", except for paths
// into the body.
func Keys() []string {
	var begins []string
	for _, k := range keys {
		begins = append(begins, k.name+":")
	}
	return append(begins, "answer:", "answer~", "header.")
}

// Values returns common values of one of the Keys, if it has any.
func Values(key string) []string {
	if key == "since:" || key == "before:" {
		return slices.Clone(times)
	}
	for _, k := range keys {
		if k.name+":" == key {
			return slices.Clone(k.known)
		}
	}
	return nil
}

// Shorter cuts the last term or group off a filter. rest is the remaining text, which may be
// empty; the cut part begins at the byte at of the text.
func Shorter(text string) (rest, last string, at int) {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	depth, quoted, between := 0, false, true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if quoted {
			if c == '\\' {
				i++
			}
			quoted = c != '"'
			continue
		}
		ends := depth == 0 && (c == '|' || unicode.IsSpace(rune(c)))
		if between && !ends {
			at = i
		}
		between = ends
		switch c {
		case '"':
			quoted = true
		case '(':
			depth++
		case ')':
			depth = max(depth-1, 0)
		}
	}
	rest = strings.TrimRightFunc(text[:at], func(r rune) bool { return r == '|' || unicode.IsSpace(r) })
	return rest, text[at:], at
}
