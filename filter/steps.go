package filter

// The way to a value in a JSON text.

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
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
		if i == 0 { // every path begins with a point
			first := b.String()
			b.Reset()
			b.WriteString("." + first)
		}
	}
	return b.String()
}

// any tells whether f is true of one of the values that the steps lead to. Names are
// case-sensitive, of equal names the last one counts. In what is no JSON there are
// no values.
func (s Steps) any(text []byte, f func(json.RawMessage) bool) bool {
	if len(s) == 0 {
		return f(text)
	}
	if s[0].Index == Member {
		var object map[string]json.RawMessage
		if json.Unmarshal(text, &object) != nil {
			return false
		}
		member, ok := object[s[0].Name]
		return ok && s[1:].any(member, f)
	}
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil {
		return false
	}
	if i := s[0].Index; i >= 0 {
		return i < len(list) && s[1:].any(list[i], f)
	}
	for _, element := range list {
		if s[1:].any(element, f) {
			return true
		}
	}
	return false
}

// scalar is a JSON value that is no object and no list: its text, which of a string
// is what it stands for.
func scalar(raw json.RawMessage) (text string, isString, ok bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "", false, false
	}
	switch raw[0] {
	case '{', '[':
		return "", false, false
	case '"':
		err := json.Unmarshal(raw, &text)
		return text, true, err == nil
	}
	return string(raw), false, true
}

// sameNumber tells whether two JSON numbers have the same value. Whole numbers of
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
