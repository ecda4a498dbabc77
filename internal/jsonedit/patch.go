package jsonedit

// Patches: RFC 7396 (merge) and RFC 6902 (operations).

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hfhook/internal/jsontree"
	"hfhook/internal/nearest"
)

// MergePatch applies an RFC 7396 merge patch: a member of the patch that is null takes
// the member of that name away, an object is merged, anything else is put in its place.
func MergePatch(text, patch []byte) ([]byte, error) {
	p, err := jsontree.Parse(patch)
	if err != nil {
		return nil, fmt.Errorf("the merge patch is not JSON: %w", err)
	}
	if p.Root.Kind() != jsontree.Object {
		return nil, fmt.Errorf("the merge patch is not an object but a %s, which would replace the whole body", p.Root.Kind())
	}
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	if doc.Root.Kind() != jsontree.Object {
		text = replace(doc, doc.Root, []byte("{}"))
	}
	return merge(text, nil, p, p.Root)
}

// merge merges the object n of the patch p into the object at the path.
func merge(text []byte, path jsontree.Path, p *jsontree.Doc, n jsontree.Node) ([]byte, error) {
	for _, m := range n.Members() {
		name := m.Name()
		if last, _ := n.Last(name); last.Start != m.Start {
			continue
		}
		doc, err := parse(text)
		if err != nil {
			return nil, err
		}
		at := append(path[:len(path):len(path)], jsontree.Step{Name: name, Index: jsontree.ByName})
		old, there := doc.Lookup(at)
		switch {
		case m.Value.Kind() == jsontree.Null && !there:
			continue
		case m.Value.Kind() == jsontree.Null:
			text, err = Unset(text, at)
		case m.Value.Kind() != jsontree.Object:
			text, err = Set(text, at, m.Value.Raw())
		default:
			if !there || old.Kind() != jsontree.Object {
				if text, err = Set(text, at, []byte("{}")); err != nil {
					return nil, err
				}
			}
			text, err = merge(text, at, p, m.Value)
		}
		if err != nil {
			return nil, err
		}
	}
	return text, nil
}

// Patch applies an RFC 6902 JSON patch: all of its operations or, where one fails,
// none. The error names the operation by its number, from 1.
func Patch(text, patch []byte) ([]byte, error) {
	p, err := jsontree.Parse(patch)
	if err != nil {
		return nil, fmt.Errorf("the JSON patch is not JSON: %w", err)
	}
	if p.Root.Kind() != jsontree.List {
		return nil, fmt.Errorf("a JSON patch is a list of operations, but this is a %s (an object is a merge patch)", p.Root.Kind())
	}
	for i, n := range p.Root.Elements() {
		o := operation{node: n}
		if text, err = o.apply(text); err != nil {
			return nil, fmt.Errorf("operation %d of the JSON patch (%s): %w", i+1, o.name, err)
		}
	}
	return text, nil
}

// An operation is an element of a patch.
type operation struct {
	node jsontree.Node
	name string // its "op", once that is known
}

var operations = []string{"add", "remove", "replace", "move", "copy", "test"}

func (o *operation) apply(text []byte) ([]byte, error) {
	o.name = "?"
	if o.node.Kind() != jsontree.Object {
		return nil, errors.New(`want an object, for example {"op":"remove","path":"/comment"}`)
	}
	name, err := o.text("op")
	if err != nil {
		return nil, err
	}
	o.name = name
	if !slices.Contains(operations, name) {
		return nil, fmt.Errorf("unknown operation: did you mean %s?", nearest.Word(name, operations))
	}
	pointer, err := o.text("path")
	if err != nil {
		return nil, err
	}
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	switch name {
	case "add":
		value, err := o.value()
		if err != nil {
			return nil, err
		}
		return add(doc, pointer, value)
	case "remove":
		path, err := resolve(doc, pointer)
		if err != nil {
			return nil, err
		}
		return Unset(text, path)
	case "replace":
		value, err := o.value()
		if err != nil {
			return nil, err
		}
		path, err := resolve(doc, pointer)
		if err != nil {
			return nil, err
		}
		return Set(text, path, value)
	case "test":
		return text, o.test(doc, pointer)
	}

	from, err := o.text("from")
	if err != nil {
		return nil, err
	}
	source, err := resolve(doc, from)
	if err != nil {
		return nil, err
	}
	n, _ := doc.Lookup(source)
	if name == "move" && from != pointer {
		if strings.HasPrefix(pointer, from+"/") {
			return nil, fmt.Errorf("%s cannot be moved into itself", from)
		}
		if text, err = Unset(text, source); err != nil {
			return nil, err
		}
		value := n.Raw()
		if doc, err = parse(text); err != nil {
			return nil, err
		}
		return add(doc, pointer, value)
	}
	if name == "move" {
		return text, nil
	}
	return add(doc, pointer, n.Raw())
}

func (o *operation) test(doc *jsontree.Doc, pointer string) error {
	value, err := o.member("value")
	if err != nil {
		return err
	}
	path, err := resolve(doc, pointer)
	if err != nil {
		return err
	}
	if n, _ := doc.Lookup(path); !jsontree.Equal(n, value) {
		return fmt.Errorf("%s is %s, not %s", pointer, shorten(n.Raw()), shorten(value.Raw()))
	}
	return nil
}

// shorten bounds a value in a message.
func shorten(raw []byte) string {
	const most = 100
	if len(raw) <= most {
		return string(raw)
	}
	return strings.ToValidUTF8(string(raw[:most]), "") + "…"
}

func (o *operation) member(name string) (jsontree.Node, error) {
	m, ok := o.node.Last(name)
	if !ok {
		return m.Value, fmt.Errorf("its %q is missing", name)
	}
	return m.Value, nil
}

func (o *operation) text(name string) (string, error) {
	n, err := o.member(name)
	if err != nil {
		return "", err
	}
	if n.Kind() != jsontree.String {
		return "", fmt.Errorf("its %q is not a string", name)
	}
	return jsontree.Unquote(n.Raw()), nil
}

func (o *operation) value() ([]byte, error) {
	n, err := o.member("value")
	if err != nil {
		return nil, err
	}
	return n.Raw(), nil
}

// add is the operation of that name: in a list it puts a value in front of the one
// that is there, or behind the last, whose index is also written as -.
func add(doc *jsontree.Doc, pointer string, value []byte) ([]byte, error) {
	tokens, err := split(pointer)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return replace(doc, doc.Root, value), nil
	}
	last := len(tokens) - 1
	path, parent, err := descend(doc, tokens[:last])
	if err != nil {
		return nil, err
	}
	switch kind := parent.Kind(); kind {
	case jsontree.Object:
		if m, ok := parent.Last(tokens[last]); ok {
			return replace(doc, m.Value, value), nil
		}
		return addMember(doc, parent, tokens[last], value), nil
	case jsontree.List:
		length := parent.Len()
		index := length
		if tokens[last] != "-" {
			if index, err = listIndex(tokens[last]); err != nil {
				return nil, err
			}
		}
		if index > length {
			return nil, tooFar(path, length)
		}
		return insertElement(doc, parent, index, value), nil
	}
	return nil, fmt.Errorf("%s is a %s: nothing can be added to it", path, parent.Kind())
}

// resolve turns an RFC 6901 pointer to a value that is there into a path.
func resolve(doc *jsontree.Doc, pointer string) (jsontree.Path, error) {
	tokens, err := split(pointer)
	if err != nil {
		return nil, err
	}
	path, _, err := descend(doc, tokens)
	return path, err
}

func descend(doc *jsontree.Doc, tokens []string) (jsontree.Path, jsontree.Node, error) {
	var path jsontree.Path
	at := doc.Root
	for _, token := range tokens {
		step := jsontree.Step{Name: token, Index: jsontree.ByName}
		if at.Kind() == jsontree.List {
			index, err := listIndex(token)
			if err != nil {
				return nil, at, err
			}
			step = jsontree.Step{Index: index}
		}
		path = append(path, step)
		var err error
		if _, at, err = find(doc, path); err != nil {
			return nil, at, err
		}
	}
	return path, at, nil
}

// split parts a pointer into its tokens. The empty pointer, which is the whole text,
// has none.
func split(pointer string) ([]string, error) {
	if pointer == "" {
		return nil, nil
	}
	if pointer[0] != '/' {
		return nil, fmt.Errorf("invalid JSON pointer %q: want a slash first, for example /comment/content", pointer)
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens, nil
}

// listIndex reads an element's index as RFC 6901 has it: digits, and no 0 before others.
func listIndex(token string) (int, error) {
	n, err := strconv.ParseUint(token, 10, 31)
	if err != nil || strconv.FormatUint(n, 10) != token {
		return 0, fmt.Errorf("invalid list index %q: elements are counted from 0", token)
	}
	return int(n), nil
}
