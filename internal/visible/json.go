package visible

import (
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON returns a JSON text, which has to be valid, with an escape in place of each
// character that has no picture: DEL, C1 controls, bidirectional controls, zero-width
// and other format characters, line and paragraph separators, tags, private and
// unassigned code points, and what is drawn as nothing. It means the same as before, and
// is text itself if there is no such character.
func JSON(text []byte) []byte {
	return EscapeJSON(text, func(r rune) bool { return r < 0x7f || unicode.IsGraphic(r) && !hidden(r) })
}

// EscapeJSON returns a JSON text with \u and four digits in place of each character that
// is not to be kept. All ASCII characters but DEL have to be. A byte that is not UTF-8
// becomes U+FFFD.
func EscapeJSON(text []byte, keep func(rune) bool) []byte {
	var out []byte
	done := 0 // how much of text is in out
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if !keep(r) {
			if out == nil {
				out = make([]byte, 0, len(text)+len(text)/8)
			}
			out = append(out, text[done:i]...)
			if r > 0xffff {
				high, low := utf16.EncodeRune(r)
				out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
			done = i + size
		}
		i += size
	}
	if out == nil {
		return text
	}
	return append(out, text[done:]...)
}
