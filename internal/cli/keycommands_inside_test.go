package cli

import (
	"strings"
	"testing"

	"hfhook/tui/help"
)

// TestCommandsOfTheKeysAreCommands reads the commands that the screen tells for its keys:
// each is one of hfhook's, with flags that it has.
func TestCommandsOfTheKeysAreCommands(t *testing.T) {
	checked := 0
	for line := range strings.Lines(help.KeyHelp(nil)) {
		_, command, ok := strings.Cut(line, " hfhook ")
		if !ok {
			continue
		}
		command = strings.TrimSpace(command)
		checked++
		for _, end := range []string{" | ", " > ", " < "} {
			command, _, _ = strings.Cut(command, end)
		}
		words := strings.Fields(command)
		root := (&program{}).rootCommand()
		root.InitDefaultHelpCmd()
		cmd, rest, err := root.Find(words)
		if err != nil {
			t.Errorf("hfhook %s: %v", command, err)
			continue
		}
		path := strings.Fields(cmd.CommandPath())[1:]
		if len(path) == 0 || path[0] != words[0] {
			t.Errorf("hfhook %s: there is no such command", command)
			continue
		}
		if err := cmd.ParseFlags(rest); err != nil {
			t.Errorf("hfhook %s: %v", command, err)
		}
		if below := cmd.Flags().Args(); cmd.HasSubCommands() && len(below) > 0 {
			t.Errorf("hfhook %s: %s has no %s", command, cmd.CommandPath(), below[0])
		}
	}
	if checked < 40 {
		t.Errorf("only %d commands were found", checked)
	}
}
