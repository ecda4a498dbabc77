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
	"hfhook/internal/local"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/server"
)

func sendCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "send [FILE|-]",
		Short: "Post a body to the running hfhook dev like the Hub",
		Long: `Posts the bytes of FILE, or of standard input, to the hfhook dev that runs in this
folder, with its path and secret. It verifies, stores and forwards them like an event
from the Hub. The event is marked as synthetic.`,
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
	addAddrFlag(p, f, "`host:port` of another hfhook dev than the one of this folder")
	f.StringVar(&s.path, "path", server.Root, "send to this `path`, below /webhooks (default: that of the running hfhook dev)")
	p.fileVar(f, &s.secretFile, "secret-file", "send the secret in this `file` instead of that of the running hfhook dev")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
	addDevFlag(p, f)
}

// A hook is the webhook that synthetic events are posted to.
type hook struct {
	dev      *local.Client // posts them itself, with its secret; nil: this process does
	url      string        // for this process
	secret   server.Secret
	path     string // for the hfhook dev; empty: its own
	unsigned bool
}

// findHook is the webhook of the running hfhook dev: that at --addr, or that of this folder. With
// a secret that was given, or at an address where no hfhook dev of this user is known, this
// process posts itself.
func findHook(ctx context.Context, p *program) (hook, error) {
	given := func(flag string) bool { return p.origins[flag] == "--"+flag }
	path, err := hookPath(p.settings.path)
	if err != nil {
		return hook{}, err
	}
	found, err := findHookDev(ctx, p)
	if err != nil {
		return hook{}, err
	}
	if found != nil && !given("secret-file") {
		h := hook{dev: found, unsigned: given("no-verify")}
		if given("path") {
			h.path = path
		}
		return h, nil
	}
	addr := p.settings.addr
	switch {
	case found != nil:
		addr = found.Addr
		if !given("path") {
			path = found.Path
		}
		found.Close()
	case !given("addr"): // a program that happens to listen there must not get the secret
		return hook{}, noDev()
	}
	accepted, err := p.secrets()
	if err != nil {
		return hook{}, err
	}
	return hook{url: "http://" + addr + path, secret: accepted.present()}, nil
}

// findHookDev is the hfhook dev at the address of --addr, or else that of this folder, or else that
// at the address of the configuration; nil: there is none.
func findHookDev(ctx context.Context, p *program) (*local.Client, error) {
	if p.origins["addr"] != "--addr" || p.settings.dev != 0 {
		found, err := findDev(ctx, p)
		if err != nil || found != nil || p.origins["addr"] == "" {
			return found, err
		}
	}
	all, err := runningDevs(ctx, p, func(n local.Note) bool { return n.Addr == p.settings.addr })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// post sends a body with a Webhook-Id.
func (h hook) post(ctx context.Context, body []byte, delivery string) (event.ID, error) {
	if h.dev != nil {
		return h.dev.Send(ctx, h.path, body, delivery, h.unsigned)
	}
	id, err := dev.Post(ctx, h.url, h.secret, body, delivery)
	if errors.Is(err, dev.ErrNoServer) {
		err = &exit.Error{Code: exit.CodeFailure, Err: err, Try: "start hfhook dev in another terminal, or give its address with --addr"}
	}
	return id, err
}

// postToDev sends a body to the hfhook dev that runs, with the secret.
func postToDev(ctx context.Context, p *program, body []byte) (event.ID, error) {
	h, err := findHook(ctx, p)
	if err != nil {
		return "", err
	}
	return h.post(ctx, body, event.NewDeliveryID())
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
