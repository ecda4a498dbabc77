package help

// The keys in words, for hfhook help keys.

import (
	"fmt"
	"strings"

	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

// KeyHelp is a text for people: every key of every screen, by group, with the name of
// its action in a Keymap, which is applied, and the command that does the same. One key may have
// a meaning in one screen and another one elsewhere.
func KeyHelp(chosen keymap.Keymap) string {
	var b strings.Builder
	for _, group := range helpGroups {
		var lines strings.Builder
		for _, k := range chosen.Apply(keymap.EveryBinding(), false) {
			if k.Group == group {
				label := k.Label + strings.Repeat(" ", max(10-style.Width(k.Label), 1))
				line := fmt.Sprintf("  %s%-24s %-18s %s", label, k.Help, k.Name, k.Command)
				lines.WriteString(strings.TrimRight(line, " ") + "\n")
			}
		}
		if lines.Len() > 0 {
			fmt.Fprintf(&b, "%s\n%s", group, lines.String())
		}
	}
	return b.String()
}
