package output

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/nearest"
)

// A Format is how a command prints what it has read: as lines for people, unless one is
// set. With Agent or an expression of --jq, which Lines applies, it is JSON for the command.
type Format struct {
	JSON, IDs bool
	Agent     bool
	jq        string
}

// Flags adds --json, -q, --jq and --format, which says the same in one word, to a command. ids
// are what -q prints.
func (f *Format) Flags(cmd *cobra.Command, ids string) {
	cmd.Flags().BoolVarP(&f.IDs, "ids", "q", false, "print "+ids)
	f.LineFlags(cmd, "print one JSON object a line", "ids")
}

// LineFlags adds those but -q. The flags named by quiet print less, or something else.
func (f *Format) LineFlags(cmd *cobra.Command, usage string, quiet ...string) {
	cmd.Flags().BoolVar(&f.JSON, "json", false, usage)
	cmd.Flags().Var((*formatName)(f), "format", "auto or human: lines; json: as --json; quiet: as -q; agent: tab-separated, a header first, as where AI_AGENT or AGENT is set and stdout is not a terminal")
	cmd.Flags().Var((*jqText)(f), "jq", "print what this jq `expression` makes of each JSON line")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(FormatWords, cobra.ShellCompDirectiveNoFileComp))
	f.Exclude(cmd, quiet...)
}

// Exclude lets none of some flags of a command stand beside another, or beside those of the
// format.
func (f *Format) Exclude(cmd *cobra.Command, flags ...string) {
	cmd.MarkFlagsMutuallyExclusive(slices.Concat(flags, []string{"json", "format"})...)
	cmd.MarkFlagsMutuallyExclusive(slices.Concat(flags, []string{"jq", "format"})...)
}

// FormatWords are the values of --format.
var FormatWords = []string{"auto", "human", "agent", "json", "quiet"}

// A formatName is a format as --format writes it.
type formatName Format

var _ pflag.Value = (*formatName)(nil)

func (f *formatName) Type() string { return "format" }

func (f *formatName) String() string {
	switch {
	case f.Agent:
		return "agent"
	case f.JSON:
		return "json"
	case f.IDs:
		return "quiet"
	}
	return "auto"
}

func (f *formatName) Set(word string) error {
	if !slices.Contains(FormatWords, word) {
		return fmt.Errorf("want auto, human, agent, json or quiet: did you mean %s?", nearest.Word(word, FormatWords))
	}
	f.JSON, f.IDs, f.Agent = word == "json" || word == "agent", word == "quiet", word == "agent"
	return nil
}

// A jqText is the expression of --jq.
type jqText Format

var _ pflag.Value = (*jqText)(nil)

func (f *jqText) Type() string   { return "expression" }
func (f *jqText) String() string { return f.jq }

func (f *jqText) Set(text string) error {
	f.jq, f.JSON = cmp.Or(text, "."), true
	return nil
}

// FormatOf is the format of a command, or nil.
func FormatOf(cmd *cobra.Command) *Format {
	if flag := cmd.Flags().Lookup("format"); flag != nil {
		if f, ok := flag.Value.(*formatName); ok {
			return (*Format)(f)
		}
	}
	return nil
}

// ForAgent gives a command the format of agents, unless a flag says what it prints.
func ForAgent(cmd *cobra.Command) {
	if FormatOf(cmd) == nil {
		return
	}
	flag := cmd.Flags().Lookup("format")
	// cobra keeps the flags that exclude each other as annotations of each.
	for _, group := range flag.Annotations["cobra_annotation_mutually_exclusive"] {
		if slices.ContainsFunc(strings.Fields(group), cmd.Flags().Changed) {
			return
		}
	}
	_ = flag.Value.Set("agent")
}
