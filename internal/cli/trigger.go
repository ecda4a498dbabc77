package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
)

func (p *program) triggerCommand() *cobra.Command {
	var list, show, asJSON bool
	var repo string
	cmd := &cobra.Command{
		Use:     "trigger SCOPE/ACTION",
		Short:   "Send a synthetic event to the running hfhook dev",
		Long:    "Makes an event as the Hub would send it and posts it to the hfhook dev that runs\nat --addr, which verifies, stores and forwards it like a real one. Neither the Hub\nnor a tunnel is needed.",
		Example: "  hfhook trigger --list\n  hfhook trigger discussion.comment/create --repo dataset:me/corpus",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && (!list || len(args) != 0) {
				return usagef("trigger takes one SCOPE/ACTION, as in hfhook trigger discussion.comment/create; hfhook trigger --list shows all")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return p.listKinds()
			}
			opts, err := sampleOptions(repo)
			if err != nil {
				return err
			}
			body, err := sample.New(args[0], opts)
			if err != nil {
				return usage(err)
			}
			if show {
				_, err := fmt.Fprintln(p.out, string(body))
				return err
			}
			id, err := p.post(cmd.Context(), body)
			if err != nil {
				return err
			}
			return p.posted("triggered", id, body, asJSON)
		},
	}
	f, s := cmd.Flags(), &p.settings
	f.BoolVar(&list, "list", false, "list what can be sent")
	f.BoolVar(&show, "print", false, "print the body instead of sending it")
	f.BoolVar(&asJSON, "json", false, "print a JSON object")
	f.StringVar(&repo, "repo", "", "the repository, as `type:owner/name`")
	f.StringVar(&s.addr, "addr", defaultAddr, "`host:port` of the running hfhook dev")
	f.StringVar(&s.path, "path", server.Root, "send to this `path`, below /webhooks")
	f.StringVar(&s.secretFile, "secret-file", "", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
	return cmd
}

func (p *program) listKinds() error {
	for _, name := range sample.Names() {
		if _, err := fmt.Fprintln(p.out, name); err != nil {
			return err
		}
	}
	return nil
}

func sampleOptions(repo string) (sample.Options, error) {
	if repo == "" {
		return sample.Options{}, nil
	}
	kind, name, ok := strings.Cut(repo, ":")
	if !ok || kind == "" || name == "" {
		return sample.Options{}, usagef("--repo %s is no type:owner/name, as in dataset:me/corpus", repo)
	}
	return sample.Options{RepoType: payload.RepoType(kind), Repo: name}, nil
}
