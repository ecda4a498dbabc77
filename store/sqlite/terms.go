package sqlite

// The terms that the index of words stores for a body: the suffixes of its words, so that a
// text in the middle of a word is a prefix of a term.

import (
	"strings"
)

const (
	termLeast  = 3         // bytes of the shortest term
	termMost   = 16        // longer terms are cut
	hexLeast   = 16        // hexadecimal digits from which on a word is an id, which gets no terms
	termsBytes = 256 << 10 // of the terms of one body
)

// everyBody are words of every payload. They distinguish nothing, so they get no terms.
var everyBody = map[string]bool{
	"event": true, "action": true, "scope": true, "repo": true, "type": true, "name": true, "url": true, "web": true,
	"api": true, "owner": true, "private": true, "webhook": true, "version": true, "https": true, "huggingface": true,
}

// termOfAll is the term of a body that has too many terms: any text may be in it. It is shorter
// than any other term.
const termOfAll = "zz"

// terms appends the terms of a body to buf, separated by spaces. Each run of ASCII letters and
// digits is a word; each of its suffixes is a term, so that a text in the word is a prefix of a
// term.
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

// term returns the term that a text is, or is a prefix of; ok is false if the index may not
// have it. text has only ASCII letters and digits, in lower case.
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
