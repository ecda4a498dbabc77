package jsontree

// The scanner: where the parts of a text begin and end. It takes any bytes. What is not JSON
// has the parts that come before its fault, and perhaps some behind it; [Parse] checks a text
// first, and then nothing of this is a guess.

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A Part is a member of an object or an element of a list, as it stands in a text.
type Part struct {
	Name []byte // of a member, with its quotation marks; nil of an element
	Text []byte // the value
	Size int    // how many parts the value has
}

// Parts goes over the parts of the object or list that a text begins with, in one pass that
// takes no memory. Nothing is checked: a name may be something else than a string.
func Parts(text []byte) iter.Seq[Part] {
	return func(yield func(Part) bool) { parts(text, yield) }
}

func parts(text []byte, yield func(Part) bool) {
	i := space(text, 0)
	if i == len(text) || text[i] != '{' && text[i] != '[' {
		return
	}
	object := text[i] == '{'
	for i = space(text, i+1); i < len(text) && text[i] != '}' && text[i] != ']'; {
		var p Part
		if object {
			end, _ := extent(text, i)
			p.Name = text[i:end:end]
			if i = space(text, end); i == len(text) || text[i] != ':' {
				return
			}
			i = space(text, i+1)
		}
		end, size := extent(text, i)
		if p.Text, p.Size = text[i:end:end], size; end == i || !yield(p) {
			return
		}
		if i = space(text, end); i < len(text) && text[i] == ',' {
			i = space(text, i+1)
		}
	}
}

// Size is how many parts the value has that a text begins with.
func Size(text []byte) int {
	_, size := extent(text, space(text, 0))
	return size
}

// space returns where the white space that begins at a place ends.
func space(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

// extent returns where the value that begins at a place ends, and how many parts it has.
func extent(text []byte, i int) (end, size int) {
	if i == len(text) || text[i] != '{' && text[i] != '[' {
		return skip(text, i), 0
	}
	if next := space(text, i+1); next < len(text) && text[next] != '}' && text[next] != ']' {
		size = 1
	}
	for depth := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = skip(text, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, size
			}
		case ',':
			if depth == 1 {
				size++
			}
		}
	}
	return len(text), size
}

// skip returns where the string, number or word ends that begins at a place.
func skip(text []byte, i int) int {
	if i == len(text) || text[i] != '"' {
		for i < len(text) && !ends[text[i]] {
			i++
		}
		return i
	}
	const short = 16 // bytes: for more it pays to look for several at once
	near := text[:min(i+short, len(text))]
	for i++; i < len(near); i++ {
		if near[i] == '"' {
			return i + 1
		}
		if near[i] == '\\' {
			i++
		}
	}
	return skipLong(text, i)
}

// skipLong returns where a string ends, from a place in it that is not escaped.
func skipLong(text []byte, from int) int {
	for i := min(from, len(text)); ; i++ {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return len(text)
		}
		i += n
		escapes := i
		for escapes > from && text[escapes-1] == '\\' {
			escapes--
		}
		if (i-escapes)%2 == 0 { // the quotation mark is not escaped itself
			return i + 1
		}
	}
}

// ends are the bytes that end a number or a word.
var ends = [256]bool{',': true, ':': true, '{': true, '[': true, '}': true, ']': true, '"': true, ' ': true, '\t': true, '\n': true, '\r': true}

// ParseString returns what a JSON string stands for. ok is false for what is not one.
func ParseString(quoted []byte) (s string, ok bool) {
	if plain(quoted) {
		return string(quoted[1 : len(quoted)-1]), true
	}
	return s, json.Unmarshal(quoted, &s) == nil
}

// Unquote is ParseString for what is known to be a string.
func Unquote(quoted []byte) string {
	s, _ := ParseString(quoted)
	return s
}

// Named reports whether a JSON string stands for the name.
func Named(quoted []byte, name string) bool {
	if plain(quoted) {
		return string(quoted[1:len(quoted)-1]) == name
	}
	s, ok := ParseString(quoted)
	return ok && s == name
}

// plain reports whether a JSON string stands for the bytes between its quotation marks.
func plain(quoted []byte) bool {
	n := len(quoted)
	return n >= 2 && quoted[0] == '"' && quoted[n-1] == '"' && bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted)
}

// Quote writes a string as JSON, with no more escapes than there have to be.
func Quote(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // no string fails
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Escape reads the escape such as \u00e9 that a text begins with, or the two that stand for
// one character together. r is half of such a pair if the other half is missing. The size is
// 0 if there is no such escape.
func Escape(text string) (r rune, size int) {
	r, ok := unit(text)
	if !ok {
		return 0, 0
	}
	if second, ok := unit(text[6:]); ok {
		if both := utf16.DecodeRune(r, second); both != utf8.RuneError {
			return both, 12
		}
	}
	return r, 6
}

func unit(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}
