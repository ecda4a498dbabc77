package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// profile is the colour profile, if it is not to be found out by Bubble Tea: it takes
// NO_COLOR for a boolean, while https://no-color.org says that any value counts but
// the empty one, and does not know CLICOLOR=0 of https://bixense.com/clicolors.
func (o Options) profile() (colorprofile.Profile, bool) {
	switch o.Color {
	case style.ColorAlways:
		env := slices.DeleteFunc(slices.Clone(o.Env), func(kv string) bool {
			return strings.HasPrefix(kv, "NO_COLOR=") || strings.HasPrefix(kv, "CLICOLOR=")
		})
		return max(colorprofile.Detect(o.Output, env), colorprofile.ANSI), true
	case style.ColorNone:
		return colorprofile.ASCII, true
	case style.Color16:
		return colorprofile.ANSI, true
	case style.Color256:
		return colorprofile.ANSI256, true
	case style.ColorTrue:
		return colorprofile.TrueColor, true
	}
	env := screen.Environment(o.Env)
	forced := env.Get("CLICOLOR_FORCE")
	none := env.Get("NO_COLOR") != "" || env.Get("CLICOLOR") == "0" && (forced == "" || forced == "0")
	return colorprofile.ASCII, none
}
