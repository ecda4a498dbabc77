package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/server"
)

func (p *program) sendCommand() *cobra.Command {
	var as format
	cmd := &cobra.Command{
		Use:   "send [FILE|-]",
		Short: "Post a body to the running hfhook dev like the Hub",
		Long: `Posts the bytes of FILE, or of standard input, to the hfhook dev that runs at --addr,
with the secret. It verifies, stores and forwards them like an event from the Hub. The
event is marked as synthetic.`,
		Example: "  hfhook send body.json\n  hfhook show @last --raw | jq '.comment.content = \"@bot again\"' | hfhook send --path /webhooks/say_hello",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("send takes one file, or - for standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			file := "-"
			if len(args) == 1 {
				file = args[0]
			}
			body, err := p.content(file)
			if err != nil {
				return err
			}
			id, err := p.post(cmd.Context(), body)
			if err != nil {
				return err
			}
			return p.posted("sent", id, body, as)
		},
	}
	p.hookFlags(cmd)
	as.flags(cmd, "print only the id")
	return cmd
}

// hookFlags are those of the commands that post to the hfhook dev that runs.
func (p *program) hookFlags(cmd *cobra.Command) {
	f, s := cmd.Flags(), &p.settings
	p.addrFlag(f, "`host:port` of the running hfhook dev")
	f.StringVar(&s.path, "path", server.Root, "send to this `path`, below /webhooks")
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
}

// hook is the webhook of the hfhook dev that runs, and the secret to send there.
func (p *program) hook() (url string, secret server.Secret, err error) {
	accepted, err := p.secrets()
	if err != nil {
		return "", secret, err
	}
	path, err := hookPath(p.settings.path)
	if err != nil {
		return "", secret, err
	}
	return "http://" + p.settings.addr + path, accepted.present(), nil
}

// post sends a body to the hfhook dev that runs, with the secret.
func (p *program) post(ctx context.Context, body []byte) (event.ID, error) {
	url, secret, err := p.hook()
	if err != nil {
		return "", err
	}
	id, err := dev.Post(ctx, url, secret, body)
	return id, notRunning(err)
}

// notRunning says what to do where no hfhook dev runs.
func notRunning(err error) error {
	if errors.Is(err, dev.ErrNoServer) {
		return &failure{code: exitFailure, err: err, try: "start hfhook dev in another terminal, or give its address with --addr"}
	}
	return err
}

// posted prints what became of a body. what is the type of the JSON object.
func (p *program) posted(what string, id event.ID, body []byte, as format) error {
	made, _, err := payload.Parse(body)
	if err != nil {
		return err
	}
	switch {
	case as.ids:
		_, err := fmt.Fprintln(p.out, id)
		return err
	case as.json:
		return writeLine(p.out, postedLine{Schema: 1, Type: what, ID: id, Summary: made.Summary()})
	}
	_, err = fmt.Fprintf(p.out, "%s  %s\n", id, visible.Line(made.Summary()))
	return err
}

// postedLine is the line of --json of hfhook send and trigger.
type postedLine struct {
	Schema  int      `json:"schema"`
	Type    string   `json:"type"` // sent or triggered
	ID      event.ID `json:"id"`
	Summary string   `json:"summary"`
}
