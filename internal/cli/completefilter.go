package cli

// Shell completion of filters: keys, their values, and values from the store.

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// completeFilter completes the last term of a filter.
func completeFilter(p *program, cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const more = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	// Within quotation marks of the shell a filter is one word.
	begin := strings.LastIndexAny(word, " (|-") + 1
	before, term := word[:begin], word[begin:]
	name, _, isValue := strings.Cut(term, ":")
	key := name + ":"
	var all []cobra.Completion
	if len(args) == 0 {
		all = savedTexts(p, cmd, word)
	}
	if !isValue {
		for _, k := range filter.Keys() {
			all = append(all, cobra.Completion(before+k))
		}
		return all, more
	}
	values := filter.Values(key)
	switch name {
	case "repo", "path", "target", "pin":
		values = recentValues(p, cmd, name)
	}
	for _, v := range values {
		all = append(all, cobra.Completion(before+key+v))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// savedTexts returns the saved filters with a prefix, each with its name.
func savedTexts(p *program, cmd *cobra.Command, word string) (all []cobra.Completion) {
	if p.configure(cmd) != nil {
		return nil
	}
	for _, f := range p.tables.Filters {
		if text := strings.TrimSpace(f.Text); strings.HasPrefix(text, word) && visible.Line(text) == text {
			all = append(all, cobra.CompletionWithDesc(text, visible.Line(f.Name)))
		}
	}
	return all
}

// completeSaved completes the names of saved filters, to replace them.
func completeSaved(p *program, cmd *cobra.Command, _ []string, _ string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	if p.configure(cmd) == nil {
		for _, f := range p.tables.Filters {
			all = append(all, cobra.CompletionWithDesc(visible.Line(f.Name), visible.Line(f.Text)))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeRepo offers the repositories of the newest events, as --repo takes them.
func completeRepo(p *program, cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return recentValues(p, cmd, "type:repo"), cobra.ShellCompDirectiveNoFileComp
}

// recentValues returns the values of the newest events, each once, the newest first.
func recentValues(p *program, cmd *cobra.Command, what string) (all []string) {
	withRecent(p, cmd, nil, func(row *event.Row) {
		var values []string
		switch what {
		case "repo":
			values = []string{row.Repo}
		case "type:repo":
			values = []string{string(row.RepoType) + ":" + row.Repo}
		case "path":
			values = []string{row.Path}
		case "pin":
			values = []string{row.Pin}
		case "target":
			for _, o := range row.Outcomes {
				values = append(values, o.Target)
			}
		}
		for _, value := range values {
			hostile := visible.Line(value) != value
			if value != "" && !hostile && !strings.ContainsAny(value, " \t\n\"()|") && !slices.Contains(all, value) {
				all = append(all, value)
			}
		}
	})
	return all
}

// withRecent calls f with the newest events that match. Errors are not shown at a shell prompt.
func withRecent(p *program, cmd *cobra.Command, x filter.Expr, f func(*event.Row)) {
	if p.configure(cmd) != nil {
		return
	}
	path, err := p.storePath()
	if err != nil {
		return
	}
	events, err := sqlite.OpenToRead(cmd.Context(), path, sqlite.Options{})
	if err != nil {
		return
	}
	defer events.Close()
	_ = newest(cmd.Context(), events, x, offered, func(row *event.Row) error {
		f(row)
		return nil
	})
}
