package cli

// What a shell offers behind tab: the events that there are, and the words that a flag
// takes.

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/payload/sample"
)

// offered is how many of the newest events a shell offers.
const offered = 100

// completions adds to the commands of root what their arguments and flags can be.
func (p *program) completions(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	ids := map[string]int{"show": 1, "edit": 1, "open": 1, "verify": 1, "pin": 1, "note": 1, "accept": 1, "diff": 2, "replay": 0, "export": 0, "rm": 0} // the most that it takes
	for _, cmd := range root.Commands() {
		name := cmd.Name()
		most, takesIDs := ids[name]
		switch {
		case takesIDs:
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
				if most > 0 && len(args) >= most {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}
				return p.offerIDs(cmd, word), cobra.ShellCompDirectiveNoFileComp
			}
		case name == "trigger":
			cmd.ValidArgsFunction = p.offerTriggers
		case name == "completion":
			shells(cmd)
		case name == "ls" || name == "tail" || name == "wait":
			cmd.ValidArgsFunction = p.completeFilter
		case name != "send" && name != "import" && cmd.ValidArgsFunction == nil:
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
		for flag, complete := range map[string]cobra.CompletionFunc{"filter": p.completeFilter, "repo": p.completeRepo} {
			if cmd.Flags().Lookup(flag) != nil {
				_ = cmd.RegisterFlagCompletionFunc(flag, complete)
			}
		}
		for _, flag := range []string{"save", "webhook", "attempts", "attempt", "target"} { // values that are no files
			if cmd.Flags().Lookup(flag) != nil {
				_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
			}
		}
		for flag, words := range map[string][]string{"tunnel": tunnelNames, "color": slices.Sorted(maps.Keys(colors)), "as": formatNames()} {
			if cmd.Flags().Lookup(flag) != nil {
				_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
			}
		}
	}
}

// shells makes wrong usage of the completion command what it is for the others.
func shells(cmd *cobra.Command) {
	cmd.Short = "Print the completion script for bash, zsh, fish or powershell"
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usagef("%q is none of bash, zsh, fish and powershell", args[0])
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return &failure{code: exitUsage, err: errors.New("completion is followed by the name of a shell"), try: "hfhook completion bash --help tells how it is loaded"}
	}
}

// offerIDs are the refs and ids that begin with a word, each with its summary. What
// goes wrong is not for the place behind a prompt.
func (p *program) offerIDs(cmd *cobra.Command, word string) (all []cobra.Completion) {
	offer := func(ref, about string) {
		if len(ref) >= len(word) && strings.EqualFold(ref[:len(word)], word) {
			all = append(all, cobra.CompletionWithDesc(word+ref[len(word):], visible.Line(about)))
		}
	}
	if cmd.Name() == "open" {
		offer("hub", "the settings of the webhooks")
	}
	offer("@last", "the newest event")
	offer("@failed", "the newest whose delivery failed")
	p.withRecent(cmd, filter.Pinned, func(row *event.Row) { offer(row.Pin, row.Label+" "+row.Subject) })
	p.withRecent(cmd, nil, func(row *event.Row) { offer(string(row.ID), row.Label+" "+row.Subject) })
	return all
}

// offerTriggers are what trigger sends.
func (p *program) offerTriggers(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	switch {
	case len(args) == 1 && args[0] == "scenario":
		for _, s := range sample.Scenarios() {
			all = append(all, cobra.CompletionWithDesc(s.Name, s.About))
		}
		return all, cobra.ShellCompDirectiveDefault // or a file
	case len(args) > 0:
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, k := range sample.Templates() {
		all = append(all, cobra.CompletionWithDesc(k.Name, k.About))
	}
	all = append(all, cobra.CompletionWithDesc("scenario", "several events that tell one story"))
	return append(all, p.offerIDs(cmd, word)...), cobra.ShellCompDirectiveNoFileComp
}
