package jsondiff

import (
	"slices"
	"strings"
	"unicode/utf16"

	"hfhook/internal/jsontree"
)

// Readable is the difference with the characters of strings in the place of the escapes
// that they were written with, as é for \u00e9. Quotation marks, backslashes and control
// characters stay escaped, so a value is JSON on one line still.
func (d *Diff) Readable() *Diff {
	r := *d
	r.Fields = slices.Clone(d.Fields)
	for i, f := range r.Fields {
		r.Fields[i].Old, r.Fields[i].New = unescaped(f.Old), unescaped(f.New)
	}
	return &r
}

// unescaped writes the characters of a JSON text as themselves where that is another way
// to write the same.
func unescaped(text string) string {
	if !strings.Contains(text, `\u`) && !strings.Contains(text, `\/`) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		r, size := escape(text[i:])
		if size == 0 {
			size = 1
			if text[i] == '\\' { // an escaped character does not begin another escape
				size = 2
			}
			b.WriteString(text[i : i+size])
		} else {
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// escape reads a character that text begins with in the form of an escape, and that needs
// none. The size is 0 if there is no such character.
func escape(text string) (r rune, size int) {
	if strings.HasPrefix(text, `\/`) {
		return '/', 2
	}
	r, size = jsontree.Escape(text)
	if r < ' ' || r == '"' || r == '\\' || utf16.IsSurrogate(r) { // half a character has no other form
		return 0, 0
	}
	return r, size
}
