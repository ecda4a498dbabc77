// Package style knows how text looks: colours, glyphs, widths, cutting and wrapping. It
// knows nothing of events, keys or screens.
package style

// Styles by meaning. A style is its two escape sequences, so that painting a cell
// of a row costs a concatenation.

import (
	"strings"

	"charm.land/lipgloss/v2"
)

type Style struct{ On, off string }

// Paint styles one segment of a line. Segments stand side by side and are never
// nested: an inner one would end the outer.
func (s Style) Paint(text string) string {
	if text == "" {
		return ""
	}
	return s.On + text + s.off
}

// With is the style with the colour of another one.
func (s Style) With(other Style) Style {
	if other.On == "" {
		return s
	}
	return Style{other.On + s.On, s.off}
}

type Theme struct {
	Mark                                   glyphs
	Ok, Failed, Warn, Dim, Bold, Link, Key Style
	Selected, Marked                       Style // the cursor's line with and without the focus
	Name, Text, Value                      Style // of JSON
	Match                                  Style // what was looked for
	Italic, Struck                         Style // of Markdown
	Links                                  bool  // the terminal knows links
}

func NewTheme(dark, ascii bool) *Theme {
	pick := lipgloss.LightDark(dark)
	fg := func(light, dark string) Style {
		return newStyle(lipgloss.NewStyle().Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark))))
	}
	t := &Theme{
		Mark:     UnicodeGlyphs,
		Ok:       fg("#1a7f37", "#57c267"),
		Failed:   fg("#c4162a", "#ff6b6b"),
		Warn:     fg("#8a5a00", "#e5b454"),
		Dim:      fg("#6b6b6b", "#8a8a8a"),
		Link:     fg("#0a5fb4", "#6cb6ff"),
		Key:      newStyle(lipgloss.NewStyle().Bold(true)),
		Bold:     newStyle(lipgloss.NewStyle().Bold(true)),
		Selected: newStyle(lipgloss.NewStyle().Reverse(true)),
		Marked:   newStyle(lipgloss.NewStyle().Bold(true)),
		Name:     fg("#0a5fb4", "#6cb6ff"),
		Text:     fg("#1a7f37", "#a5d6a7"),
		Value:    fg("#8a5a00", "#e5b454"),
		Match:    newStyle(lipgloss.NewStyle().Underline(true).Bold(true)),
	}
	t.Italic, t.Struck = newStyle(lipgloss.NewStyle().Italic(true)), newStyle(lipgloss.NewStyle().Strikethrough(true))
	if ascii {
		t.Mark = asciiGlyphs
	}
	return t
}

func newStyle(s lipgloss.Style) Style {
	on, off, _ := strings.Cut(s.Render("x"), "x")
	return Style{on, off}
}
