package tui

// The marks that are drawn, in Unicode and in ASCII.

import (
	"strings"

	"hfhook/internal/visible"
)

type glyphs struct {
	ok, failed, warn, off, busy, idle string // of a part's state
	cursor, open, closed, tail        string
	rule, bar, dot, arrow, back       string
	corners                           [4]string // top left, top right, bottom left, bottom right
	caret, below, marked, block       string
	quotes                            [2]string // around what a filter matches

	words   *strings.Replacer // for texts that are written with the Unicode marks; nil leaves them
	meaning *strings.Replacer // for the meaning of an event, likewise: there an arrow is no key
}

var unicodeGlyphs = glyphs{
	ok: "✓", failed: "✗", warn: "!", off: "-", busy: "…", idle: "○",
	cursor: "▸", open: "▾", closed: "▸", tail: "…",
	rule: "─", bar: "│", dot: "·", arrow: "→", back: "←",
	corners: [4]string{"┌", "┐", "└", "┘"},
	caret:   "▏", below: "↳", marked: "•", block: "████████", quotes: [2]string{"«", "»"},
}

var asciiGlyphs = glyphs{
	ok: "+", failed: "x", warn: "!", off: "-", busy: "~", idle: "o",
	cursor: ">", open: "v", closed: ">", tail: "~",
	rule: "-", bar: "|", dot: ":", arrow: "->", back: "<-",
	corners: [4]string{"+", "+", "+", "+"},
	caret:   "_", below: "`-", marked: "#", block: "********", quotes: [2]string{"<<", ">>"},
	words: strings.NewReplacer("↵", "enter", "↑", "up", "↓", "down", "←", "left", "→", "right",
		"–", "-", "−", "-", "…", "~", "✓", "+", "✗", "x", "▸", ">", "▾", "v", "○", "o", "×", "x", "·", ":", "─", "-"),
	meaning: strings.NewReplacer("→", "->", "…", "~"),
}

// say is a text of the program itself in the marks of the set.
func (g *glyphs) say(s string) string {
	if g.words == nil {
		return s
	}
	return g.words.Replace(s)
}

// tell is an event's meaning, made safe and in the marks of the set.
func (g *glyphs) tell(s string) string {
	if s = visible.Line(s); g.meaning == nil {
		return s
	}
	return g.meaning.Replace(s)
}
