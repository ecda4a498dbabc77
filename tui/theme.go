package tui

// Styles by meaning. A style is its two escape sequences, so that painting a cell
// of a row costs a concatenation.

import (
	"strings"

	"charm.land/lipgloss/v2"
)

type style struct{ on, off string }

// paint styles one segment of a line. Segments stand side by side and are never
// nested: an inner one would end the outer.
func (s style) paint(text string) string {
	if text == "" {
		return ""
	}
	return s.on + text + s.off
}

type theme struct {
	mark                                   glyphs
	ok, failed, warn, dim, bold, link, key style
	selected, marked                       style // the cursor's line with and without the focus
	name, text, value                      style // of JSON
	match                                  style // what was looked for
	links                                  bool  // the terminal knows links
}

func newTheme(dark, ascii bool) *theme {
	pick := lipgloss.LightDark(dark)
	fg := func(light, dark string) style {
		return newStyle(lipgloss.NewStyle().Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark))))
	}
	t := &theme{
		mark:     unicodeGlyphs,
		ok:       fg("#1a7f37", "#57c267"),
		failed:   fg("#c4162a", "#ff6b6b"),
		warn:     fg("#8a5a00", "#e5b454"),
		dim:      fg("#6b6b6b", "#8a8a8a"),
		link:     fg("#0a5fb4", "#6cb6ff"),
		key:      newStyle(lipgloss.NewStyle().Bold(true)),
		bold:     newStyle(lipgloss.NewStyle().Bold(true)),
		selected: newStyle(lipgloss.NewStyle().Reverse(true)),
		marked:   newStyle(lipgloss.NewStyle().Bold(true)),
		name:     fg("#0a5fb4", "#6cb6ff"),
		text:     fg("#1a7f37", "#a5d6a7"),
		value:    fg("#8a5a00", "#e5b454"),
		match:    newStyle(lipgloss.NewStyle().Underline(true).Bold(true)),
	}
	if ascii {
		t.mark = asciiGlyphs
	}
	return t
}

func newStyle(s lipgloss.Style) style {
	on, off, _ := strings.Cut(s.Render("x"), "x")
	return style{on, off}
}
