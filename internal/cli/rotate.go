package cli

// hfhook secret rotate: another secret on both sides, without an event that is refused.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/server"
)

func secretRotateCommand(p *program) *cobra.Command {
	var yes, push bool
	var previousFor time.Duration
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Create a new secret and set it on the webhooks that hfhook created",
		Long: `Creates a new secret, makes a running hfhook dev accept it, and sets it on the webhooks
that hfhook created on the Hub. The previous secret stays valid, so that no event is
rejected meanwhile, until hfhook secret forget or the time of --previous-for. Handlers get
the secret that hfhook dev was started with until it is restarted. It shows the changes on
the Hub and asks first.

If the secret comes from WEBHOOK_SECRET or --secret-file, change it there first, put the
previous one into WEBHOOK_SECRET_PREVIOUS, and restart hfhook dev.`,
		Example: "  hfhook secret rotate\n  hfhook secret rotate --previous-for 10m\n  hfhook secret rotate --push --yes",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return rotateSecret(cmd.Context(), p, yes, push, previousFor)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&push, "push", false, "create no new secret: set the current one on the webhooks")
	previousFlag(cmd.Flags().DurationVar, &previousFor)
	onlyHere(cmd, "yes", "push", "previous-for")
	return cmd
}

func rotateSecret(ctx context.Context, p *program, yes, push bool, previousFor time.Duration) error {
	own := ownIsInUse(p) == nil
	if err := mayRotate(p, own, push); err != nil {
		return err
	}
	found, err := hub.FindSettings(p.env)
	if err != nil {
		return &exit.Error{Code: exit.CodeConfig, Err: err}
	}
	keeper, err := newKeeper(p, found, secrets{}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	var printed error
	keeper.Notify(func(n lease.Notice) { printed = errors.Join(printed, printNews(p, p.out, n, output.Format{})) }, func() {})
	change, inUse, err := keeper.PlanSecret(ctx)
	if err != nil {
		return err
	}
	if change.Empty() {
		return &exit.Error{Code: exit.CodeNotFound, Err: errors.New("hfhook has no webhook on the Hub to change"), Try: "hfhook secret new, and set it at " + hubPage + " yourself, or use hfhook dev --watch dataset:me/corpus"}
	}
	if err := agreeToChange(ctx, p, change, yes, false); err != nil {
		return err
	}
	if own && !push {
		if err := makeSecret(p, previousFor); err != nil {
			return err
		}
	}
	present, err := p.secrets()
	if err != nil {
		return err
	}
	for _, url := range inUse {
		if err := awaitSecret(ctx, url, present.present()); err != nil {
			return &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("nothing was changed on the Hub: the hfhook dev at %s does not accept the new secret: %w", url, err), Try: "restart it, then run hfhook secret rotate --push"}
		}
	}
	keeper.SetSecret(present.present())
	if _, err := keeper.Apply(ctx, change); err != nil {
		return &exit.Error{Code: exitCode(ctx, err), Err: err, Try: "run hfhook secret rotate --push; the previous secret is accepted until then"}
	}
	if printed != nil {
		return printed
	}
	_, err = fmt.Fprintf(p.out, "T%s.\n", previousText(present.until)[1:])
	return err
}

// mayRotate refuses where a rotation would shut out who still has an earlier secret.
func mayRotate(p *program, own, push bool) error {
	if !own {
		if p.env("WEBHOOK_SECRET_PREVIOUS") == "" {
			return ownIsInUse(p)
		}
		return nil
	}
	_, previous, err := findSecretPaths(p)
	if err != nil || push {
		return err
	}
	if _, err := os.Stat(previous); !errors.Is(err, fs.ErrNotExist) {
		return &exit.Error{Code: exit.CodeConfig, Err: errors.New("the previous secret is still accepted; a new one would end that"),
			Try: "run hfhook secret rotate --push to set the current one everywhere, then hfhook secret forget"}
	}
	return nil
}

// secretTime is how long a running hfhook dev may take to notice another secret.
const secretTime = 15 * time.Second

// awaitSecret tests the URL of a running hfhook dev until it takes a secret.
func awaitSecret(ctx context.Context, url string, secret server.Secret) error {
	ctx, cancel := context.WithTimeout(ctx, secretTime)
	defer cancel()
	for {
		_, err := dev.SelfTest(ctx, nil, url, secret)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(lookAtSecret / 2):
		}
	}
}

// lookAtSecret is how often a session looks whether its secret is another one.
const lookAtSecret = time.Second

// followSecret has a session take another secret when hfhook has made one, and the previous
// one no more when its time has expired, until ctx ends.
func followSecret(ctx context.Context, p *program, session *dev.Session, log *slog.Logger) {
	path, previous, err := findSecretPaths(p)
	if err != nil {
		return
	}
	look := func() (seen [3]string) {
		if until, err := previousUntil(previous); endPreviousIfOver(p) || err == nil && !until.IsZero() && time.Now().After(until) {
			seen[2] = "over"
		}
		for i, file := range []string{path, previous} {
			if info, err := os.Stat(file); err == nil {
				seen[i] = fmt.Sprint(info.ModTime().UnixNano(), info.Size())
			}
		}
		return seen
	}
	before := look()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookAtSecret):
		}
		now := look()
		if now == before || now[0] == "" && before[0] != "" { // in the middle of a change there is none
			continue
		}
		ended := now[2] != "" && before[2] == ""
		before = now
		s, err := p.secrets()
		if err == nil {
			err = session.AcceptSecrets(s.accepted...)
		}
		if err != nil {
			log.Warn("the webhook secret has changed", "error", err)
			continue
		}
		if ended {
			session.Notify(dev.Notice{About: "secret", Text: "the previous secret is no longer accepted: its time has expired", OK: true})
		}
		log.Info("the webhook secret has changed", "accepted", len(s.accepted))
	}
}
