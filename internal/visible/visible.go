// Package visible makes text from outside safe to show: what a terminal or a
// person could not see, or would take for something else, becomes a visible mark.
//
//	visible.Line("a\x1b[2Jb\u202ec") // a␛[2Jb‹U+202E›c
//
// The rules:
//
//   - A control character becomes its symbol: ␀ … ␟ and ␡, with ␊ for a newline
//     and ␉ for a tab.
//   - Everything else that has no picture becomes its code point, for example ‹U+202E›:
//     C1 controls, bidirectional controls, zero-width and other format characters,
//     line and paragraph separators, tags, private and unassigned code points, and
//     the letters and marks that are drawn as nothing.
//   - A combining mark without a letter before it, or after four others, becomes
//     its code point too: it would change what is beside the text, or above it.
//   - A byte that is not UTF-8 becomes its value, for example ‹FF›.
//   - What only chooses how an emoji looks (one variation selector, a joiner
//     between two, a skin tone) is left out: the emoji stay, and terminals agree
//     on how wide they are.
//
// Spaces of all widths and the letters of all scripts stay as they are. Marks that
// were in the text already are not told apart from those made here.
package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line of text. It allocates nothing where s is clean.
func Line(s string) string { return show(s, false) }

// Block returns s as lines of text: newlines stay, "\r\n" is one, and a tab is
// spaces up to the next multiple of four, with every rune counted as one cell.
func Block(s string) string { return show(s, true) }

const (
	tabStop  = 4
	maxMarks = 4 // combining marks on one letter

	joiner     = '\u200d'
	textStyle  = '\ufe0e'
	emojiStyle = '\ufe0f'
)

func show(s string, block bool) string {
	start := plain(s, block)
	if start == len(s) {
		return s
	}
	out := make([]byte, 0, len(s)+16)
	st := state{block: block}
	out, _ = st.show(out, s, true)
	return string(out)
}

// A state is what has to be known of the text before.
type state struct {
	block  bool
	prev   rune // what a combining mark would join: the last rune kept, 0 at the start of a line and after a mark
	picked bool // a variation selector was left out after prev
	marks  int  // combining marks since the last letter
	column int
}

// show appends s to out, and returns how much of s it has taken: all of the last part of
// a text, else as far as what follows makes no difference.
func (st *state) show(out []byte, s string, last bool) ([]byte, int) {
	for i := 0; i < len(s); {
		if n := plain(s[i:], st.block); n > 0 {
			out = append(out, s[i:i+n]...)
			st.pass(s[i : i+n])
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		rest := s[i+size:]
		if !last && (!utf8.FullRuneInString(s[i:]) || (r == '\r' || r == joiner) && !utf8.FullRuneInString(rest)) {
			return out, i
		}
		at := i
		i += size

		switch {
		case r == utf8.RuneError && size == 1:
			out = st.caretForm(out, "", uint32(s[at]), 2)
		case st.block && r == '\r' && strings.HasPrefix(rest, "\n"):
			continue // the newline follows
		case st.block && r == '\t':
			n := tabStop - st.column%tabStop
			out = append(out, "    "[:n]...)
			st.prev, st.column = ' ', st.column+n
		case r < ' ':
			out = utf8.AppendRune(out, 0x2400+r)
			st.prev, st.column = 0, st.column+1
		case r == 0x7f:
			out = utf8.AppendRune(out, '␡')
			st.prev, st.column = 0, st.column+1
		case (r == textStyle || r == emojiStyle) && takesStyle(st.prev) && !st.picked:
			st.picked = true
			continue
		case r == joiner && isEmoji(st.prev) && isEmoji(first(rest)):
			continue
		case isTone(r) && isEmoji(st.prev):
			continue
		case unicode.Is(unicode.M, r) && !hidden(r) && st.prev != 0 && st.marks < maxMarks:
			out = utf8.AppendRune(out, r)
			st.marks++
			continue
		case unicode.Is(unicode.M, r) || isTone(r) || !unicode.IsGraphic(r) || hidden(r):
			out = st.caretForm(out, "U+", uint32(r), 4)
		default:
			out = utf8.AppendRune(out, r)
			st.prev, st.column = r, st.column+1
		}
		st.picked, st.marks = false, 0
	}
	return out, len(s)
}

// pass notes that plain text was kept as it is.
func (st *state) pass(s string) {
	st.picked, st.marks = false, 0
	st.column += len(s)
	if end := strings.LastIndexByte(s, '\n'); end >= 0 {
		st.column = len(s) - end - 1
	}
	if st.prev = rune(s[len(s)-1]); st.prev == '\n' {
		st.prev = 0
	}
}

// plain returns how much of the start of s is printable ASCII, and newlines in a
// block.
func plain(s string, block bool) int {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && (!block || c != '\n') {
			return i
		}
	}
	return len(s)
}

// caretForm appends a number in hexadecimal, of so many digits at least: ‹U+202E›.
func (st *state) caretForm(out []byte, prefix string, n uint32, digits int) []byte {
	const hex = "0123456789ABCDEF"
	for digits < 8 && n>>(4*digits) > 0 {
		digits++
	}
	out = append(append(out, "‹"...), prefix...)
	for d := digits - 1; d >= 0; d-- {
		out = append(out, hex[n>>(4*d)&15])
	}
	st.prev, st.column = 0, st.column+len(prefix)+digits+2
	return append(out, "›"...)
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isEmoji reports whether r can be part of an emoji. Unicode's tables in Go do not
// say, so every symbol that is not a letter, a sign or a currency counts as one.
func isEmoji(r rune) bool { return unicode.Is(unicode.So, r) }

func isTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// takesStyle reports whether a variation selector after r chooses between text and
// emoji, rather than hiding something: digits, # and * start the keycaps.
func takesStyle(r rune) bool {
	return isEmoji(r) || unicode.Is(unicode.Sm, r) || (r >= '0' && r <= '9') || r == '#' || r == '*' || r == '‼' || r == '⁉' || r == '〰' || r == '〽'
}

// hidden reports whether r is drawn as nothing although Unicode calls it a letter, a
// mark or a symbol.
func hidden(r rune) bool {
	switch {
	case r == 0x034f, // combining grapheme joiner
		r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, // Hangul fillers
		r == 0x17b4, r == 0x17b5, // Khmer inherent vowels
		r == 0x2800,                // blank Braille pattern
		r >= 0x180b && r <= 0x180f, // Mongolian variation selectors
		r >= 0xfe00 && r <= 0xfe0f, // variation selectors
		r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return false
}
