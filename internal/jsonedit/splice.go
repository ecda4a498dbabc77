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

func replace(doc *jsontree.Doc, n *jsontree.Node, value []byte) []byte {
	return splice(doc.Text, n.Start, n.End, value)
}

// addMember puts a member behind the others of an object, spaced as the last of them.
func addMember(doc *jsontree.Doc, object *jsontree.Node, name string, value []byte) []byte {
	quoted := jsontree.Quote(name)
	if len(object.Members) == 0 {
		return splice(doc.Text, object.Start, object.End, []byte("{"), quoted, []byte(":"), value, []byte("}"))
	}
	last := object.Members[len(object.Members)-1]
	colon := doc.Text[last.End:last.Value.Start] // with the spaces around it
	end := last.Value.End
	return splice(doc.Text, end, end, []byte(","), spaceBefore(doc.Text, last.Start), quoted, colon, value)
}

// insertElement puts an element into a list, in front of the one at the index or, if
// that is the length, behind the last, spaced as that one.
func insertElement(doc *jsontree.Doc, list *jsontree.Node, index int, value []byte) []byte {
	if len(list.Elements) == 0 {
		return splice(doc.Text, list.Start, list.End, []byte("["), value, []byte("]"))
	}
	last := list.Elements[len(list.Elements)-1]
	space := spaceBefore(doc.Text, last.Start)
	if index == len(list.Elements) {
		return splice(doc.Text, last.End, last.End, []byte(","), space, value)
	}
	at := list.Elements[index].Start
	return splice(doc.Text, at, at, value, []byte(","), space)
}

// remove takes an element out of a list, or the members of a name out of an object.
func remove(doc *jsontree.Doc, from *jsontree.Node, step jsontree.Step) []byte {
	var spans [][2]int // of what the list or object holds
	gone := func(i int) bool { return i == step.Index }
	if from.Kind == jsontree.Object {
		for _, m := range from.Members {
			spans = append(spans, [2]int{m.Start, m.Value.End})
		}
		gone = func(i int) bool { return from.Members[i].Name == step.Name }
	} else {
		for _, e := range from.Elements {
			spans = append(spans, [2]int{e.Start, e.End})
		}
	}

	text := doc.Text
	// From the end, so that what comes before stays where it is.
	for i := len(spans) - 1; i >= 0; i-- {
		if !gone(i) {
			continue
		}
		start, end := spans[i][0], spans[i][1]
		switch {
		case i > 0: // with the comma before it
			start = spans[i-1][1]
		case len(spans) > 1: // with the comma and the space behind it
			end = spans[1][0]
		default: // the only one, with the space around it
			start, end = from.Start+1, from.End-1-(len(doc.Text)-len(text))
		}
		text = splice(text, start, end)
		spans = slices.Delete(spans, i, i+1)
		for k := range spans[i:] {
			spans[i+k][0] -= end - start
			spans[i+k][1] -= end - start
		}
	}
	return text
}

// spaceBefore returns the white space that ends at a place.
func spaceBefore(text []byte, at int) []byte {
	return text[len(bytes.TrimRight(text[:at], " \t\r\n")):at]
}
