package cli

import (
	"context"
	"fmt"
	"os"

	"hfhook/tui/describe"
	"hfhook/tui/screen"

	"github.com/spf13/cobra"

	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// hubPage is where webhooks are set up: https://huggingface.co/docs/hub/webhooks.
const hubPage = "https://huggingface.co/settings/webhooks"

func (p *program) openCommand() *cobra.Command {
	var show bool
	var webhook string
	cmd := &cobra.Command{
		Use:   "open ID|hub",
		Short: "Open an event's page on the Hub, or the webhooks' settings, in the browser",
		Long: `Opens the page that an event is about: the comment, else the discussion, the commit or
the repository. hub is the page on which webhooks are set up, and with --webhook the one
that lists what a webhook has sent, and sends it again. Where there is no browser, as over
SSH, it prints the address.`,
		Example: "  hfhook open @last\n  hfhook open hub --webhook 6390e855e30d9209411de93b",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("open takes one id, or hub, for example hfhook open @last")
			}
			if webhook != "" && args[0] != "hub" {
				return usagef("--webhook is for the Hub's page of a webhook: hfhook open hub --webhook %s", webhook)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case webhook != "":
				return p.openActivity(cmd.Context(), webhook, show)
			case args[0] == "hub":
				return p.browse(cmd.Context(), hubPage, show)
			}
			return p.withStoreToRead(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
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
					return &failure{code: exitFailure, err: fmt.Errorf("event %s has no web page", id), try: "hfhook show " + string(id)}
				}
				return p.browse(ctx, page, show)
			})
		},
	}
	cmd.Flags().BoolVar(&show, "print", false, "print the address instead")
	cmd.Flags().StringVar(&webhook, "webhook", "", "with hub: show the deliveries of the webhook with this `id`")
	return cmd
}

// openActivity opens the Hub's page of what a webhook has sent.
func (p *program) openActivity(ctx context.Context, id string, show bool) error {
	if !wholeID.MatchString(id) {
		return &failure{code: exitUsage, err: fmt.Errorf("invalid --webhook %q: want the id of a webhook", id), try: "hfhook webhooks ls shows them"}
	}
	client, err := p.hubClient()
	if err != nil {
		return err
	}
	return p.browse(ctx, client.Activity(id), show)
}

// browse opens a page, or prints its address.
func (p *program) browse(ctx context.Context, page string, show bool) error {
	if !show && screen.Browse(ctx, os.Environ(), page) {
		fmt.Fprintln(p.err, "opened", visible.Line(page))
		return nil
	}
	_, err := fmt.Fprintln(p.out, visible.Line(page))
	return err
}
