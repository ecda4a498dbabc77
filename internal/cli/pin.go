package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/store/sqlite"
)

func pinCommand(p *program) *cobra.Command {
	var off bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "pin ID NAME",
		Short: "Pin an event under a name, which works as its id",
		Long: `Pins an event: NAME works as its id in every command, and hfhook prune keeps it. An event
has one name, and a name belongs to one event. NAME is a letter and up to 63 more letters,
digits, dots, dashes and underscores; letter case matters.`,
		Example: "  hfhook pin @last first-comment\n  hfhook replay first-comment --to 8000\n  hfhook pin first-comment --off\n  hfhook ls is:pinned",
		Args: func(_ *cobra.Command, args []string) error {
			if off && len(args) != 1 || !off && len(args) != 2 {
				return exit.Usagef("pin takes an id and a name, for example hfhook pin @last first-comment, or an id and --off")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				id, err := events.Resolve(ctx, args[0])
				if err != nil {
					return err
				}
				name := ""
				if !off {
					name = args[1]
				}
				if err := events.Pin(ctx, id, name); err != nil {
					return err
				}
				return printPinned(ctx, p, events, id, name, as)
			})
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "remove the name")
	as.Flags(cmd, "the id of the event")
	return cmd
}

// printPinned says which name an event has now.
func printPinned(ctx context.Context, p *program, events *sqlite.Store, id event.ID, name string, as output.Format) error {
	var err error
	switch {
	case as.IDs:
		_, err = fmt.Fprintln(p.out, id)
	case as.JSON:
		e, failed := events.Event(ctx, id)
		if failed != nil {
			return failed
		}
		line := pinLine{Schema: 1, Type: "pin", Name: name, Event: id}
		if e.Payload != nil {
			line.Summary = e.Payload.Summary()
		}
		err = output.WriteLine(p.out, line)
	case name == "":
		_, err = fmt.Fprintln(p.out, id, "is not pinned any more")
	default:
		_, err = fmt.Fprintln(p.out, id, "is pinned as", name)
	}
	return err
}
