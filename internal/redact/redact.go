// Package redact takes the secret out of what a handler said: its answers and its output
// may well repeat what it was sent.
package redact

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Mark stands where the secret was.
const Mark = "[secret]"

// minRedacted is the shortest secret that is looked for, in bytes: one of a few
// letters turns up in words by chance, and marks in their place would make an answer
// unreadable and keep nothing that is not guessed in a moment.
const minRedacted = 6

// A Redactor takes out one secret. The zero value takes out nothing. It is not changed
// after it was made, so several goroutines may use it.
type Redactor struct {
	forms [][]byte // the secret as it is, and as JSON, URLs and HTML write it; longest first
}

// New returns a Redactor of a secret, in the forms in which JSON, URLs and HTML write it,
// too. One shorter than six bytes is not looked for.
func New(secret string) Redactor {
	secret = strings.TrimSpace(secret) // as net/http does with the values of headers
	if len(secret) < minRedacted {
		return Redactor{}
	}
	unquote := func(s string) string { return s[1 : len(s)-1] }
	forms := []string{secret, unquote(strconv.Quote(secret)), url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		forms = append(forms, unquote(string(quoted)))
	}
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var r Redactor
	for _, form := range slices.Compact(forms) {
		r.forms = append(r.forms, []byte(form))
	}
	return r
}

// Reach is how many bytes past a limit have to be known, so that a secret which
// begins before the limit is recognised.
func (r Redactor) Reach() int {
	if len(r.forms) == 0 {
		return 0
	}
	return len(r.forms[0]) - 1
}

// Bytes returns the first limit bytes of b with the mark in place of each secret
// that begins in them. It may return a part of b itself.
func (r Redactor) Bytes(b []byte, limit int) []byte {
	limit = min(limit, len(b))
	var out []byte
	from := 0
	next := make([]int, len(r.forms)) // where each form comes next; len(b): nowhere
	for {
		at, length := len(b), 0
		for i, form := range r.forms {
			if next[i] < from || from == 0 {
				next[i] = index(b, form, from)
			}
			if next[i] < at {
				at, length = next[i], len(form)
			}
		}
		if at >= limit {
			if from == 0 {
				return b[:limit]
			}
			return append(out, b[from:max(from, limit)]...)
		}
		out = append(append(out, b[from:at]...), Mark...)
		from = at + length
	}
}

// Text returns s with the mark in place of each secret.
func (r Redactor) Text(s string) string {
	if len(r.forms) == 0 {
		return s
	}
	return string(r.Bytes([]byte(s), len(s)))
}

// index returns where form begins in b[from:], as an index of b, or len(b).
func index(b, form []byte, from int) int {
	if i := bytes.Index(b[from:], form); i >= 0 {
		return from + i
	}
	return len(b)
}
