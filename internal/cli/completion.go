package cli

// Shell completion: events of the store, and the values of flags.

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/visible"
	"hfhook/payload/sample"
)

// offered is how many of the newest events are completed.
const offered = 100

// flagWords are the values of flags with fixed values.
func flagWords() map[string][]string {
	return map[string][]string{
		"tunnel": {tunnelNgrok, tunnelSSH, tunnelCloudflared, tunnelNone}, "color": slices.Sorted(maps.Keys(colors)), "as": formatNames(), "format": output.FormatWords,
		"ack": {"stored", "handler"}, "on-quit": {"disable", "keep", "delete"}, "on-restart": {"none", "last", "failed", "pinned"},
		"restart": {"crash", "always", "never"}, "events": {"repo", "discussion"}, "sort": {"time", "duration", "size"},
	}
}

// namesFiles reports whether the value of a flag is a file, a program or a pattern of files.
func namesFiles(cmd *cobra.Command, f *pflag.Flag) bool {
	_, isFile := f.Value.(fileValue)
	return isFile || f.Name == "exec" || f.Name == "reload" || f.Name == "body" && cmd.Name() == "verify"
}

// addCompletions adds completions of arguments and flags to all commands. Shells complete file
// names only for arguments and flags that are files.
func addCompletions(p *program, root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	ids := map[string]int{"show": 1, "edit": 1, "open": 1, "verify": 1, "pin": 1, "note": 1, "accept": 1, "diff": 2, "replay": 0, "export": 0, "rm": 0} // the most that it takes
	completeFlags(p, root)
	for _, cmd := range root.Commands() {
		name := cmd.Name()
		most, takesIDs := ids[name]
		switch {
		case takesIDs:
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
				if most > 0 && len(args) >= most {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}
				return offerIDs(p, cmd, word), cobra.ShellCompDirectiveNoFileComp
			}
		case name == "trigger":
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
				return offerTriggers(p, cmd, args, word)
			}
		case name == "completion":
			shells(cmd)
		case name == "ls" || name == "failures" || name == "tail" || name == "wait":
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
				return completeFilter(p, cmd, args, word)
			}
		case name == "held":
			cmd.ValidArgsFunction = func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
				return completeTarget(p, cmd, a1, a2)
			}
		case name == "pause" || name == "resume":
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
				if len(args) > 0 {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}
				return runningTargets(p, cmd), cobra.ShellCompDirectiveNoFileComp
			}
		case name == "dev":
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
				return completeDev(p, cmd, args, word)
			}
		}
		for _, below := range cmd.Commands() {
			completeNone(p, below)
		}
		completeNone(p, cmd)
	}
	root.ValidArgsFunction = func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return completeDev(p, cmd, args, word)
	}
}

// completeNone completes only the flags of a command, and no arguments.
func completeNone(p *program, cmd *cobra.Command) {
	completeFlags(p, cmd)
	if name := cmd.Name(); name != "send" && name != "import" && cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
}

// completeFlags adds to the flags of a command what their values can be.
func completeFlags(p *program, cmd *cobra.Command) {
	words := flagWords()
	known := map[string]cobra.CompletionFunc{
		"filter": func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeFilter(p, cmd, args, word)
		}, "repo": func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeRepo(p, cmd, a1, a2)
		}, "watch": func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeRepo(p, cmd, a1, a2)
		}, "save": func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeSaved(p, cmd, a1, a2)
		},
		"to": func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeTarget(p, cmd, a1, a2)
		}, "target": func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeTarget(p, cmd, a1, a2)
		}, "forward": func(cmd *cobra.Command, a1 []string, a2 string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeTarget(p, cmd, a1, a2)
		},
		"body": completeContent, "patch": completeContent, "json-patch": completeContent, "header": completeContent,
	}
	add := func(f *pflag.Flag) {
		complete := cobra.NoFileCompletions
		switch {
		case namesFiles(cmd, f):
			return
		case f.Name == "domain" && cmd.HasParent() && cmd.Parent().Name() == "webhooks":
			complete = cobra.FixedCompletions([]string{"repo", "discussion"}, cobra.ShellCompDirectiveNoFileComp)
		case words[f.Name] != nil:
			complete = cobra.FixedCompletions(words[f.Name], cobra.ShellCompDirectiveNoFileComp)
		case known[f.Name] != nil:
			complete = known[f.Name]
		}
		_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // which fails for one that has its own
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.PersistentFlags().VisitAll(add)
}

// completeDev completes targets, and after -- commands of the shell.
func completeDev(p *program, cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if slices.Contains(p.argv, "--") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return completeTarget(p, cmd, args, word)
}

// completeTarget offers the targets of the newest events.
func completeTarget(p *program, cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return recentValues(p, cmd, "target"), cobra.ShellCompDirectiveNoFileComp
}

// runningTargets are the names of the targets that the running hfhook dev of the folder has.
func runningTargets(p *program, cmd *cobra.Command) (names []cobra.Completion) {
	c, err := findDev(cmd.Context(), p)
	if err != nil || c == nil {
		return nil
	}
	defer c.Close()
	st, err := c.State(cmd.Context())
	if err != nil {
		return nil
	}
	for _, t := range st.Targets {
		names = append(names, visible.Line(t.Name))
	}
	return names
}

// completeContent completes files for an argument that is the content itself or, after an @, a
// file.
func completeContent(_ *cobra.Command, _ []string, word string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	const more = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	path, ok := strings.CutPrefix(word, "@")
	if !ok {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	dir, begun := filepath.Split(path)
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return nil, more
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), begun) {
			name := "@" + dir + e.Name()
			if e.IsDir() {
				name += string(filepath.Separator)
			}
			all = append(all, visible.Line(name))
		}
	}
	return all, more
}

// shells makes wrong usage of the completion command what it is for the others.
func shells(cmd *cobra.Command) {
	cmd.Short = "Print the completion script for bash, zsh, fish or powershell"
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return exit.Usagef("unknown shell %q: want bash, zsh, fish or powershell", args[0])
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return &exit.Error{Code: exit.CodeUsage, Err: errors.New("completion needs the name of a shell"), Try: "hfhook completion bash --help explains how to load it"}
	}
}

// offerIDs returns the refs and ids with a prefix, each with its summary. Errors are not shown
// at a shell prompt.
func offerIDs(p *program, cmd *cobra.Command, word string) (all []cobra.Completion) {
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
	withRecent(p, cmd, filter.Pinned, func(row *event.Row) { offer(row.Pin, row.Label+" "+row.Subject) })
	withRecent(p, cmd, nil, func(row *event.Row) { offer(string(row.ID), row.Label+" "+row.Subject) })
	return all
}

// offerTriggers are what trigger sends.
func offerTriggers(p *program, cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
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
	all = append(all, cobra.CompletionWithDesc("scenario", "a sequence of events"))
	return append(all, offerIDs(p, cmd, word)...), cobra.ShellCompDirectiveNoFileComp
}
