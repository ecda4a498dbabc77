package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/server"
)

func sendCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "send [FILE|-]",
		Short: "Post a body to the running hfhook dev like the Hub",
		Long: `Posts the bytes of FILE, or of standard input, to the hfhook dev that runs at --addr,
with the secret. It verifies, stores and forwards them like an event from the Hub. The
event is marked as synthetic.`,
		Example: "  hfhook send body.json\n  hfhook show @last --raw | jq '.comment.content = \"@bot again\"' | hfhook send --path /webhooks/say_hello",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exit.Usagef("send takes one file, or - for standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			file := "-"
			if len(args) == 1 {
				file = args[0]
			}
			body, err := readContent(p, file)
			if err != nil {
				return err
			}
			id, err := postToDev(cmd.Context(), p, body)
			if err != nil {
				return err
			}
			return printPosted(p, "sent", id, body, as)
		},
	}
	addHookFlags(p, cmd)
	as.Flags(cmd, "print only the id")
	return cmd
}

// addHookFlags are those of the commands that post to the hfhook dev that runs.
func addHookFlags(p *program, cmd *cobra.Command) {
	f, s := cmd.Flags(), &p.settings
	addAddrFlag(p, f, "`host:port` of the running hfhook dev")
	f.StringVar(&s.path, "path", server.Root, "send to this `path`, below /webhooks")
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
}

// findHook is the webhook of the hfhook dev that runs, and the secret to send there.
func findHook(p *program) (url string, secret server.Secret, err error) {
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

// postToDev sends a body to the hfhook dev that runs, with the secret.
func postToDev(ctx context.Context, p *program, body []byte) (event.ID, error) {
	url, secret, err := findHook(p)
	if err != nil {
		return "", err
	}
	id, err := dev.Post(ctx, url, secret, body)
	return id, notRunning(err)
}

// notRunning says what to do where no hfhook dev runs.
func notRunning(err error) error {
	if errors.Is(err, dev.ErrNoServer) {
		return &exit.Error{Code: exit.CodeFailure, Err: err, Try: "start hfhook dev in another terminal, or give its address with --addr"}
	}
	return err
}

// printPosted prints what became of a body. what is the type of the JSON object.
func printPosted(p *program, what string, id event.ID, body []byte, as output.Format) error {
	made, _, err := payload.Parse(body)
	if err != nil {
		return err
	}
	switch {
	case as.IDs:
		_, err := fmt.Fprintln(p.out, id)
		return err
	case as.JSON:
		return output.WriteLine(p.out, postedLine{Schema: 1, Type: what, ID: id, Summary: made.Summary()})
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
