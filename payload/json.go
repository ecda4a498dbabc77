package payload

import (
	"bytes"
	"encoding/json"
)

// maxDepth is how deep objects and lists may be nested in each other, for example
// encoding/json.
const maxDepth = 10000

// A reader goes once over JSON text (RFC 8259), from value to value. What is no
// JSON ends it: bad and badAt then say what and where, in the words of Python's
// json module, and all that is read after it is the end of the text. So callers
// look at bad once, when they are done.
type reader struct {
	text  []byte
	pos   int
	depth int

	bad   string // empty while the text is well-formed
	badAt int    // byte of text
}

func (r *reader) fail(at int, bad string) {
	if r.bad == "" {
		r.bad, r.badAt = bad, at
	}
	r.pos = len(r.text)
}

// peek goes to the next byte that is not white space and returns it: by it the kind
// of a value is known. At the end of the text it is 0, which begins no value.
func (r *reader) peek() byte {
	for ; r.pos < len(r.text); r.pos++ {
		switch c := r.text[r.pos]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// open reads the bracket that begins an object or a list, and reports whether there
// is a member.
func (r *reader) open(closing byte) bool {
	if r.depth == maxDepth {
		r.fail(r.pos, "Nested too deeply")
		return false
	}
	r.depth++
	r.pos++
	if r.peek() == closing {
		r.depth--
		r.pos++
		return false
	}
	return true
}

// another reads what stands behind a member, and reports whether there is one more.
func (r *reader) another(closing byte) bool {
	switch r.peek() {
	case ',':
		r.pos++
		return true
	case closing:
		r.depth--
		r.pos++
		return false
	}
	r.fail(r.pos, "Expecting ',' delimiter")
	return false
}

// key reads the name of a member and the colon behind it.
func (r *reader) key() []byte {
	if r.peek() != '"' {
		r.fail(r.pos, "Expecting property name enclosed in double quotes")
		return nil
	}
	name := r.string()
	if r.peek() != ':' {
		r.fail(r.pos, "Expecting ':' delimiter")
		return nil
	}
	r.pos++
	return name
}

// value reads a value of any kind and returns its text.
func (r *reader) value() json.RawMessage {
	c := r.peek()
	start := r.pos
	switch c {
	case '{':
		for more := r.open('}'); more; more = r.another('}') {
			r.key()
			r.value()
		}
	case '[':
		for more := r.open(']'); more; more = r.another(']') {
			r.value()
		}
	case '"':
		r.quoted()
	case 't':
		r.literal("true")
	case 'f':
		r.literal("false")
	case 'n':
		r.literal("null")
	default:
		r.number()
	}
	// The capacity ends with the value, so that nobody appends into the body.
	return json.RawMessage(r.text[start:r.pos:r.pos])
}

// string reads a string and returns the bytes that it stands for. Half of a
// surrogate pair becomes U+FFFD.
func (r *reader) string() []byte {
	text, escaped := r.quoted()
	if r.bad != "" {
		return nil
	}
	if !escaped {
		return text[1 : len(text)-1]
	}
	return []byte(unescape(text))
}

// unescape returns what a quoted text with escapes stands for.
func unescape(text []byte) string {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		panic(err) // quoted has checked it
	}
	return s
}

// quoted reads a string and returns its text, quotes included.
func (r *reader) quoted() (text []byte, escaped bool) {
	start := r.pos
	for i := start + 1; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '"':
			r.pos = i + 1
			return r.text[start:r.pos], escaped
		case c < ' ':
			r.fail(i, "Invalid control character at")
			return nil, false
		case c != '\\':
			continue
		}
		escaped = true
		i++
		switch {
		case i == len(r.text):
		case r.text[i] == 'u':
			if !fourHex(r.text[i+1:]) {
				r.fail(i, `Invalid \uXXXX escape`)
				return nil, false
			}
			i += 4
		case bytes.IndexByte([]byte(`"\/bfnrt`), r.text[i]) < 0:
			r.fail(i-1, `Invalid \escape`)
			return nil, false
		}
	}
	r.fail(start, "Unterminated string starting at")
	return nil, false
}

func fourHex(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	for _, c := range b[:4] {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}

// number reads a number and returns its text. A fraction or an exponent without a
// digit is not read: it is what stands behind the number.
func (r *reader) number() (text []byte, integer bool) {
	start, i := r.pos, r.pos
	if i < len(r.text) && r.text[i] == '-' {
		i++
	}
	first := i
	i = r.digits(i)
	switch {
	case i == first:
		r.fail(start, "Expecting value")
		return nil, false
	case r.text[first] == '0':
		i = first + 1
	}
	integer = true
	if i < len(r.text) && r.text[i] == '.' {
		if end := r.digits(i + 1); end > i+1 {
			i, integer = end, false
		}
	}
	if i < len(r.text) && r.text[i]|0x20 == 'e' {
		exp := i + 1
		if exp < len(r.text) && (r.text[exp] == '+' || r.text[exp] == '-') {
			exp++
		}
		if end := r.digits(exp); end > exp {
			i, integer = end, false
		}
	}
	r.pos = i
	return r.text[start:i], integer
}

// digits returns where the digits that begin at i end.
func (r *reader) digits(i int) int {
	for i < len(r.text) && '0' <= r.text[i] && r.text[i] <= '9' {
		i++
	}
	return i
}

func (r *reader) literal(word string) {
	if !bytes.HasPrefix(r.text[r.pos:], []byte(word)) {
		r.fail(r.pos, "Expecting value")
		return
	}
	r.pos += len(word)
}
