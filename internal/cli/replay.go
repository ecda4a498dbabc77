package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

func (p *program) replayCommand() *cobra.Command {
	var to []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "replay ID…",
		Short:   "Send recorded events to a target again",
		Long:    "Sends the exact bytes of recorded events again, one after another, and records\neach attempt. It ends with 6 where an answer is not from 200 to 299.",
		Example: "  hfhook replay @last --to 8000\n  hfhook replay @failed --to http://127.0.0.1:8000/webhooks/say_hello",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("replay takes at least one id, as in hfhook replay @last --to 8000")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(to) > 0 {
				p.settings.forward = to
			}
			targets, err := p.targets(cmd, nil)
			if err != nil {
				return err
			}
			if len(targets) == 0 {
				return dev.ErrNoTarget
			}
			secret, err := p.secrets()
			if err != nil {
				return err
			}
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				sender := delivery.New(events, delivery.Options{
					Secret:       func() (string, bool) { return secret.present().Reveal(), !secret.present().IsZero() },
					SendSecretTo: p.settings.sendSecretTo,
				})
				var ids []event.ID
				for _, ref := range args {
					id, err := events.Resolve(ctx, ref)
					if err != nil {
						return err
					}
					ids = append(ids, id)
				}
				return p.replay(ctx, events, sender, ids, targets, asJSON)
			})
		},
	}
	f, s := cmd.Flags(), &p.settings
	f.StringArrayVar(&to, "to", nil, "send to this `target`, a URL or port; may be repeated (default: --forward of the configuration)")
	f.StringArrayVar(&s.forward, "forward", nil, "")
	f.DurationVar(&s.timeout, "timeout", delivery.DefaultTimeout, "how long a target may take for its answer")
	f.StringVar(&s.secretFile, "secret-file", "", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
	f.StringArrayVar(&s.sendSecretTo, "send-secret-to", nil, "pass the secret on to this `host`, besides this machine")
	f.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	_ = f.MarkHidden("forward")
	return cmd
}

// replay sends the events in their order to each of the targets.
func (p *program) replay(ctx context.Context, events *sqlite.Store, sender *delivery.Dispatcher, ids []event.ID, targets []delivery.Target, asJSON bool) error {
	failed := 0
	for _, id := range ids {
		e, err := events.Event(ctx, id)
		if err != nil {
			return err
		}
		for _, t := range targets {
			d, err := sender.Send(ctx, e, t, event.Replay)
			if err != nil {
				return err
			}
			if !d.OK() {
				failed++
			}
			if asJSON {
				err = writeLine(p.out, newDeliveryLine(&d))
			} else {
				text := fmt.Sprintf("%s  %s in %s from %s (attempt %d)", id, outcome(&d), took(d.Took), d.URL, d.N)
				if d.Err != "" {
					text += ": " + d.Err
				}
				_, err = fmt.Fprintln(p.out, visible.Line(text))
			}
			if err != nil {
				return err
			}
		}
	}
	if failed > 0 {
		return &failure{code: exitHandler, err: fmt.Errorf("%d of %d answers were not 2xx", failed, len(ids)*len(targets)), try: "hfhook show @failed --deliveries shows the answer"}
	}
	return nil
}
