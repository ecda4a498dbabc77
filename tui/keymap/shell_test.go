package keymap

import (
	"strings"
	"testing"
)

// TestCommandsAreOfHfhook walks over all actions.
func TestCommandsAreOfHfhook(t *testing.T) {
	for _, b := range KeyTable {
		if b.Command != "" && !strings.Contains(b.Command, "hfhook ") {
			t.Errorf("%s: %q is not a command of hfhook", b.Name, b.Command)
		}
	}
}
