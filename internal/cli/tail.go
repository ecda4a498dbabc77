package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

func tailCommand(p *program) *cobra.Command {
	var n int
	var as output.Format
	cmd := &cobra.Command{
		Use:   "tail [FILTER]",
		Short: "Print events as they arrive",
		Long: `Prints each new event, whichever process records it, until it is interrupted. With
FILTER, see hfhook help filter, it prints those that match, and one whose delivery
decides as soon as it does.`,
		Example: "  hfhook tail -n 10\n  hfhook tail --json status:5xx",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if n < 0 {
				return exit.Usagef("invalid -n %d: want a number of events", n)
			}
			x, err := parseFilter(args)
			if err != nil {
				return err
			}
			return p.makeStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				f, err := follow(ctx, events, x)
				if err != nil {
					return err
				}
				var rows []event.Row
				if err := newest(ctx, events, x, n, func(row *event.Row) error { rows = append(rows, *row); return nil }); err != nil {
					return err
				}
				if n > 0 && len(rows) == 0 {
					fmt.Fprintln(p.err, visible.Line(noneText(args))+": waiting for one")
				}
				for _, row := range slices.Backward(rows) {
					f.found[row.ID] = true
					if err := printRow(ctx, p, events, &row, as, gapsOf(ctx, events)); err != nil {
						return err
					}
				}
				return f.run(ctx, func(row *event.Row) (bool, error) {
					return false, printRow(ctx, p, events, row, as, gapsOf(ctx, events))
				})
			})
		},
	}
	cmd.Flags().IntVarP(&n, "number", "n", 0, "start with the newest `N` matching events")
	as.Flags(cmd, "ids only")
	return cmd
}
