package tui

// Colours: how many a terminal has, and which a user wants, named by what they mean.

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
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

// profile is the colour profile, if it is not to be found out by Bubble Tea: it takes
// NO_COLOR for a boolean, while https://no-color.org says that any value counts but
// the empty one, and does not know CLICOLOR=0 of https://bixense.com/clicolors.
func (o Options) profile() (colorprofile.Profile, bool) {
	switch o.Color {
	case ColorAlways:
		env := slices.DeleteFunc(slices.Clone(o.Env), func(kv string) bool {
			return strings.HasPrefix(kv, "NO_COLOR=") || strings.HasPrefix(kv, "CLICOLOR=")
		})
		return max(colorprofile.Detect(o.Output, env), colorprofile.ANSI), true
	case ColorNone:
		return colorprofile.ASCII, true
	case Color16:
		return colorprofile.ANSI, true
	case Color256:
		return colorprofile.ANSI256, true
	case ColorTrue:
		return colorprofile.TrueColor, true
	}
	env := environment(o.Env)
	forced := env.get("CLICOLOR_FORCE")
	none := env.get("NO_COLOR") != "" || env.get("CLICOLOR") == "0" && (forced == "" || forced == "0")
	return colorprofile.ASCII, none
}

// A Theme says how the screen looks. The zero value asks the terminal for its
// background and takes colours that can be read on it.
type Theme struct {
	Background string            // "dark", "light", or what the terminal says: "auto" or ""
	Colors     map[string]string // by a name of ThemeColors: "#57c267", 0 to 255, "green", "bright green", or "none"
}

// A ThemeError says what is wrong with one value of a Theme.
type ThemeError struct {
	Name   string // "background", or that of a colour
	Reason string
}

func (e *ThemeError) Error() string { return fmt.Sprintf("theme: %s: %s", e.Name, e.Reason) }

// themeColors are the styles that a colour can be chosen for.
var themeColors = map[string]func(*theme) *style{
	"ok":     func(t *theme) *style { return &t.ok },
	"failed": func(t *theme) *style { return &t.failed },
	"warn":   func(t *theme) *style { return &t.warn },
	"dim":    func(t *theme) *style { return &t.dim },
	"link":   func(t *theme) *style { return &t.link },
	"key":    func(t *theme) *style { return &t.key },
	"name":   func(t *theme) *style { return &t.name },
	"text":   func(t *theme) *style { return &t.text },
	"value":  func(t *theme) *style { return &t.value },
	"match":  func(t *theme) *style { return &t.match },
}

// ThemeColors are the names of the colours of a Theme: ok, failed, warn; dim, link and
// key; name, text and value of JSON; match is what was looked for.
func ThemeColors() []string { return slices.Sorted(maps.Keys(themeColors)) }

// Check finds what is wrong with a theme. The error is a *ThemeError.
func (c Theme) Check() error {
	switch c.Background {
	case "", "auto", "dark", "light":
	default:
		return &ThemeError{"background", fmt.Sprintf("%q is none of dark, light and auto", c.Background)}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Colors)) {
		if _, ok := themeColors[name]; !ok {
			return &ThemeError{name, "there is no such colour: " + strings.Join(ThemeColors(), ", ")}
		}
		if _, ok := colorCode(c.Colors[name]); !ok {
			return &ThemeError{name, fmt.Sprintf(`%q is no colour: write it as in "#57c267", "113", "green", "bright green" or "none"`, c.Colors[name])}
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

// theme is the look on a dark or a light background, as the terminal says; what the
// user says counts more. few is for terminals of 16 colours, whose own are made to be
// read on their background: the nearest of them to another colour may not be.
func (c Theme) theme(dark, ascii, few bool) *theme {
	switch c.Background {
	case "dark":
		dark = true
	case "light":
		dark = false
	}
	t := newTheme(dark, ascii)
	if few {
		for name, codes := range fewColors {
			code := codes[0]
			if dark {
				code = codes[1]
			}
			*themeColors[name](t) = newStyle(lipgloss.NewStyle().Foreground(lipgloss.Color(code)))
		}
		t.dim = newStyle(lipgloss.NewStyle().Faint(true))
	}
	for name, text := range c.Colors {
		at, ok := themeColors[name]
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
