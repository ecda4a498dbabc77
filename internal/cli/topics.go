package cli

// What `hfhook help` tells besides the commands: keys, exit codes, and --json.

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/plainerr"
	"hfhook/internal/visible"
	"hfhook/tui/help"
)

// lineSchema is the JSON Schema of the lines of --json.
//
//go:embed schema/lines.json
var lineSchema string

func helpTopics(p *program) []*cobra.Command {
	var codes strings.Builder
	for _, c := range exitMeanings {
		fmt.Fprintf(&codes, "  %3d  %s\n", c.code, c.meaning)
	}
	return []*cobra.Command{
		keysTopic(p),
		{
			Use:   "exit-codes",
			Short: "Exit codes",
			Long:  "Exit codes:\n\n" + strings.TrimRight(codes.String(), "\n"),
		},
		{
			Use:   "json",
			Short: "JSON Schema of the --json lines",
			Long: `With --json a command prints one object per line, with the keys "schema", which is 1, and
"type". Keys are only ever added. -q, if a command has it, prints only ids or the like, and
--format selects any of these by name.

--jq EXPRESSION prints the result of a jq expression for each line, for example --jq .id:
strings as they are, on a terminal with their control characters made visible, and anything
else as JSON. It has no environment variables, no modules and no input except the line, and
stops after ten seconds of work on one.

--format agent prints the same lines as tab-separated values; a header with the columns
precedes the first line of each type. It is the default if AI_AGENT or AGENT is set and
standard output is not a terminal. There are then no questions and no progress, and each
error names a command to continue with. Strings are escaped as in JSON, so that values
contain no tabs and no line breaks.

This is the JSON Schema of a line, by its type:
` + strings.TrimRight(lineSchema, "\n"),
		},
	}
}

// keysTopic is what `hfhook help keys` says: the keys as the configuration has them.
func keysTopic(p *program) *cobra.Command {
	topic := &cobra.Command{Use: "keys", Short: "The screen's keys and how to change them"}
	topic.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		note := ""
		if err := p.configure(cmd); err != nil {
			note = "\nThese are the keys as shipped: " + visible.Line(plainerr.Text(err)) + "\n"
		}
		fmt.Fprintf(p.out, `The keys of the screen. What a key does depends on what is shown: the last line lists the
most useful ones, and ? all that work there. Each is listed with its name for [keys] in
.hfhook.toml or config.toml, which assigns one or several other keys, and with the command
that does the same, which y or ctrl+y copies afterwards. The keys that move, and those for
events, mean the same on every screen: they are reserved, and hfhook config check warns if
they are used for something else.

  [keys]
  replay = "ctrl+r"
  columns = ["C", "f12"]

%s%s`, help.KeyHelp(p.tables.Keys), note)
	})
	return topic
}
