package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/nearest"
)

// helpUnknown has `hfhook help` refuse a word that is neither a command nor a topic. cobra shows
// the help of hfhook itself then.
func helpUnknown(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		help.Use = "help [COMMAND|TOPIC]"
		help.Short = "Explain a command or a topic"
		help.Long = "Explains a command, for example hfhook help replay, or a topic: keys, filter, exit-codes or json."
		help.Args = func(_ *cobra.Command, words []string) error {
			about, rest, err := root.Find(words)
			if err == nil && len(rest) == 0 {
				return nil
			}
			var known []string
			for _, below := range about.Commands() {
				if !below.Hidden {
					known = append(known, below.Name())
				}
			}
			f := &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("unknown command or topic %q", strings.Join(words, " ")), Try: "hfhook help"}
			if near := nearest.Word(rest[0], known); near != "" && nearest.Close(rest[0], near) {
				f.Try = strings.Replace(about.CommandPath(), root.Name(), "hfhook help", 1) + " " + near
			}
			return f
		}
	}
}
