package style

// The marks that are drawn, in Unicode and in ASCII.

import (
	"strings"

	"hfhook/internal/visible"
)

type glyphs struct {
	Ok, Failed, Warn, Off, Busy, Held, Idle, Live string // of a part's state
	Cursor, Open, Closed, Tail                    string
	Rule, Bar, Dot, Arrow                         string
	Corners                                       [4]string // top left, top right, bottom left, bottom right
	Caret, Below, Marked, Block                   string
	Quotes                                        [2]string // around what a filter matches

	Words   *strings.Replacer // for texts that are written with the Unicode marks; nil leaves them
	meaning *strings.Replacer // for the meaning of an event, likewise: there an arrow is not a key
}

var UnicodeGlyphs = glyphs{
	Ok: "✓", Failed: "✗", Warn: "!", Off: "-", Busy: "…", Held: "⏸", Idle: "○", Live: "●",
	Cursor: "▸", Open: "▾", Closed: "▸", Tail: "…",
	Rule: "─", Bar: "│", Dot: "·", Arrow: "→",
	Corners: [4]string{"┌", "┐", "└", "┘"},
	Caret:   "▏", Below: "↳", Marked: "•", Block: "████████", Quotes: [2]string{"«", "»"},
}

var asciiGlyphs = glyphs{
	Ok: "+", Failed: "x", Warn: "!", Off: "-", Busy: ".", Held: "h", Idle: "o", Live: "*",
	Cursor: ">", Open: "v", Closed: ">", Tail: "~",
	Rule: "-", Bar: "|", Dot: ":", Arrow: "->",
	Corners: [4]string{"+", "+", "+", "+"},
	Caret:   "_", Below: "`-", Marked: "#", Block: "********", Quotes: [2]string{"<<", ">>"},
	Words: strings.NewReplacer("↵", "enter", "↑", "up", "↓", "down", "←", "left", "→", "right",
		"–", "-", "−", "-", "…", "~", "✓", "+", "✗", "x", "▸", ">", "▾", "v", "○", "o", "●", "*", "×", "x", "·", ":", "─", "-", "│", "|", "┼", "+", "•", "*"),
	meaning: strings.NewReplacer("→", "->", "…", "~"),
}

// Say is a text of the program itself in the marks of the set.
func (g *glyphs) Say(s string) string {
	if g.Words == nil {
		return s
	}
	return g.Words.Replace(s)
}

// Meaning is an event's meaning, made safe and in the marks of the set.
func (g *glyphs) Meaning(s string) string {
	if s = visible.Line(s); g.meaning == nil {
		return s
	}
	return g.meaning.Replace(s)
}
