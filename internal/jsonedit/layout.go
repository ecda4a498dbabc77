package jsonedit

// JSON as people edit it, and back.

import (
	"bytes"
	"slices"

	"hfhook/internal/jsontree"
)

const bom = "\ufeff"

// Indented writes JSON as people edit it: a value a line, as far as that is in proportion
// to the text, a line break at the end, no byte-order mark. ok is false for what is no
// JSON.
func Indented(body []byte) (text []byte, ok bool) {
	doc, err := jsontree.Parse(body)
	if err != nil {
		return nil, false
	}
	var b bytes.Buffer
	_, _ = doc.Layout(&b) // a Buffer takes all
	b.WriteByte('\n')
	return b.Bytes(), true
}

// LaidOutAs puts edited JSON on one line, between what stands around it, if the body was
// on one line without any spaces before; else it returns it as it is.
func LaidOutAs(edited, before []byte) []byte {
	value := bytes.TrimSpace(bytes.TrimPrefix(before, []byte(bom)))
	if was, ok := compact(value); !ok || !bytes.Equal(was, value) {
		return edited
	}
	is, ok := compact(edited)
	if !ok {
		return edited
	}
	head, tail, _ := bytes.Cut(before, value)
	return slices.Concat(head, is, tail)
}

// compact is a JSON text without white space between its parts; ok is false for what is
// no JSON.
func compact(text []byte) (short []byte, ok bool) {
	doc, err := jsontree.Parse(text)
	if err != nil {
		return nil, false
	}
	return []byte(doc.Root.OnOneLine()), true
}

// SameEnd takes away the line break that editors put at the end, where the text before
// had none.
func SameEnd(edited, before []byte) []byte {
	if n := len(edited); n > 0 && edited[n-1] == '\n' && (len(before) == 0 || before[len(before)-1] != '\n') {
		return edited[:n-1]
	}
	return edited
}
