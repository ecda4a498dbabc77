package sqlite

// What the index of words knows of a body: the ends of its words, so that a text in the
// middle of one is the beginning of a term.

import (
	"strings"
)

const (
	termLeast  = 3         // bytes of the shortest term
	termMost   = 16        // of which the rest of a longer one is not kept
	hexLeast   = 16        // hexadecimal digits from which a word is an id, of which no term is made
	termsBytes = 256 << 10 // of the terms of one body
)

// everyBody are words that every payload has. They find nothing, so they make no terms.
var everyBody = map[string]bool{
	"event": true, "action": true, "scope": true, "repo": true, "type": true, "name": true, "url": true, "web": true,
	"api": true, "owner": true, "private": true, "webhook": true, "version": true, "https": true, "huggingface": true,
}

// termOfAll is the term of a body that has too many of its own: whatever is looked for,
// it may be in there. It is shorter than any other term.
const termOfAll = "zz"

// terms appends the terms of a body to buf, with a space between them. Each run of ASCII
// letters and digits is a word; from each of its places to its end is a term, so that a
// text that is in the word begins one of them.
func terms(buf, body []byte, seen map[string]bool) []byte {
	clear(seen)
	begin := len(buf)
	for i := 0; i < len(body); {
		if !isTerm(body[i]) {
			i++
			continue
		}
		end, hex := i, true
		for end < len(body) && isTerm(body[end]) {
			hex = hex && isHex(body[end])
			end++
		}
		word := body[i:end]
		i = end
		if len(word) < termLeast || hex && len(word) >= hexLeast {
			continue
		}
		at := len(buf)
		for _, c := range word[:min(len(word), termsBytes)] {
			buf = append(buf, lowerCase(c))
		}
		if everyBody[string(buf[at:])] || seen[string(buf[at:])] {
			buf = buf[:at]
			continue
		}
		small := string(buf[at:])
		buf, seen[small] = buf[:at], true
		for from := 0; from+termLeast <= len(small); from++ {
			buf = append(append(buf, small[from:min(from+termMost, len(small))]...), ' ')
			if len(buf)-begin > termsBytes {
				return append(buf[:begin], termOfAll...)
			}
		}
	}
	return buf
}

// term is the term that a text begins, or is; ok is false where the index may not know
// it. text has ASCII letters and digits alone, and no capitals.
func term(text string) (prefix string, ok bool) {
	if len(text) < termLeast || strings.Trim(text, "0123456789abcdef") == "" {
		return "", false // it may be in an id
	}
	for word := range everyBody {
		if strings.Contains(word, text) {
			return "", false
		}
	}
	return text[:min(len(text), termMost)], true
}

func isTerm(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func lowerCase(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
