package nearest_test

import (
	"strings"
	"testing"

	"hfhook/internal/nearest"
)

func TestWord(t *testing.T) {
	t.Parallel()
	known := []string{"addr", "forward", "tunnel", "url"}
	for word, want := range map[string]string{
		"adr": "addr", "foward": "forward", "URL": "url", "tunel": "tunnel", "addr": "addr", "": "url", "urtl": "url",
		strings.Repeat("forward", 1000): "forward",
	} {
		if got := nearest.Word(word, known); got != want {
			t.Errorf("%.20q: %q, want %q", word, got, want)
		}
	}
	if got := nearest.Word("relpay", []string{"reload", "replay"}); got != "replay" {
		t.Errorf("two letters that have changed places: %q", got)
	}
	if got := nearest.Word("disc", []string{"repo", "discussion", "disks"}); got != "discussion" {
		t.Errorf("a word that is not written to its end: %q", got)
	}
	if got := nearest.Word("x", nil); got != "" {
		t.Errorf("of no words: %q", got)
	}
}
