// Package visible makes text from outside safe to show: what a terminal or a
// person could not see, or would take for something else, becomes a visible mark.
//
//	visible.Line("a\x1b[2Jb\u202ec") // a␛[2Jb‹U+202E›c
//
// The rules:
//
//   - A control character becomes its symbol: ␀ … ␟ and ␡, with ␊ for a newline
//     and ␉ for a tab.
//   - Everything else that has no picture becomes its code point, as in ‹U+202E›:
//     C1 controls, bidirectional controls, zero-width and other format characters,
//     line and paragraph separators, tags, private and unassigned code points, and
//     the letters and marks that are drawn as nothing.
//   - A combining mark without a letter before it, or after four others, becomes
//     its code point too: it would change what is beside the text, or above it.
//   - A byte that is not UTF-8 becomes its value, as in ‹FF›.
//   - What only chooses how an emoji looks (one variation selector, a joiner
//     between two, a skin tone) is left out: the emoji stay, and terminals agree
//     on how wide they are.
//
// Spaces of all widths and the letters of all scripts stay as they are. Marks that
// were in the text already are not told apart from those made here.
package visible

import (
	"fmt"
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
	var (
		b      strings.Builder
		prev   rune // what a combining mark would join: the last rune kept, 0 at the start of a line and after a mark
		picked bool // a variation selector was left out after prev
		marks  int  // combining marks since the last letter
		column int
	)
	b.Grow(len(s) + 16)
	b.WriteString(s[:start])
	if start > 0 {
		prev = rune(s[start-1])
		column = start - 1 - strings.LastIndexByte(s[:start], '\n')
		if prev == '\n' {
			prev = 0
		}
	}
	for i := start; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		at := i
		i += size

		switch {
		case r == utf8.RuneError && size == 1:
			column += mark(&b, "‹%02X›", s[at])
			prev = 0
		case block && r == '\r' && strings.HasPrefix(s[i:], "\n"):
			continue // the newline follows
		case block && r == '\n':
			b.WriteByte('\n')
			prev, column = 0, 0
		case block && r == '\t':
			n := tabStop - column%tabStop
			b.WriteString("    "[:n])
			prev, column = ' ', column+n
		case r < ' ':
			b.WriteRune(0x2400 + r)
			prev, column = 0, column+1
		case r == 0x7f:
			b.WriteRune('␡')
			prev, column = 0, column+1
		case (r == textStyle || r == emojiStyle) && takesStyle(prev) && !picked:
			picked = true
			continue
		case r == joiner && isEmoji(prev) && isEmoji(first(s[i:])):
			continue
		case isTone(r) && isEmoji(prev):
			continue
		case unicode.Is(unicode.M, r) && !hidden(r) && prev != 0 && marks < maxMarks:
			b.WriteRune(r)
			marks++
			continue
		case unicode.Is(unicode.M, r) || isTone(r) || !unicode.IsGraphic(r) || hidden(r):
			column += mark(&b, "‹U+%04X›", r)
			prev = 0
		default:
			b.WriteRune(r)
			prev, column = r, column+1
		}
		picked, marks = false, 0
	}
	return b.String()
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

func mark(b *strings.Builder, format string, arg any) int {
	n := b.Len()
	fmt.Fprintf(b, format, arg)
	return utf8.RuneCountInString(b.String()[n:])
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isEmoji tells whether r can be part of an emoji. Unicode's tables in Go do not
// say, so every symbol that is no letter, sign or currency counts as one.
func isEmoji(r rune) bool { return unicode.Is(unicode.So, r) }

func isTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// takesStyle tells whether a variation selector after r chooses between text and
// emoji, rather than hiding something: digits, # and * start the keycaps.
func takesStyle(r rune) bool {
	return isEmoji(r) || unicode.Is(unicode.Sm, r) || (r >= '0' && r <= '9') || r == '#' || r == '*' || r == '‼' || r == '⁉' || r == '〰' || r == '〽'
}

// hidden tells whether r is drawn as nothing although Unicode calls it a letter, a
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
