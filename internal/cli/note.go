package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/store/sqlite"
)

func noteCommand(p *program) *cobra.Command {
	var off bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "note ID TEXT",
		Short: "Add a note to an event",
		Long: `Attaches a note to an event, replacing an earlier one; hfhook show and the screen show it.
hfhook prune deletes events with notes, but not pinned ones: see hfhook pin.`,
		Example: "  hfhook note @last 'the one that broke the eval'\n  hfhook note @last --off",
		Args: func(_ *cobra.Command, args []string) error {
			if off && len(args) != 1 || !off && len(args) < 2 {
				return exit.Usagef("note takes an id and a text, for example hfhook note @last 'the one that broke', or an id and --off")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				id, err := events.Resolve(ctx, args[0])
				if err != nil {
					return err
				}
				text, said := strings.Join(args[1:], " "), "has a note"
				if strings.TrimSpace(text) == "" {
					text, said = "", "has no note any more"
				}
				if err := events.Note(ctx, id, text); err != nil {
					return err
				}
				switch {
				case as.IDs:
					_, err = fmt.Fprintln(p.out, id)
				case as.JSON:
					err = output.WriteLine(p.out, output.NoteLine{Schema: 1, Type: "note", Event: id, Text: text})
				default:
					_, err = fmt.Fprintln(p.out, id, said)
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "remove the note")
	as.Flags(cmd, "the id of the event")
	return cmd
}
