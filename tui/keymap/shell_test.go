package keymap

import (
	"strings"
	"testing"
)

// TestEveryActionHasACommandOrAReason walks over all actions: none names both.
func TestEveryActionHasACommandOrAReason(t *testing.T) {
	for _, b := range KeyTable {
		if b.Command != "" && b.none != "" {
			t.Errorf("%s has a command and a reason for having none: %q, %q", b.Name, b.Command, b.none)
		}
		if b.Command != "" && !strings.Contains(b.Command, "hfhook ") {
			t.Errorf("%s: %q is not a command of hfhook", b.Name, b.Command)
		}
	}
}
