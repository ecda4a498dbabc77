package style

// Colours: how many a terminal has, and which a user wants, named by what they mean.

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
)

// Color says how many colours a terminal has.
type Color int

// The choices of Options.Color.
const (
	ColorAuto   Color = iota // what the environment says: TERM, COLORTERM, NO_COLOR, CLICOLOR
	ColorAlways              // the same, but NO_COLOR and CLICOLOR count for nothing
	ColorNone
	Color16
	Color256
	ColorTrue
)

// A Colors says how the screen looks. The zero value asks the terminal for its
// background and takes colours that can be read on it.
type Colors struct {
	Background string            // "dark", "light", or what the terminal says: "auto" or ""
	Colors     map[string]string // by a name of ThemeColors: "#57c267", 0 to 255, "green", "bright green", or "none"
}

// A ColorError says what is wrong with one value of a Theme.
type ColorError struct {
	Name   string // "background", or that of a colour
	Reason string
}

func (e *ColorError) Error() string { return fmt.Sprintf("theme: %s: %s", e.Name, e.Reason) }

// settable are the styles that a colour can be chosen for.
var settable = map[string]func(*Theme) *Style{
	"ok":     func(t *Theme) *Style { return &t.Ok },
	"failed": func(t *Theme) *Style { return &t.Failed },
	"warn":   func(t *Theme) *Style { return &t.Warn },
	"dim":    func(t *Theme) *Style { return &t.Dim },
	"link":   func(t *Theme) *Style { return &t.Link },
	"key":    func(t *Theme) *Style { return &t.Key },
	"name":   func(t *Theme) *Style { return &t.Name },
	"text":   func(t *Theme) *Style { return &t.Text },
	"value":  func(t *Theme) *Style { return &t.Value },
	"match":  func(t *Theme) *Style { return &t.Match },
}

// ColorNames are the names of the colours of a Theme: ok, failed, warn; dim, link and
// key; name, text and value of JSON; match is what was looked for.
func ColorNames() []string { return slices.Sorted(maps.Keys(settable)) }

// Check finds what is wrong with a theme. The error is a *ThemeError.
func (c Colors) Check() error {
	switch c.Background {
	case "", "auto", "dark", "light":
	default:
		return &ColorError{"background", fmt.Sprintf("unknown theme %q: want dark, light or auto", c.Background)}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Colors)) {
		if _, ok := settable[name]; !ok {
			return &ColorError{name, "unknown colour: " + strings.Join(ColorNames(), ", ")}
		}
		if _, ok := colorCode(c.Colors[name]); !ok {
			return &ColorError{name, fmt.Sprintf(`invalid colour %q: want "#57c267", "113", "green", "bright green" or "none"`, c.Colors[name])}
		}
	}
	return nil
}

var baseColors = []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}

// colorCode is a colour as lipgloss takes it; empty for none.
func colorCode(text string) (code string, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "none" {
		return "", true
	}
	base, bright := strings.CutPrefix(text, "bright ")
	if i := slices.Index(baseColors, base); i >= 0 {
		if bright {
			i += 8
		}
		return strconv.Itoa(i), true
	}
	if digits, ok := strings.CutPrefix(text, "#"); ok {
		_, err := strconv.ParseUint(digits, 16, 32)
		return text, err == nil && (len(digits) == 6 || len(digits) == 3)
	}
	n, err := strconv.ParseUint(text, 10, 8)
	return strconv.FormatUint(n, 10), err == nil
}

// Theme is the look on a dark or a light background, as the terminal says; what the
// user says counts more. few is for terminals of 16 colours, whose own are made to be
// read on their background: the nearest of them to another colour may not be.
func (c Colors) Theme(dark, ascii, few bool) *Theme {
	switch c.Background {
	case "dark":
		dark = true
	case "light":
		dark = false
	}
	t := NewTheme(dark, ascii)
	if few {
		for name, codes := range fewColors {
			code := codes[0]
			if dark {
				code = codes[1]
			}
			*settable[name](t) = newStyle(lipgloss.NewStyle().Foreground(lipgloss.Color(code)))
		}
		t.Dim = newStyle(lipgloss.NewStyle().Faint(true))
	}
	for name, text := range c.Colors {
		at, ok := settable[name]
		if !ok {
			continue
		}
		look := lipgloss.NewStyle()
		if code, valid := colorCode(text); valid && code != "" {
			look = look.Foreground(lipgloss.Color(code))
		}
		switch name {
		case "key":
			look = look.Bold(true)
		case "match":
			look = look.Bold(true).Underline(true)
		}
		*at(t) = newStyle(look)
	}
	return t
}

// fewColors are the colours of a terminal that has 16, on light and on dark.
var fewColors = map[string][2]string{
	"ok": {"2", "10"}, "failed": {"1", "9"}, "warn": {"5", "11"}, "link": {"4", "12"},
	"name": {"4", "12"}, "text": {"2", "10"}, "value": {"5", "11"},
}
