package cli

// Failed events, grouped by what went wrong.

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/failures"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

func failuresCommand(p *program) *cobra.Command {
	var most int
	var as output.Format
	cmd := &cobra.Command{
		Use:   "failures [FILTER]",
		Short: "Group failed events by what went wrong",
		Long: `Groups failed events by target, status and the stable part of the answer: the last line of
a traceback, or the error in a JSON answer, without ids, numbers and times. Each group has
its count, its first and last time, its newest event, and the command that sends all of it
again.

FILTER restricts the events, as for ls. If it asks about outcomes, such as target:bot, it
must match the failed outcome.`,
		Example: "  hfhook failures\n  hfhook failures 'target:bot since:today'\n  hfhook failures --json | jq -r 'select(.count > 1).filter'",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if most < 1 {
				return exit.Usagef("invalid -n %d: want at least 1", most)
			}
			x, err := parseFilter(args)
			if err != nil {
				return err
			}
			return withStoreToRead(cmd.Context(), p, func(ctx context.Context, events *sqlite.Store) error {
				bar := output.NewProgress(p.err, p.env, 0)
				report, err := failures.Collect(ctx, events, x, most, func(back event.ID) {
					bar.Say(func(time.Time) string {
						return fmt.Sprintf("\r\x1b[Ksearched back to %s", back.Time().Local().Format("2006-01-02 15:04:05"))
					})
				})
				bar.Clear()
				if err != nil {
					return err
				}
				return printFailures(p, &report, args, as)
			})
		},
	}
	cmd.Flags().IntVarP(&most, "number", "n", 10_000, "how many of the newest failed events to look at")
	as.Flags(cmd, "id of each group's newest event only")
	return cmd
}

// failureLine is a group as a line of JSON.
type failureLine struct {
	Schema int        `json:"schema"`
	Type   string     `json:"type"`
	Target string     `json:"target"`
	Status int        `json:"status"`
	Result string     `json:"result"`
	Reason string     `json:"reason"`
	Count  int        `json:"count"`
	First  string     `json:"first"`
	Last   string     `json:"last"`
	Newest event.ID   `json:"newest"`
	Events []event.ID `json:"events"`
	Filter string     `json:"filter"`
}

func printFailures(p *program, r *failures.Report, args []string, as output.Format) error {
	for i := range r.Groups {
		if err := printFailure(p, &r.Groups[i], as); err != nil {
			return err
		}
	}
	switch text := strings.TrimSpace(strings.Join(args, " ")); {
	case len(r.Groups) == 0 && text == "":
		fmt.Fprintln(p.err, "no failed events")
	case len(r.Groups) == 0:
		fmt.Fprintln(p.err, visible.Line("no failed event matches "+text))
	case r.Upto != "":
		fmt.Fprintf(p.err, "only the newest %s looked at: -n looks at more\n", wereFailed(r.Events))
	}
	return nil
}

func printFailure(p *program, g *failures.Group, as output.Format) error {
	if as.IDs {
		_, err := fmt.Fprintln(p.out, g.Newest.ID)
		return err
	}
	if as.JSON {
		return output.WriteLine(p.out, failureLine{
			Schema: 1, Type: "failure", Target: g.Target, Status: g.Status, Result: g.Result, Reason: g.Reason, Count: len(g.Events),
			First: output.Stamp(g.First), Last: output.Stamp(g.Last), Newest: g.Newest.ID, Events: g.Events, Filter: g.Filter(),
		})
	}
	const when = "2006-01-02 15:04:05"
	times := g.Last.Local().Format(when)
	if first := g.First.Local().Format(when); first != times {
		times = first + " to " + times
	}
	for _, line := range []string{
		fmt.Sprintf("%-10s %s at %s", g.Count(), g.Says(), g.Target),
		"           " + times + ", newest " + string(g.Newest.ID) + " " + strings.TrimSpace(g.Newest.Label+" "+g.Newest.Subject),
		"           hfhook replay --filter " + quoted(g.Filter()) + " --to " + quoted(g.Target),
	} {
		if _, err := fmt.Fprintln(p.out, visible.Line(line)); err != nil {
			return err
		}
	}
	return nil
}

func wereFailed(n int) string {
	if n == 1 {
		return "failed event was"
	}
	return fmt.Sprintf("%d failed events were", n)
}

// quoted is a word of a command for a shell.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
