package filter

// A word in a body, in any letter case.

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Literal returns the longest text of ASCII letters and digits, in lower case, that is in every
// body with the word, whatever their case there; it may be empty. An index of such texts can
// find candidates.
func (x Word) Literal() string {
	word := string(x)
	if hasLetters(word) {
		word = alwaysPlain(word)
	}
	longest := ""
	for _, run := range strings.FieldsFunc(word, func(r rune) bool {
		return !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	return strings.ToLower(longest)
}

// hasLetters reports whether a word has non-ASCII letters with upper and lower case.
func hasLetters(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf && unicode.SimpleFold(r) != r })
}

// alwaysPlain returns the longest part of a word that JSON always writes unchanged.
func alwaysPlain(word string) (plain string) {
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return escapeASCII(r) != string(r) }) {
		if len(part) > len(plain) {
			plain = part
		}
	}
	return plain
}

// compileWord searches for a word in all the ways in which JSON may write it: unchanged,
// escaped by JavaScript, or in ASCII only by Python.
func compileWord(word string) func(body []byte) bool {
	if hasLetters(word) {
		return compileLetters(word)
	}
	var raw, escaped, ascii strings.Builder
	for _, r := range word {
		raw.WriteRune(r)
		escaped.WriteString(escape(r))
		ascii.WriteString(escapeASCII(r))
	}
	var needles []*needle
	texts := []string{raw.String(), escaped.String(), ascii.String()}
	for _, text := range slices.Compact(texts) {
		needles = append(needles, newNeedle(text))
	}
	return func(body []byte) bool {
		return slices.ContainsFunc(needles, func(n *needle) bool { return n.in(body) })
	}
}

// compileLetters is compileWord for a word with non-ASCII letters with upper and lower case.
// That search takes a hundred times as long, so the longest part of the word that is always
// written unchanged must be found first.
func compileLetters(word string) func(body []byte) bool {
	plain := alwaysPlain(word)
	var b strings.Builder
	b.WriteString("(?i)")
	for _, r := range word {
		forms := []string{string(r), escape(r), escapeASCII(r)}
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			forms = append(forms, escapeASCII(other))
		}
		for i := range forms {
			forms[i] = regexp.QuoteMeta(forms[i])
		}
		b.WriteString("(?:" + strings.Join(slices.Compact(forms), "|") + ")")
	}
	match := regexp.MustCompile(b.String()).Match
	if plain == "" {
		return match
	}
	first := newNeedle(plain)
	return func(body []byte) bool { return first.in(body) && match(body) }
}

// escape writes a character as in a JSON string.
func escape(r rune) string {
	switch r {
	case '"', '\\':
		return `\` + string(r)
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case '\b':
		return `\b`
	case '\f':
		return `\f`
	}
	if r < ' ' {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return string(r)
}

func escapeASCII(r rune) string {
	if r < utf8.RuneSelf {
		return escape(r)
	}
	var b strings.Builder
	for _, unit := range utf16.AppendRune(nil, r) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

// A needle is a text in which only ASCII letters have upper and lower case.
type needle struct {
	text   []byte // in small letters
	anchor int    // place of its byte that is the rarest in bodies
}

// common are the most frequent bytes of bodies, the most frequent first. All others are rarer.
const common = `"etaoicsnr/hu:dp,fgml.-_{}0123456789bwyv`

func newNeedle(text string) *needle {
	n := &needle{text: lower([]byte(text))}
	rarest := -1
	for i, c := range n.text {
		rank := strings.IndexByte(common, c)
		if rank < 0 {
			rank = len(common)
		}
		if rank > rarest {
			n.anchor, rarest = i, rank
		}
	}
	return n
}

// in reports whether the needle is in the body. It goes from anchor to anchor, which
// is far faster than from byte to byte.
func (n *needle) in(body []byte) bool {
	c := n.text[n.anchor]
	found := n.at(body, c)
	if !found && 'a' <= c && c <= 'z' {
		found = n.at(body, c-'a'+'A')
	}
	return found
}

// at reports whether the needle is in the body with c as its anchor.
func (n *needle) at(body []byte, c byte) bool {
	for from := n.anchor; from < len(body); {
		i := bytes.IndexByte(body[from:], c)
		if i < 0 {
			return false
		}
		from += i + 1
		if n.begins(body[from-1-n.anchor:]) {
			return true
		}
	}
	return false
}

func (n *needle) begins(body []byte) bool {
	if len(body) < len(n.text) {
		return false
	}
	for i, c := range n.text {
		b := body[i]
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != c {
			return false
		}
	}
	return true
}

// lower makes capital letters of ASCII small, in place.
func lower(b []byte) []byte {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}
