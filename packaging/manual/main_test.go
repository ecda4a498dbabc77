package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"man/hfhook.1":             `\fB--tunnel\fP`,
		"man/hfhook-replay.1":      `\fB--to\fP`,
		"man/hfhook-webhooks-gc.1": "hfhook-webhooks-gc",
		"completions/hfhook.bash":  "__complete",
		"completions/hfhook.zsh":   "#compdef hfhook",
		"completions/hfhook.fish":  "complete -c hfhook",
		"completions/hfhook.ps1":   "Register-ArgumentCompleter",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v; it does not contain %q", name, err, want)
		}
	}
}
