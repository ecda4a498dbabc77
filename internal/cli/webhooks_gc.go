package cli

// hfhook webhooks gc: what sessions have left on the Hub.

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
)

func webhooksGCCommand(p *program) *cobra.Command {
	var yes, dry, all bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Clean up webhooks that hfhook left on the Hub",
		Long: `Cleans up after a hfhook dev --watch that crashed or was killed: its webhook is disabled,
deleted or kept, according to --on-quit, and one that was taken over is restored. --all
deletes every webhook that hfhook created here and that no hfhook uses. A webhook that
hfhook did not create is never touched. It shows what it would do, and asks first.`,
		Example: "  hfhook webhooks gc --dry-run\n  hfhook webhooks gc --all --yes",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			found, err := hub.FindSettings(p.env)
			if err != nil {
				return &exit.Error{Code: exit.CodeConfig, Err: err}
			}
			keeper, err := newKeeper(p, found, secrets{}, slog.New(slog.DiscardHandler), nil)
			if err != nil {
				return err
			}
			var printed error
			keeper.Notify(func(n lease.Notice) { printed = errors.Join(printed, printNews(p, p.out, n, as)) }, func() {})
			change, err := keeper.PlanCollect(ctx, all)
			if err != nil {
				return err
			}
			if dry {
				return printLines(p, change, as)
			}
			if change.Empty() {
				if !as.JSON && !as.IDs {
					if len(change.Lines) > 0 {
						printChange(p, change)
					}
					fmt.Fprintln(p.err, "Nothing to remove.")
				}
				return nil
			}
			if err := agreeToChange(ctx, p, change, yes, as.JSON || as.IDs); err != nil {
				return err
			}
			_, err = keeper.Apply(ctx, change)
			return errors.Join(err, printed)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&all, "all", false, "also delete webhooks kept for the next hfhook dev")
	f.BoolVar(&dry, "dry-run", false, "only print what would be done")
	f.BoolVarP(&yes, "yes", "y", false, "do not ask")
	as.Flags(cmd, "ids only")
	return cmd
}

// printNews prints what happened to a webhook on the Hub.
func printNews(p *program, w io.Writer, n lease.Notice, as output.Format) error {
	var err error
	switch {
	case n.Kind == lease.Failed: // the error that ends the command says it
	case as.JSON:
		err = output.WriteLine(w, output.NewHubLine(&n))
	case as.IDs:
		_, err = fmt.Fprintln(w, visible.Line(n.Webhook))
	default:
		_, err = fmt.Fprintf(w, "%s  %s  %s\n", visible.Line(n.Webhook), n.Kind, visible.Line(n.URL))
	}
	return err
}

// A changeLine is a line of what would be changed, in --json.
type changeLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	Op     string `json:"op"`
	Text   string `json:"text"`
}

func printLines(p *program, change *lease.Change, as output.Format) error {
	for _, line := range change.Lines {
		if as.JSON {
			if err := output.WriteLine(p.out, changeLine{1, "change", string(line.Op), line.Text}); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(p.out, "%c %s\n", line.Op, visible.Line(line.Text)); err != nil {
			return err
		}
	}
	return nil
}
