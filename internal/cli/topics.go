package cli

// What `hfhook help` tells besides the commands: keys, exit codes, and --json.

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/tui"
)

// lineSchema is the JSON Schema of the lines of --json.
//
//go:embed schema/lines.json
var lineSchema string

func topics() []*cobra.Command {
	var codes strings.Builder
	for _, c := range exitMeanings {
		fmt.Fprintf(&codes, "  %3d  %s\n", c.code, c.meaning)
	}
	return []*cobra.Command{
		{
			Use:   "keys",
			Short: "The keys of the screen",
			Long:  "The keys of the screen. What one does depends on what is shown: the last line tells\nthe most useful ones, and ? all that work there.\n\n" + strings.TrimRight(tui.KeyHelp(), "\n"),
		},
		{
			Use:   "exit-codes",
			Short: "What the exit codes mean",
			Long:  "What the exit codes mean:\n\n" + strings.TrimRight(codes.String(), "\n"),
		},
		{
			Use:   "json",
			Short: "The lines of --json, as a JSON Schema",
			Long: `With --json a command prints one object a line, with the keys "schema", which is 1, and
"type". Keys are only ever added. This is the JSON Schema of a line of dev, ls, tail,
wait, show, replay, trigger, send, verify, secret, config and doctor:

` + strings.TrimRight(lineSchema, "\n"),
		},
	}
}
