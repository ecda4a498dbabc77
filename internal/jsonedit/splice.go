package jsonedit

// Changes to the bytes of a text.

import (
	"bytes"
	"slices"

	"hfhook/internal/jsontree"
)

// splice returns the text with other bytes in place of those from start to end.
func splice(text []byte, start, end int, with ...[]byte) []byte {
	return slices.Concat(text[:start], bytes.Join(with, nil), text[end:])
}

func replace(doc *jsontree.Doc, n jsontree.Node, value []byte) []byte {
	return splice(doc.Text, n.Start(), n.End(), value)
}

// addMember puts a member behind the others of an object, spaced as the last of them.
func addMember(doc *jsontree.Doc, object jsontree.Node, name string, value []byte) []byte {
	quoted := jsontree.Quote(name)
	var last jsontree.Member
	for _, last = range object.Members() {
	}
	if last.Value.IsZero() {
		return splice(doc.Text, object.Start(), object.End(), []byte("{"), quoted, []byte(":"), value, []byte("}"))
	}
	colon := doc.Text[last.End:last.Value.Start()] // with the spaces around it
	end := last.Value.End()
	return splice(doc.Text, end, end, []byte(","), spaceBefore(doc.Text, last.Start), quoted, colon, value)
}

// insertElement puts an element into a list, in front of the one at the index or, if
// that is the length, behind the last, spaced as that one.
func insertElement(doc *jsontree.Doc, list jsontree.Node, index int, value []byte) []byte {
	var at, last jsontree.Node
	for i, e := range list.Elements() {
		if last = e; i == index {
			at = e
		}
	}
	if last.IsZero() {
		return splice(doc.Text, list.Start(), list.End(), []byte("["), value, []byte("]"))
	}
	before := spaceBefore(doc.Text, last.Start())
	if at.IsZero() {
		return splice(doc.Text, last.End(), last.End(), []byte(","), before, value)
	}
	return splice(doc.Text, at.Start(), at.Start(), value, []byte(","), before)
}

// remove takes an element out of a list, or the members of a name out of an object: each
// with the comma before it, and the first ones with the comma behind them. If nothing is
// left the space around it goes, too.
func remove(doc *jsontree.Doc, from jsontree.Node, step jsontree.Step) []byte {
	inside := from.Start() + 1
	text := append(make([]byte, 0, len(doc.Text)), doc.Text[:inside]...)
	end := inside // of what was looked at
	kept := false // one that is not removed
	part := func(start, stop int, gone bool) {
		switch {
		case gone:
		case kept: // with what is before it, which begins behind the one before it
			text = append(text, doc.Text[end:stop]...)
		case end == inside: // the first of all, with the space before it
			text = append(text, doc.Text[inside:stop]...)
		default: // the first that is left, in the place of the first of all
			text = append(append(text, spaceBehind(doc.Text, inside)...), doc.Text[start:stop]...)
		}
		kept, end = kept || !gone, stop
	}
	for i, e := range from.Elements() {
		part(e.Start(), e.End(), i == step.Index)
	}
	for _, m := range from.Members() {
		part(m.Start, m.Value.End(), m.Name() == step.Name)
	}
	if !kept {
		end = from.End() - 1
	}
	return append(text, doc.Text[end:]...)
}

// spaceBefore returns the white space that ends at a place.
func spaceBefore(text []byte, at int) []byte {
	return text[len(bytes.TrimRight(text[:at], space)):at]
}

// spaceBehind returns the white space that begins at a place.
func spaceBehind(text []byte, at int) []byte {
	return text[at : len(text)-len(bytes.TrimLeft(text[at:], space))]
}

const space = " \t\r\n"
