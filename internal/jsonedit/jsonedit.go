// Package jsonedit changes values in a JSON text and leaves all else in it, byte for
// byte, as it was: the order of members, spacing, the digits of numbers, escapes. It
// sets and unsets by path, and applies merge patches (RFC 7396) and JSON patches
// (RFC 6902).
//
//	path, err := jsontree.ParsePath(".comment.content")
//	…
//	body, err = jsonedit.Set(body, path, jsonedit.Value("hello"))
//
// No function changes the text that it is given; one that fails returns none. Of an
// object's members with the same name the last is the one that counts, as to most
// readers.
package jsonedit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"hfhook/internal/jsontree"
	"hfhook/internal/nearest"
)

// Value is the JSON that a person means by a text: the text itself if it is JSON, as
// true, 12 and ["a"] are, else a string of it.
func Value(text string) []byte {
	if json.Valid([]byte(text)) {
		return bytes.TrimSpace([]byte(text))
	}
	return jsontree.Quote(text)
}

// Set puts a value, which has to be JSON, at the path. What is missing on the way is
// made: members, the next element of a list, an object or a list in place of null. It
// fails where the path leads through a value of another type, or beyond the end of a
// list.
func Set(text []byte, path jsontree.Path, value []byte) ([]byte, error) {
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	at, rest, err := walk(doc, path)
	if err != nil {
		return nil, err
	}
	value = bytes.Trim(value, space)
	if len(rest) == 0 {
		return replace(doc, at, value), nil
	}
	value, err = wrap(path, rest[1:], value)
	if err != nil {
		return nil, err
	}
	switch step := rest[0]; {
	case at.Kind() == jsontree.Null:
		if value, err = wrap(path, rest[:1], value); err != nil {
			return nil, err
		}
		return replace(doc, at, value), nil
	case step.Index == jsontree.ByName:
		return addMember(doc, at, step.Name, value), nil
	default:
		return insertElement(doc, at, step.Index, value), nil
	}
}

// Unset takes away what is at the path: an element of a list or, with all others of
// its name, a member of an object. It fails if there is nothing.
func Unset(text []byte, path jsontree.Path) ([]byte, error) {
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, errors.New("the whole body cannot be removed")
	}
	parent, _, err := find(doc, path)
	if err != nil {
		return nil, err
	}
	return remove(doc, parent, path[len(path)-1]), nil
}

func parse(text []byte) (*jsontree.Doc, error) {
	doc, err := jsontree.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	return doc, nil
}

// walk goes along the path as far as there is something. rest begins with the step
// that leads to nothing yet, and could be made.
func walk(doc *jsontree.Doc, path jsontree.Path) (at jsontree.Node, rest jsontree.Path, err error) {
	at = doc.Root
	for i, s := range path {
		next, err := follow(at, path, i)
		switch {
		case err != nil:
			return at, nil, err
		case next.IsZero() && s.Index > 0 && s.Index > elements(at):
			return at, nil, tooFar(path[:i], elements(at))
		case next.IsZero():
			return at, path[i:], nil
		}
		at = next
	}
	return at, nil, nil
}

// find returns the value at the path, and that which it is in.
func find(doc *jsontree.Doc, path jsontree.Path) (parent, at jsontree.Node, err error) {
	at = doc.Root
	for i, s := range path {
		next, err := follow(at, path, i)
		switch {
		case err != nil:
			return parent, at, err
		case next.IsZero() && s.Index == jsontree.ByName:
			return parent, at, noMember(at, path[:i+1])
		case next.IsZero():
			return parent, at, tooFar(path[:i], elements(at))
		}
		parent, at = at, next
	}
	return parent, at, nil
}

// elements is how many elements a list has; any other value has none.
func elements(n jsontree.Node) int {
	if n.Kind() != jsontree.List {
		return 0
	}
	return n.Len()
}

// follow takes the step i of the path from a value. It returns the zero Node if that
// leads to nothing, and an error if it never can.
func follow(at jsontree.Node, path jsontree.Path, i int) (jsontree.Node, error) {
	step, kind := path[i], at.Kind()
	switch {
	case step.Index == jsontree.Any:
		return jsontree.Node{}, fmt.Errorf("%s: [] means every element: name one, for example [0]", path)
	case kind == jsontree.Null:
		return jsontree.Node{}, nil
	case step.Index == jsontree.ByName && kind == jsontree.Object:
		last, _ := at.Last(step.Name)
		return last.Value, nil
	case step.Index >= 0 && kind == jsontree.List:
		e, _ := at.Element(step.Index)
		return e, nil
	case step.Index == jsontree.ByName:
		return jsontree.Node{}, fmt.Errorf("%s: %s is a %s and has no members", path, path[:i], kind)
	default:
		return jsontree.Node{}, fmt.Errorf("%s: %s is not a list but a value of type %s", path, path[:i], kind)
	}
}

// maxNames is how many names are compared with one that is unknown.
const maxNames = 10_000

// noMember says which member of at the last step of the path may mean.
func noMember(at jsontree.Node, path jsontree.Path) error {
	last := len(path) - 1
	var names []string
	for i, m := range at.Members() {
		if i == maxNames {
			break
		}
		names = append(names, m.Name())
	}
	if len(names) == 0 {
		return fmt.Errorf("%s has no members", path[:last])
	}
	near := append(path[:last:last], jsontree.Step{Name: nearest.Word(path[last].Name, names), Index: jsontree.ByName})
	return fmt.Errorf("%s not found: did you mean %s?", path, near)
}

func tooFar(list jsontree.Path, length int) error {
	if length == 0 {
		return fmt.Errorf("%s has no elements yet: use [0]", list)
	}
	return fmt.Errorf("%s has %d elements, up to [%d]; [%d] appends one", list, length, length-1, length)
}

// wrap makes the objects and lists that lead by rest, the end of path, to a value.
func wrap(path, rest jsontree.Path, value []byte) ([]byte, error) {
	for i := len(rest) - 1; i >= 0; i-- {
		switch s := rest[i]; {
		case s.Index == jsontree.ByName:
			value = fmt.Appendf(nil, "{%s:%s}", jsontree.Quote(s.Name), value)
		case s.Index == 0:
			value = fmt.Appendf(nil, "[%s]", value)
		case s.Index == jsontree.Any:
			return nil, fmt.Errorf("%s: [] means every element: name one, for example [0]", path)
		default:
			return nil, tooFar(path[:len(path)-len(rest)+i], 0)
		}
	}
	return value, nil
}
