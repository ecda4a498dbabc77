package describe

// Commands that do the same from a shell.

import (
	"strings"

	"hfhook/event"
	"hfhook/tui/screen"
)

// ReplayCommand sends an event to the targets of these deliveries from a shell.
func ReplayCommand(id event.ID, sent ...event.Delivery) string {
	var command strings.Builder
	command.WriteString("hfhook replay " + string(id))
	for _, d := range sent {
		if d.URL != "" {
			command.WriteString(" --to " + screen.ShellWord(d.URL))
		}
	}
	return command.String()
}
