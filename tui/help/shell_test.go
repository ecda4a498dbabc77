package help

import (
	"fmt"
	"strings"
	"testing"

	"hfhook/tui/keymap"
)

func TestCommandsOfTheHelpAreThere(t *testing.T) {
	text := KeyHelp(nil)
	for _, c := range keymap.KeyTable {
		if line := fmt.Sprintf("%-18s %s", c.Name, c.Command); c.Command != "" && !strings.Contains(text, line) {
			t.Errorf("hfhook help keys does not have %q", line)
		}
	}
}
