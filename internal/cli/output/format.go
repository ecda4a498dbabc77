package output

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/nearest"
)

// A Format is how a command prints what it has read: as lines for people, unless one is
// set.
type Format struct{ JSON, IDs bool }

// Flags adds --json, -q and --format, which says the same in one word, to a command. ids
// are what -q prints.
func (f *Format) Flags(cmd *cobra.Command, ids string) {
	cmd.Flags().BoolVar(&f.JSON, "json", false, "print one JSON object a line")
	cmd.Flags().BoolVarP(&f.IDs, "ids", "q", false, "print "+ids)
	cmd.Flags().Var((*formatName)(f), "format", "auto or human: lines; json: as --json; quiet: as -q")
	cmd.MarkFlagsMutuallyExclusive("json", "ids", "format")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(FormatWords, cobra.ShellCompDirectiveNoFileComp))
}

// FormatWords are the values of --format.
var FormatWords = []string{"auto", "human", "json", "quiet"}

// A formatName is a format as --format writes it.
type formatName Format

var _ pflag.Value = (*formatName)(nil)

func (f *formatName) Type() string { return "format" }

func (f *formatName) String() string {
	switch {
	case f.JSON:
		return "json"
	case f.IDs:
		return "quiet"
	}
	return "auto"
}

func (f *formatName) Set(word string) error {
	switch word {
	case "auto", "human", "json", "quiet":
		*f = formatName{JSON: word == "json", IDs: word == "quiet"}
		return nil
	}
	return fmt.Errorf("want auto, human, json or quiet: did you mean %s?", nearest.Word(word, FormatWords))
}
