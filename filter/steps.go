package filter

// The way to a value in a JSON text.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Steps lead from the outermost value of a JSON text to one or, where a step is to
// any element, to several within it. There is at least one.
type Steps []Step

// A Step goes to a member of an object, or to elements of a list.
type Step struct {
	Name  string // of the member, where Index is Member
	Index int    // of the element, from 0; or Member, or Any
}

// What an Index is that counts nothing.
const (
	Member = -1 // the step is by Name
	Any    = -2 // the step is to each element of a list
)

func (s Steps) String() string {
	var b strings.Builder
	for i, step := range s {
		switch {
		case step.Index == Any:
			b.WriteString("[]")
		case step.Index >= 0:
			b.WriteString("[" + strconv.Itoa(step.Index) + "]")
		case step.Name == "" || strings.ContainsFunc(step.Name, endsName):
			b.WriteString("[" + quote(step.Name) + "]")
		default:
			b.WriteString("." + step.Name)
			continue
		}
		if i == 0 { // every path want a point first
			first := b.String()
			b.Reset()
			b.WriteString("." + first)
		}
	}
	return b.String()
}

// any reports whether f is true of one of the values that the steps lead to. Names are
// case-sensitive, of equal names the last one counts. A text that is not JSON has the
// values that come before its fault, and perhaps some behind it.
func (s Steps) any(text []byte, f func(value []byte) bool) bool {
	if len(s) == 0 {
		return f(text)
	}
	if text = text[space(text, 0):]; len(text) == 0 {
		return false
	}
	step, found := s[0], false
	switch {
	case step.Index == Member && text[0] == '{':
		var last []byte
		members(text, func(name, value []byte) bool {
			if named(name, step.Name) {
				last = value
			}
			return true
		})
		found = last != nil && s[1:].any(last, f)
	case step.Index != Member && text[0] == '[':
		i := 0
		members(text, func(_, value []byte) bool {
			found = (step.Index == Any || step.Index == i) && s[1:].any(value, f)
			i++
			return !found && step.Index != i-1
		})
	}
	return found
}

// members calls f with the members of the object or list that text begins with, until
// it returns false. The elements of a list have no name.
func members(text []byte, f func(name, value []byte) (more bool)) {
	for i := space(text, 1); i < len(text) && text[i] != '}' && text[i] != ']'; i = space(text, i) {
		var name []byte
		if text[0] == '{' {
			end := skip(text, i)
			name, i = text[i:end], space(text, end)
			if i == len(text) || text[i] != ':' {
				return
			}
			i = space(text, i+1)
		}
		end := skip(text, i)
		if end == i || !f(name, text[i:end]) {
			return
		}
		if i = space(text, end); i < len(text) && text[i] == ',' {
			i++
		}
	}
}

// space returns where the white space that begins at i ends.
func space(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

// skip returns where the value that begins at i ends.
func skip(text []byte, i int) int {
	depth := 0
	for ; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // it belongs to what is around the value
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			i = skipString(text, i)
			if depth == 0 {
				return i
			}
			i--
		case ',', ':', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

func skipString(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(text)
}

// unquote returns what a JSON string stands for.
func unquote(raw []byte) (s string, ok bool) {
	if plain(raw) {
		return string(raw[1 : len(raw)-1]), true
	}
	return s, json.Unmarshal(raw, &s) == nil
}

// plain reports whether a JSON string stands for the bytes between its quotation marks.
func plain(raw []byte) bool {
	n := len(raw)
	return n >= 2 && raw[0] == '"' && raw[n-1] == '"' && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw)
}

// named reports whether a JSON string stands for name.
func named(raw []byte, name string) bool {
	if plain(raw) {
		return string(raw[1:len(raw)-1]) == name
	}
	s, ok := unquote(raw)
	return ok && s == name
}

// scalar is a JSON value that is neither an object nor a list: its text, which of a string
// is what it stands for.
func scalar(raw []byte) (text string, isString, ok bool) {
	if len(raw) > 0 && raw[0] == '"' {
		text, ok = unquote(raw)
		return text, true, ok
	}
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return "", false, false
	}
	return string(raw), false, json.Valid(raw)
}

// sameNumber reports whether two JSON numbers have the same value. Whole numbers of
// any size are told apart; others as float64 tells them.
func sameNumber(a, b string) bool {
	if whole(a) && whole(b) {
		return a == b
	}
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && x == y
}

func whole(s string) bool { return strings.Trim(s, "-0123456789") == "" }

// isNumber reports whether a text is a JSON number.
func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || '0' <= s[0] && s[0] <= '9') && json.Valid([]byte(s))
}

// compareNumbers compares two JSON numbers: whole ones of any size exactly, others as
// float64.
func compareNumbers(a, b string) int {
	if whole(a) && whole(b) {
		return compareWhole(a, b)
	}
	x, _ := strconv.ParseFloat(a, 64) // of one that is too large it is an infinity
	y, _ := strconv.ParseFloat(b, 64)
	return cmp.Compare(x, y)
}

// compareWhole compares whole numbers, which JSON writes without zeros before them.
func compareWhole(a, b string) int {
	x, aNegative := strings.CutPrefix(a, "-")
	y, bNegative := strings.CutPrefix(b, "-")
	switch {
	case x == "0" && y == "0":
		return 0
	case aNegative != bNegative && aNegative:
		return -1
	case aNegative != bNegative:
		return 1
	}
	order := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	if aNegative {
		return -order
	}
	return order
}

// holds reports whether a JSON value is a number as it is wanted.
func (x Number) holds(raw []byte) bool {
	text := string(raw)
	return isNumber(text) && compare(compareNumbers(text, x.N), x.Op, 0)
}
