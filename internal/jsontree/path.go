package jsontree

// The way to a value, as people write it: the paths of the filter language.

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A Path leads from the outermost value to one within it. The empty path is the
// outermost value itself.
type Path []Step

// A Step goes to a member of an object, or to an element of a list.
type Step struct {
	Name  string // of the member, where Index is ByName
	Index int    // of the element, from 0; or ByName, or Any
}

// What an Index is that counts nothing.
const (
	ByName = -1 // the step is by Name
	Any    = -2 // the step is to each element of a list
)

// String writes the path as ParsePath reads it; the empty path is a point.
func (p Path) String() string {
	if len(p) == 0 {
		return "."
	}
	b := make([]byte, 0, 64)
	for i, s := range p {
		plain := s.Index == ByName && s.Name != "" && !strings.ContainsFunc(s.Name, quotedInNames)
		if i == 0 || plain {
			b = append(b, '.') // every path begins with one
		}
		switch {
		case plain:
			b = append(b, s.Name...)
		case s.Index == Any:
			b = append(b, "[]"...)
		case s.Index >= 0:
			b = append(strconv.AppendInt(append(b, '['), int64(s.Index), 10), ']')
		default:
			b = append(append(append(b, '['), Quoted(s.Name)...), ']')
		}
	}
	return string(b)
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// endsName reports whether a character ends a name that has no quotation marks.
func endsName(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`.[]:~=|()"`, r) }

// quotedInNames reports whether a name is written in quotation marks because it has this
// character: also < and > end a name in a filter.
func quotedInNames(r rune) bool { return endsName(r) || r == '<' || r == '>' }

// ParsePath reads a path of one step or more, for example .updatedRefs[0].newSha or
// .["a name"][]. A name that has a space, a quotation mark or one of .[]:~=|() stands
// in brackets and quotation marks, where \" and \\ stand for the characters.
func ParsePath(text string) (Path, error) {
	p, rest, err := CutPath(text)
	if err != nil {
		return nil, err
	}
	if rest != "" {
		return nil, fmt.Errorf(`invalid path %q at %q: write a name with such characters as ["name"]`, text, rest)
	}
	return p, nil
}

// CutPath reads the path that a text begins with, and returns what follows it.
func CutPath(text string) (p Path, rest string, err error) {
	if !strings.HasPrefix(text, ".") {
		return nil, "", fmt.Errorf("invalid path %q: want a point first, for example .comment.content or .updatedRefs[0].newSha", text)
	}
	rest = text
	for {
		step, after, err := CutStep(rest, len(p) == 0, endsName)
		if err != nil {
			return nil, "", fmt.Errorf("invalid path %q: %w", text, err)
		}
		if after == rest {
			break
		}
		p, rest = append(p, step), after
	}
	if len(p) == 0 {
		return nil, "", fmt.Errorf("invalid path %q: want a name right after the point, for example .comment.content", text)
	}
	return p, rest, nil
}

// A StepError says what is wrong with a step, and at which byte of the text that begins there.
type StepError struct {
	At  int
	Msg string
}

func (e *StepError) Error() string { return e.Msg }

// CutStep reads one step of a path, or nothing: then after is text. ends reports whether a
// character ends a name without quotation marks. The error is a [*StepError].
func CutStep(text string, first bool, ends func(rune) bool) (s Step, after string, err error) {
	if name, ok := strings.CutPrefix(text, "."); ok && (!first || !strings.HasPrefix(name, "[")) {
		end := strings.IndexFunc(name, ends)
		if end < 0 {
			end = len(name)
		}
		if end == 0 {
			return Step{}, text, nil
		}
		return Step{Name: name[:end], Index: ByName}, name[end:], nil
	}
	inside := strings.TrimPrefix(text, ".")
	if !strings.HasPrefix(inside, "[") {
		return Step{}, text, nil
	}
	bracket := len(text) - len(inside)
	inside = inside[1:]
	s = Step{Index: Any}
	if strings.HasPrefix(inside, `"`) {
		s.Index = ByName
		var ok bool
		if s.Name, after, ok = CutQuoted(inside); !ok {
			return Step{}, "", &StepError{bracket + 1, "the closing quote is missing"}
		}
		inside = after
	} else if digits := inside[:len(inside)-len(strings.TrimLeft(inside, "0123456789"))]; digits != "" {
		n, err := strconv.ParseInt(digits, 10, 32)
		if err != nil {
			return Step{}, "", &StepError{bracket, "index " + digits + " is out of range"}
		}
		s.Index, inside = int(n), inside[len(digits):]
	}
	after, ok := strings.CutPrefix(inside, "]")
	if !ok {
		return Step{}, "", &StepError{bracket, `want [0], [] or ["name"] in brackets`}
	}
	return s, after, nil
}

// Quoted writes a name or a value of a path or filter in quotation marks, and CutQuoted reads
// the ones that a text begins with: \" and \\ stand for the characters. ok is false if the
// last one is missing.
func Quoted(s string) string { return `"` + quoter.Replace(s) + `"` }

func CutQuoted(text string) (s, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		c := text[i]
		if c == '"' {
			return b.String(), text[i+1:], true
		}
		if c == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\') {
			i++
			c = text[i]
		}
		b.WriteByte(c)
	}
	return "", "", false
}

// Lookup returns the value that a path leads to. Of members of the same name the last
// one counts. A path with the step Any leads to no one value.
func (d *Doc) Lookup(p Path) (Node, bool) {
	n := d.Root
	for _, s := range p {
		ok := false
		switch {
		case s.Index == ByName:
			var m Member
			m, ok = n.Last(s.Name)
			n = m.Value
		case s.Index >= 0:
			n, ok = n.Element(s.Index)
		}
		if !ok {
			return Node{}, false
		}
	}
	return n, true
}

// Covers reports whether q is p, or leads to something within the value of p. The step
// Any of p stands for every element.
func (p Path) Covers(q Path) bool {
	if len(q) < len(p) {
		return false
	}
	for i, s := range p {
		if s != q[i] && (s.Index != Any || q[i].Index == ByName) {
			return false
		}
	}
	return true
}
