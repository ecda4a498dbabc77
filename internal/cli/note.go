package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/store/sqlite"
)

func (p *program) noteCommand() *cobra.Command {
	var off bool
	var as format
	cmd := &cobra.Command{
		Use:   "note ID TEXT",
		Short: "Add a note to an event",
		Long: `Keeps a text with an event, in place of one that it had; hfhook show and the screen show
it. A note does not spare the event from hfhook prune: hfhook pin does.`,
		Example: "  hfhook note @last 'the one that broke the eval'\n  hfhook note @last --off",
		Args: func(_ *cobra.Command, args []string) error {
			if off && len(args) != 1 || !off && len(args) < 2 {
				return usagef("note takes an id and a text, for example hfhook note @last 'the one that broke', or an id and --off")
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
				case as.ids:
					_, err = fmt.Fprintln(p.out, id)
				case as.json:
					err = writeLine(p.out, noteLine{Schema: 1, Type: "note", Event: id, Text: text})
				default:
					_, err = fmt.Fprintln(p.out, id, said)
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "remove the note")
	as.flags(cmd, "the id of the event")
	return cmd
}
