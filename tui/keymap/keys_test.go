package keymap

import (
	"testing"
)

func TestKeyTableIsWhole(t *testing.T) {
	for a, b := range KeyTable {
		switch {
		case len(b.Keys) == 0 || b.Label == "" || b.Help == "" || b.Group == "":
			t.Errorf("action %d has an empty field: %+v", a, b)
		case !b.Quiet && b.Word == "":
			t.Errorf("action %d is in the footer without a word", a)
		}
	}
}
