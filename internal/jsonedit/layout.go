package jsonedit

// JSON as people edit it, and back.

import (
	"bytes"
	"encoding/json"
	"slices"
)

const bom = "\ufeff"

// Indented writes JSON as people edit it: a value a line, a line break at the end, no
// byte-order mark. ok is false for what is no JSON.
func Indented(body []byte) (text []byte, ok bool) {
	var b bytes.Buffer
	if json.Indent(&b, bytes.TrimPrefix(body, []byte(bom)), "", "  ") != nil {
		return nil, false
	}
	return append(bytes.TrimSpace(b.Bytes()), '\n'), true
}

// LaidOutAs puts edited JSON on one line, between what stands around it, if the body was
// on one line without any spaces before; else it returns it as it is.
func LaidOutAs(edited, before []byte) []byte {
	value := bytes.TrimSpace(bytes.TrimPrefix(before, []byte(bom)))
	var was, is bytes.Buffer
	if json.Compact(&was, value) != nil || !bytes.Equal(was.Bytes(), value) {
		return edited
	}
	if json.Compact(&is, bytes.TrimPrefix(edited, []byte(bom))) != nil {
		return edited
	}
	head, tail, _ := bytes.Cut(before, value)
	return slices.Concat(head, is.Bytes(), tail)
}

// SameEnd takes away the line break that editors put at the end, where the text before
// had none.
func SameEnd(edited, before []byte) []byte {
	if n := len(edited); n > 0 && edited[n-1] == '\n' && (len(before) == 0 || before[len(before)-1] != '\n') {
		return edited[:n-1]
	}
	return edited
}
