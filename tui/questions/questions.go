// Package questions asks what hfhook init has to know: one form on the terminal, a question
// at a time.
package questions

import (
	"context"
	"errors"
	"fmt"
	"io"

	"charm.land/huh/v2"
)

// Answers are what was asked; before, they hold what the form begins with.
type Answers struct {
	Handler string // the command that runs the handler, or its port or URL
	Tunnel  string // ngrok, ssh, cloudflared or none
	Watch   string // repositories such as dataset:me/corpus, with spaces between them
	Secret  string // the one that the handler or the webhook has; empty: one that hfhook makes
	Ignore  bool   // put exports and .env into .gitignore
}

// Checks say what is wrong with an answer, or nil.
type Checks struct {
	Handler, Watch, Secret func(string) error
}

// ErrStopped is returned if the form was left by ctrl+c.
var ErrStopped = errors.New("stopped: nothing was written")

// Ask shows the form. Nothing but the answers is changed. With plain it asks line by line, for
// screen readers and terminals that cannot move the cursor.
func Ask(ctx context.Context, in io.Reader, out io.Writer, a *Answers, check Checks, ownSecret, plain bool) error {
	secret := "Secret of the webhook, if it has one already"
	about := "Leave it empty: hfhook makes one and keeps it outside the project."
	if ownSecret {
		about = "Leave it empty to use WEBHOOK_SECRET, or the one that hfhook has made."
	}
	form := huh.NewForm(
		huh.NewGroup(
			huh.NewInput().Title("Your handler").
				Description("The command that starts it, such as uvicorn app:app, or the port or URL of one that runs already.").
				Value(&a.Handler).Validate(check.Handler),
		),
		huh.NewGroup(
			huh.NewSelect[string]().Title("How the Hub reaches this machine").
				Options(
					huh.NewOption("not yet: local events only", "none"),
					huh.NewOption("SSH (localhost.run): no account, another URL each time", "ssh"),
					huh.NewOption("ngrok: a free account, needs NGROK_AUTHTOKEN", "ngrok"),
					huh.NewOption("cloudflared: no account, another URL each time", "cloudflared"),
				).Value(&a.Tunnel),
		),
		huh.NewGroup(
			huh.NewInput().Title("Repositories to watch").
				Description("Such as dataset:me/corpus model:me/bot. hfhook creates a webhook for them while it runs. Empty: none.").
				Value(&a.Watch).Validate(check.Watch),
		).WithHideFunc(func() bool { return a.Tunnel == "none" }), // the Hub could not reach it
		huh.NewGroup(
			huh.NewInput().Title(secret).Description(about).EchoMode(huh.EchoModePassword).
				Value(&a.Secret).Validate(check.Secret),
			huh.NewConfirm().Title("Add what hfhook exports, and .env, to .gitignore?").Value(&a.Ignore),
		),
	).WithInput(in).WithOutput(out).WithAccessible(plain)
	err := form.RunWithContext(ctx)
	if errors.Is(err, huh.ErrUserAborted) {
		return ErrStopped
	}
	if err != nil {
		return fmt.Errorf("ask on the terminal: %w", err)
	}
	return nil
}
