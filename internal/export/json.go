package export

// JSON that shows itself as it is: strings have no character that a screen would
// not show.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"hfhook/internal/visible"
)

// encode is the JSON of a value, in one line, or indented.
func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escape(b.Bytes(), func(r rune) bool {
		return r < 0x7f || visible.Line(string(r)) == string(r)
	}), nil
}

func quoteJSON(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string has a JSON, and a Buffer takes it
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// escape writes the characters of a JSON text that are not to be kept as \u and
// four digits. Such characters are in strings alone.
func escape(text []byte, keep func(rune) bool) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		switch {
		case keep(r):
			out = append(out, text[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}
