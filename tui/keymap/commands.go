package keymap

// What a shell has for each action: the command that does the same, in its general form.
// The palette and the help of the keys show it; once an action is carried out, the
// command with its ids and values stands in the status line, and y copies it.

import (
	"fmt"

	"hfhook/internal/visible"
)

// Logged is a result as the log has it, with its command.
func Logged(text, command string) string {
	if command == "" {
		return text
	}
	return fmt.Sprintf("%s  $ %s", text, visible.Line(command))
}
