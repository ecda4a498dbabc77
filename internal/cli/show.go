package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func showCommand(p *program) *cobra.Command {
	var only struct{ payload, headers, deliveries, raw bool }
	var as output.Format
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show an event: headers, payload and deliveries",
		Long: `Shows an event. ID is an event's id or a prefix of one, @last, @-2 for the one before it,
or @failed for the newest that failed at a target.`,
		Example: "  hfhook show @last\n  hfhook show @failed --deliveries\n  hfhook show 01JD4X7M9C --raw > body.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return exit.Usagef("show takes one id, for example hfhook show @last")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStoreToRead(cmd.Context(), p, func(ctx context.Context, events *sqlite.Store) error {
				id, err := events.Resolve(ctx, args[0])
				if err != nil {
					return err
				}
				e, err := events.Event(ctx, id)
				if err != nil {
					return err
				}
				if as.IDs {
					_, err := fmt.Fprintln(p.out, id)
					return err
				}
				if only.raw {
					warnRaw(p)
					_, err := p.out.Write(e.Body)
					return err
				}
				deliveries, err := events.Deliveries(ctx, id)
				if err != nil {
					return err
				}
				gaps, err := gapsOf(ctx, events)()
				if err != nil {
					return err
				}
				outcomes, err := output.OutcomesNow(ctx, events, deliveries)
				if err != nil {
					return err
				}
				if as.JSON {
					return showJSON(p, e, deliveries, outcomes, gaps)
				}
				all := !only.payload && !only.headers && !only.deliveries
				out := p.stdout(ctx) // keeps the first error
				if all {
					output.WriteSummary(out, e)
					output.WriteMissed(out, e, gaps)
					fmt.Fprintln(out)
				}
				if all || only.headers {
					output.WriteHeaders(out, e, deliveries)
				}
				flat := false
				if all || only.payload {
					flat = output.WritePayload(out, e)
				}
				if all || only.deliveries {
					output.WriteOutcomes(out, outcomes, event.Others(deliveries))
					output.WriteDeliveries(out, e, deliveries)
				}
				if err := out.Flush(); err != nil {
					return err
				}
				if flat {
					fmt.Fprintln(p.err, "note: the payload is nested too deeply: parts of it share a line; --raw prints it as received")
				}
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&only.payload, "payload", false, "print only the payload, indented")
	f.BoolVar(&only.headers, "headers", false, "print only the headers")
	f.BoolVar(&only.deliveries, "deliveries", false, "print only the deliveries")
	f.BoolVar(&only.raw, "raw", false, "print only the bytes of the body")
	as.Flags(cmd, "print only the full id")
	as.Exclude(cmd, "payload", "headers", "deliveries", "raw", "ids")
	return cmd
}

// warnRaw warns of bytes that a terminal would take for commands.
func warnRaw(p *program) {
	if isTerminal(p.out) {
		fmt.Fprintln(p.err, "warning: these untrusted bytes are printed to the terminal unchanged")
	}
}

func showJSON(p *program, e *event.Event, deliveries []event.Delivery, outcomes []event.Outcome, gaps []store.Gap) error {
	line := output.NewEventLine(e, gaps)
	line.Outcomes = output.OutcomeParts(outcomes)
	if err := output.WriteLine(p.out, line); err != nil {
		return err
	}
	for i := range deliveries {
		line := output.NewDeliveryLine(&deliveries[i])
		if deliveries[i].State == event.Withheld {
			line.Send = dev.SendCommand(e, &deliveries[i])
		}
		if err := output.WriteLine(p.out, line); err != nil {
			return err
		}
	}
	return nil
}
