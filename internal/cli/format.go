package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/nearest"
)

// A format is how a command prints what it has read: as lines for people, unless one is
// set.
type format struct{ json, ids bool }

// flags adds --json, -q and --format, which says the same in one word, to a command. ids
// are what -q prints.
func (f *format) flags(cmd *cobra.Command, ids string) {
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	cmd.Flags().BoolVarP(&f.ids, "ids", "q", false, "print "+ids)
	cmd.Flags().Var((*formatName)(f), "format", "auto or human: lines; json: as --json; quiet: as -q")
	cmd.MarkFlagsMutuallyExclusive("json", "ids", "format")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatWords, cobra.ShellCompDirectiveNoFileComp))
}

var formatWords = []string{"auto", "human", "json", "quiet"}

// A formatName is a format as --format writes it.
type formatName format

var _ pflag.Value = (*formatName)(nil)

func (f *formatName) Type() string { return "format" }

func (f *formatName) String() string {
	switch {
	case f.json:
		return "json"
	case f.ids:
		return "quiet"
	}
	return "auto"
}

func (f *formatName) Set(word string) error {
	switch word {
	case "auto", "human", "json", "quiet":
		*f = formatName{json: word == "json", ids: word == "quiet"}
		return nil
	}
	return fmt.Errorf("want auto, human, json or quiet: did you mean %s?", nearest.Word(word, formatWords))
}
