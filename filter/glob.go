package filter

import (
	"strings"
	"unicode/utf8"
)

// A Glob is a text in which * matches any text, including slashes, and ? any one character.
type Glob string

// Match reports whether all of s matches. Its duration is at most proportional to the product
// of the two lengths.
func (g Glob) Match(s string) bool {
	i, j := 0, 0
	star, wildcard := -1, 0 // the last *, and where its text would end
	for j < len(s) {
		switch {
		case i < len(g) && g[i] == '*':
			star, wildcard = i, j
			i++
		case i < len(g) && g[i] == '?':
			_, n := utf8.DecodeRuneInString(s[j:])
			i, j = i+1, j+n
		case i < len(g) && g[i] == s[j]:
			i, j = i+1, j+1
		case star >= 0:
			_, n := utf8.DecodeRuneInString(s[wildcard:])
			wildcard += n
			i, j = star+1, wildcard
		default:
			return false
		}
	}
	return strings.Trim(string(g[i:]), "*") == ""
}

// Prefix returns the beginning that every matching text has. It is the complete text if g has
// neither * nor ?.
func (g Glob) Prefix() (prefix string, only bool) {
	if i := strings.IndexAny(string(g), "*?"); i >= 0 {
		return string(g[:i]), false
	}
	return string(g), true
}
