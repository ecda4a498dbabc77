package cli

// hfhook webhooks enable, disable and delete.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/muesli/cancelreader"
	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/hub"
	"hfhook/internal/visible"
)

// shown is a webhook's id as it may be printed.
func shown(w *hub.Webhook) string { return visible.Line(w.ID) }

// webhooksSwitchCommand is enable or disable.
func webhooksSwitchCommand(p *program, verb, short string, do func(*hub.Client, context.Context, string) (*hub.Webhook, error)) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:     verb + " ID",
		Short:   short,
		Example: "  hfhook webhooks " + verb + " 65a1",
		Args:    oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := p.hubClient()
			if err != nil {
				return err
			}
			w, err := findWebhook(cmd.Context(), client, args[0])
			if err == nil {
				w, err = do(client, cmd.Context(), w.ID)
			}
			if err != nil {
				return err
			}
			if as.JSON || as.IDs {
				return printWebhook(p, w, as, client)
			}
			_, err = fmt.Fprintf(p.out, "%s  %s  %s\n", shown(w), stateWord(w.State), visible.Line(w.Target()))
			return err
		},
	}
	as.Flags(cmd, "print only the id")
	return cmd
}

func webhooksDeleteCommand(p *program) *cobra.Command {
	var yes bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "delete ID",
		Short: "Delete a webhook permanently",
		Long: `Deletes a webhook permanently, with the list of its deliveries. On a terminal it asks
first; without one it needs --yes. hfhook webhooks disable keeps the webhook.`,
		Example: "  hfhook webhooks delete 65a1 --yes",
		Args:    oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes && !(isTerminal(p.in) && isTerminal(p.err)) {
				return &exit.Error{Code: exit.CodeUsage, Err: errors.New("this deletes a webhook permanently, but there is no terminal to ask on"), Try: "hfhook webhooks delete ID --yes"}
			}
			ctx := cmd.Context()
			client, err := p.hubClient()
			if err != nil {
				return err
			}
			w, err := findWebhook(ctx, client, args[0])
			if err != nil {
				return err
			}
			if !yes {
				sure, err := p.ask(ctx, fmt.Sprintf("Delete the webhook %s to %s permanently?", shown(w), visible.Line(w.Target())))
				if err != nil {
					return err
				}
				if !sure {
					return &exit.Error{Code: exit.CodeFailure, Err: errors.New("nothing was removed")}
				}
			}
			if err := client.Delete(ctx, w.ID); err != nil {
				return err
			}
			w.State = "deleted"
			if as.JSON || as.IDs {
				return printWebhook(p, w, as, client)
			}
			_, err = fmt.Fprintf(p.out, "%s  deleted  %s\n", shown(w), visible.Line(w.Target()))
			return err
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	as.Flags(cmd, "print only the id")
	return cmd
}

// ask puts a question to the user; everything but y and yes means no.
func (p *program) ask(ctx context.Context, question string) (yes bool, err error) {
	fmt.Fprintf(p.err, "%s [y/N] ", question)
	var line string
	err = p.reading(ctx, func(in cancelreader.CancelReader) (err error) {
		line, err = bufio.NewReader(in).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return err
	})
	if err != nil {
		fmt.Fprintln(p.err)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return true, err
	}
	return false, err
}

// reading calls read with the standard input; it ends with ctx, wherever it waits.
func (p *program) reading(ctx context.Context, read func(cancelreader.CancelReader) error) error {
	in, err := cancelreader.NewReader(p.in)
	if err != nil {
		return fmt.Errorf("read the standard input: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { in.Cancel() })
	err = errors.Join(read(in), in.Close())
	if !stop() {
		return context.Cause(ctx)
	}
	return err
}

// isTerminal reports whether a file of the process is one.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
