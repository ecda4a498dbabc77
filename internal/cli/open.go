package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
)

// hubPage is where webhooks are set up: https://huggingface.co/docs/hub/webhooks.
const hubPage = "https://huggingface.co/settings/webhooks"

func openCommand(p *program) *cobra.Command {
	var show bool
	var webhook string
	cmd := &cobra.Command{
		Use:   "open ID|hub",
		Short: "Open an event's page on the Hub, or the webhooks' settings, in the browser",
		Long: `Opens the page that an event is about: the comment, else the discussion, the commit or the
repository. hub opens the page on which webhooks are set up, and with --webhook the one
that lists the deliveries of a webhook and can repeat them. Without a browser, for example
over SSH, it prints the address.`,
		Example: "  hfhook open @last\n  hfhook open hub --webhook 6390e855e30d9209411de93b",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return exit.Usagef("open takes one id, or hub, for example hfhook open @last")
			}
			if webhook != "" && args[0] != "hub" {
				return exit.Usagef("--webhook is for the Hub's page of a webhook: hfhook open hub --webhook %s", webhook)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case webhook != "":
				return openActivity(cmd.Context(), p, webhook, show)
			case args[0] == "hub":
				return browse(cmd.Context(), p, hubPage, show)
			}
			return withStoreToRead(cmd.Context(), p, func(ctx context.Context, events *sqlite.Store) error {
				id, err := events.Resolve(ctx, args[0])
				if err != nil {
					return err
				}
				e, err := events.Event(ctx, id)
				if err != nil {
					return err
				}
				page := describe.Page(e.Payload, "")
				if page == "" {
					return &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("event %s has no web page", id), Try: "hfhook show " + string(id)}
				}
				return browse(ctx, p, page, show)
			})
		},
	}
	cmd.Flags().BoolVar(&show, "print", false, "print the address instead")
	cmd.Flags().StringVar(&webhook, "webhook", "", "with hub: show the deliveries of the webhook with this `id`")
	return cmd
}

// openActivity opens the Hub's page of what a webhook has sent.
func openActivity(ctx context.Context, p *program, id string, show bool) error {
	if !wholeID.MatchString(id) {
		return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("invalid --webhook %q: want the id of a webhook", id), Try: "hfhook webhooks ls shows them"}
	}
	client, err := p.hubClient()
	if err != nil {
		return err
	}
	return browse(ctx, p, client.Activity(id), show)
}

// browse opens a page, or prints its address.
func browse(ctx context.Context, p *program, page string, show bool) error {
	if !show && screen.Browse(ctx, os.Environ(), page) {
		fmt.Fprintln(p.err, "opened", visible.Line(page))
		return nil
	}
	_, err := fmt.Fprintln(p.out, visible.Line(page))
	return err
}
