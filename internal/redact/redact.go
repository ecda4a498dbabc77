// Package redact takes secrets out of texts that are stored or shown: what came with a
// request besides its body, and what a handler answers, which may well repeat what it was
// sent.
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

// Mark stands where a secret was.
const Mark = "[secret]"

// minPart is the shortest secret that is looked for within a longer text, in bytes: one of
// a few letters turns up in words by chance, and marks in their place would make a text
// unreadable and keep nothing that is not guessed in a moment.
const minPart = 8

// A Redactor takes out secrets. The zero value takes out nothing. It is not changed after
// it was made, so several goroutines may use it.
type Redactor struct {
	whole []string // the secrets
	texts []string // those that are looked for in longer texts: as they are, and as JSON, URLs and HTML write them; longest first
	forms [][]byte // the same
}

// New returns a Redactor of secrets, in the forms in which JSON, URLs and HTML write them,
// too. One shorter than eight bytes is not looked for within longer texts.
func New(secrets ...string) Redactor {
	var r Redactor
	for _, secret := range secrets {
		secret = strings.TrimSpace(secret) // as net/http does with the values of headers
		if secret == "" {
			continue
		}
		r.whole = append(r.whole, secret)
		if len(secret) >= minPart {
			r.texts = append(r.texts, forms(secret)...)
		}
	}
	slices.SortFunc(r.texts, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	r.texts = slices.Compact(r.texts)
	for _, text := range r.texts {
		r.forms = append(r.forms, []byte(text))
	}
	return r
}

func forms(secret string) []string {
	unquote := func(s string) string { return s[1 : len(s)-1] }
	all := []string{secret, unquote(strconv.Quote(secret)), url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		all = append(all, unquote(string(quoted)))
	}
	return all
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

// Text returns s with the mark in place of each secret in it.
func (r Redactor) Text(s string) string {
	if !slices.ContainsFunc(r.texts, func(form string) bool { return strings.Contains(s, form) }) {
		return s
	}
	return string(r.Bytes([]byte(s), len(s)))
}

// In reports whether a secret is in b.
func (r Redactor) In(b []byte) bool {
	return slices.ContainsFunc(r.forms, func(form []byte) bool { return bytes.Contains(b, form) })
}

// Value returns the mark if s is a secret, of whatever length, and Text(s) otherwise. A
// secret that is escaped as in a URL is found, too.
func (r Redactor) Value(s string) string {
	if len(r.whole) == 0 {
		return s
	}
	plain := strings.TrimSpace(s)
	if strings.ContainsAny(s, "%+") {
		for _, unescape := range []func(string) (string, error){url.PathUnescape, url.QueryUnescape} {
			if text, err := unescape(plain); err == nil && (slices.Contains(r.whole, text) || r.Text(text) != text && r.Text(s) == s) {
				return Mark
			}
		}
	}
	if slices.Contains(r.whole, plain) {
		return Mark
	}
	return r.Text(s)
}

// Path returns a path, escaped or not, with the mark in place of each secret: also of a
// segment, or of a parameter within one.
func (r Redactor) Path(path string) string { return r.values(path, "/;=") }

// Query returns a raw query with the mark in place of each secret: also of a whole value or
// name.
func (r Redactor) Query(query string) string { return r.values(query, "&;=") }

// values applies Value to each part of s between separators. It allocates nothing if there
// is no secret in s.
func (r Redactor) values(s, separators string) string {
	if len(r.whole) == 0 || s == "" {
		return s
	}
	var out strings.Builder
	kept, from := 0, 0 // s[:kept] is written to out, s[:from] was looked at
	for from <= len(s) {
		end := strings.IndexAny(s[from:], separators)
		if end < 0 {
			end = len(s)
		} else {
			end += from
		}
		if part := s[from:end]; r.Value(part) != part {
			out.WriteString(s[kept:from])
			out.WriteString(r.Value(part))
			kept = end
		}
		from = end + 1
	}
	if kept == 0 && out.Len() == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// index returns where form begins in b[from:], as an index of b, or len(b).
func index(b, form []byte, from int) int {
	if i := bytes.Index(b[from:], form); i >= 0 {
		return from + i
	}
	return len(b)
}
