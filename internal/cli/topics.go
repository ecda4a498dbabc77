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
			Long: `With --json a command prints one object a line, with the keys "schema", which is 1, and
"type". Keys are only ever added. -q, where a command has it, prints ids
or the like alone, and --format says the same in one word.

--jq EXPRESSION prints what an expression of jq makes of each line, for example --jq .id:
strings as they are, on a terminal with their control characters made visible, and else
JSON. It has no variables of the environment, no modules and no input but the line, and ends
after ten seconds of work on one.

--format agent prints the same lines as tab-separated values, before the first of a type a
header with its columns. It is chosen where AI_AGENT or AGENT is set and standard output is
not a terminal. There are no questions and no progress then, and each error names a command
to go on with. Strings have the escapes of JSON, so that a value has no tab and no line break.

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
		fmt.Fprintf(p.out, `The keys of the screen. What one does depends on what is shown: the last line tells
the most useful ones, and ? all that work there. With each its name for [keys] in
.hfhook.toml or config.toml, which gives it another key, or several, and the command that
does the same, which y or ctrl+y copies once it is done. The keys that move and those of events mean the
same on every screen: they are reserved, and hfhook config check warns of another use.

  [keys]
  replay = "ctrl+r"
  columns = ["C", "f12"]

%s%s`, help.KeyHelp(p.tables.Keys), note)
	})
	return topic
}
