package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/store/sqlite"
)

func rmCommand(p *program) *cobra.Command {
	var matching string
	var yes bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "rm ID…",
		Short: "Delete events with their bodies and deliveries",
		Long: `Deletes the given events, or those that match --filter, with their bodies and deliveries.
It asks before it deletes more than one. They cannot be restored, except from a file that
hfhook export has written.`,
		Example: "  hfhook rm @last\n  hfhook rm --filter 'is:synthetic -is:pinned' --yes",
		Args: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 0) == (strings.TrimSpace(matching) == "") {
				if len(args) == 0 && cmd.Flags().Changed("filter") { // as of a variable that is not set
					return exit.Usagef("rm --filter needs a filter: to delete every event use since:2000-01-01")
				}
				return exit.Usagef("rm takes ids or a --filter, for example hfhook rm @last")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var x filter.Expr
			if len(args) == 0 {
				var err error
				if x, err = parseFilter([]string{matching}); err != nil {
					return err
				}
			}
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				ids, pinned, err := chooseEvents(ctx, p, events, args, x)
				if err != nil {
					return err
				}
				if len(ids) > 1 && !yes {
					if err := confirm(ctx, p, len(ids), pinned); err != nil {
						return err
					}
				}
				n, bar := 0, output.NewProgress(p.err, p.env, len(ids))
				err = bar.During(func() (err error) {
					n, err = events.Delete(ctx, ids...)
					return err
				}, printFewer(ctx, p, events))
				if err != nil && n > 0 {
					err = fmt.Errorf("deleted %s, but not the others: %w", output.Plural(n, "event"), err)
				}
				if err != nil {
					return err
				}
				return printDeleted(p, ids, n, as)
			})
		},
	}
	cmd.Flags().StringVar(&matching, "filter", "", "delete the events that match this `filter`")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	as.Flags(cmd, "print only the ids of the deleted events")
	return cmd
}

// printDeleted says that n events were deleted, of those with these ids.
func printDeleted(p *program, ids []event.ID, n int, as output.Format) (err error) {
	switch {
	case as.IDs:
		for _, id := range ids {
			if _, err := fmt.Fprintln(p.out, id); err != nil {
				return err
			}
		}
	case as.JSON:
		err = output.WriteLine(p.out, output.NewDeletedLine(n, time.Time{}, false))
	default:
		_, err = fmt.Fprintln(p.out, output.Plural(n, "event"), "deleted")
	}
	return err
}

// printFewer counts the events that have gone since it was called, or some of them.
func printFewer(ctx context.Context, p *program, events *sqlite.Store) func() int {
	before, err := events.Stats(ctx)
	return func() int {
		now, nowErr := events.Stats(ctx)
		if err != nil || nowErr != nil {
			return 0
		}
		return int(max(before.Events-now.Events, 0))
	}
}

// chooseEvents are the events that refs name, each once, or all that match, and how many of
// these are pinned.
func chooseEvents(ctx context.Context, p *program, events *sqlite.Store, refs []string, x filter.Expr) (ids []event.ID, pinned int, err error) {
	if len(refs) == 0 {
		err := newestShown(ctx, p, events, x, int(^uint(0)>>1), func(row *event.Row) error {
			ids = append(ids, row.ID)
			if row.Pin != "" {
				pinned++
			}
			return nil
		})
		return ids, pinned, err
	}
	seen := make(map[event.ID]bool)
	for _, ref := range refs {
		id, err := events.Resolve(ctx, ref)
		if err != nil {
			return nil, 0, err
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, 0, nil
}

// confirm asks whether to delete n events.
func confirm(ctx context.Context, p *program, n, pinned int) error {
	what, those := output.Plural(n, "event"), ""
	if pinned > 0 {
		those = fmt.Sprintf(", %d of them pinned,", pinned)
	}
	return p.agreed(ctx, "Delete "+what+those+" and their deliveries?", what+" would be deleted", "nothing was deleted")
}

// agreed asks a question, and fails where the answer is no, or there is no terminal.
func (p *program) agreed(ctx context.Context, question, would, nothing string) error {
	in, isFile := p.in.(*os.File)
	if !isFile || !isatty.IsTerminal(in.Fd()) {
		return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%s, but there is no terminal to ask on", would), Try: "use --yes"}
	}
	yes, err := p.ask(ctx, question)
	if err == nil && !yes {
		err = &exit.Error{Code: exit.CodeFailure, Err: errors.New(nothing)}
	}
	return err
}
