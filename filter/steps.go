package filter

// Paths to values in a JSON text.

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"hfhook/internal/jsontree"
)

// Steps lead from the outermost value of a JSON text to one or, where a step is to
// any element, to several within it. There is at least one.
type Steps []Step

// A Step goes to a member of an object, or to elements of a list.
type Step struct {
	Name  string // of the member, where Index is Member
	Index int    // of the element, from 0; or Member, or Any
}

// The special values of an Index.
const (
	Member = jsontree.ByName // the step is by Name
	Any    = jsontree.Any    // the step is to each element of a list
)

func (s Steps) String() string {
	path := make(jsontree.Path, len(s))
	for i, step := range s {
		path[i] = jsontree.Step(step)
	}
	return path.String()
}

// any reports whether f is true for one of the values that the steps lead to. Names are
// case-sensitive; of equal names the last one counts. If a text is not valid JSON, the values
// before its fault are found, and perhaps some after it.
func (s Steps) any(text []byte, f func(value []byte) bool) bool {
	if len(s) == 0 {
		return f(text)
	}
	step, i := s[0], 0
	var last []byte
	for part := range jsontree.Parts(text) {
		switch isMember := part.Name != nil; {
		case isMember != (step.Index == Member):
			return false
		case isMember && jsontree.Named(part.Name, step.Name):
			last = part.Text
		case !isMember && (step.Index == Any || step.Index == i) && s[1:].any(part.Text, f):
			return true
		case step.Index == i:
			return false
		}
		i++
	}
	return last != nil && s[1:].any(last, f)
}

// scalar returns the text of a JSON value that is neither an object nor a list; for a string it
// is the decoded text.
func scalar(raw []byte) (text string, isString, ok bool) {
	if len(raw) > 0 && raw[0] == '"' {
		text, ok = jsontree.ParseString(raw)
		return text, true, ok
	}
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return "", false, false
	}
	return string(raw), false, json.Valid(raw)
}

// sameNumber reports whether two JSON numbers have the same value. Whole numbers of any size
// are compared exactly, others as float64.
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
