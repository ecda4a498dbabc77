package cli

// hfhook webhooks create and update: what a webhook watches, where its events go, and
// the secret that they bring.

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/muesli/cancelreader"
	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/hub"
	"hfhook/internal/nearest"
	"hfhook/tunnel"
)

// webhookFlags are the flags that create and update have in common; their names are
// those of hf webhooks.
type webhookFlags struct {
	watch, domains         []string
	url, job               string
	ownSecret, secretStdin bool
	as                     output.Format
}

func (w *webhookFlags) flags(cmd *cobra.Command, p *program) {
	f := cmd.Flags()
	f.StringArrayVar(&w.watch, "watch", nil, "watch this `type:name`, such as dataset:me/corpus; may be repeated")
	f.StringArrayVar(&w.domains, "domain", nil, "get events of this `domain`: repo or discussion; may be repeated")
	f.StringVar(&w.url, "url", "", "send events to this `URL`, with its path: https://…/webhooks")
	f.StringVar(&w.job, "job-id", "", "instead of sending events, run the Job with this `id` for each")
	f.BoolVar(&w.ownSecret, "own-secret", false, "set hfhook dev's secret: WEBHOOK_SECRET, --secret-file, or the generated one")
	f.BoolVar(&w.secretStdin, "secret-stdin", false, "read the secret from the standard input")
	p.fileVar(f, &p.settings.secretFile, "secret-file", "hfhook's own secret is in this `file`")
	w.as.Flags(cmd, "print only the id")
}

// read checks the flags and returns what they say.
func (w *webhookFlags) read(cmd *cobra.Command, p *program) (hub.Change, error) {
	change := hub.Change{URL: w.url, JobSourceID: w.job}
	switch {
	case w.url != "" && w.job != "":
		return hub.Change{}, exit.Usagef("--url and --job-id cannot be used together")
	case w.ownSecret && w.secretStdin:
		return hub.Change{}, exit.Usagef("--own-secret and --secret-stdin cannot be used together")
	}
	if w.url != "" {
		// The error of url.Parse would quote a secret that is in the URL.
		if u, err := url.Parse(w.url); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return hub.Change{}, exit.Usagef("invalid --url: want a URL such as https://example.ngrok.app/webhooks")
		}
		if !tunnel.Public(w.url) && tunnel.Public(hubEndpoint(p)) {
			return hub.Change{}, &exit.Error{Code: exit.CodeUsage, Err: errors.New("--url is an address of this machine or its network, to which the Hub cannot send"),
				Try: "the public URL of a tunnel: hfhook dev --tunnel ssh opens one"}
		}
	}
	for _, text := range w.watch {
		item, err := hub.ParseWatched(text)
		if err != nil {
			return hub.Change{}, exit.Usagef("--watch %w", err)
		}
		change.Watched = append(change.Watched, item)
	}
	for _, text := range w.domains {
		domain, err := parseDomain("--domain", text)
		if err != nil {
			return hub.Change{}, err
		}
		change.Domains = append(change.Domains, domain)
	}
	var s secrets
	var err error
	switch {
	case w.ownSecret:
		s, err = p.secrets()
	case w.secretStdin:
		s, err = secretFromStdin(p, cmd)
	default:
		return change, nil
	}
	if err != nil {
		return hub.Change{}, err
	}
	change.Secret = s.present()
	return change, nil
}

// parseDomain also takes the plural, which hf webhooks asks for.
func parseDomain(flag, text string) (hub.Domain, error) {
	var known []string
	for _, d := range hub.Domains() {
		if text == string(d) || text == string(d)+"s" {
			return d, nil
		}
		known = append(known, string(d))
	}
	return "", &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%s %s is neither %s", flag, text, strings.Join(known, " nor ")), Try: flag + " " + nearest.Word(text, known)}
}

// hubEndpoint is the URL of the Hub.
func hubEndpoint(p *program) string {
	settings, err := hub.FindSettings(p.env)
	if err != nil {
		return hub.DefaultEndpoint
	}
	return settings.Endpoint
}

// maxSecret is more than a secret has, in bytes.
const maxSecret = 4096

func secretFromStdin(p *program, cmd *cobra.Command) (secrets, error) {
	if isTerminal(p.in) {
		return secrets{}, &exit.Error{Code: exit.CodeUsage, Err: errors.New("the standard input is a terminal, which would show the secret"), Try: cmd.CommandPath() + " … --secret-stdin < FILE"}
	}
	var text []byte
	err := p.reading(cmd.Context(), func(in cancelreader.CancelReader) (err error) {
		text, err = io.ReadAll(io.LimitReader(in, maxSecret+1))
		return err
	})
	if err == nil && len(text) > maxSecret {
		err = fmt.Errorf("it is longer than %d bytes", maxSecret)
	}
	if err != nil {
		return secrets{}, fmt.Errorf("read the secret: %w", err)
	}
	return parseSecret(strings.TrimRight(string(text), "\r\n"), "the standard input")
}

func webhooksCreateCommand(p *program) *cobra.Command {
	var flags webhookFlags
	cmd := &cobra.Command{
		Use:   "create --watch TYPE:NAME… --url URL",
		Short: "Create a webhook",
		Long: `Creates a webhook, which is enabled at once. TYPE is dataset, model, space, bucket, kernel,
user or org. Without --domain it gets events of all domains.`,
		Example: "  hfhook webhooks create --watch dataset:me/corpus --url https://example.ngrok.app/webhooks --own-secret\n  hfhook webhooks create --watch user:me --domain discussion --url https://example.com/webhooks --secret-stdin < secret",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(flags.watch) == 0 {
				return exit.Usagef("--watch is missing, for example --watch dataset:me/corpus")
			}
			if flags.url == "" && flags.job == "" {
				return exit.Usagef("--url is missing, for example --url https://example.ngrok.app/webhooks")
			}
			change, err := flags.read(cmd, p)
			if err != nil {
				return err
			}
			if change.Domains == nil {
				change.Domains = hub.Domains()
			}
			client, err := p.hubClient()
			if err != nil {
				return err
			}
			w, err := client.Create(cmd.Context(), hub.Spec(change))
			if err != nil {
				return err
			}
			if !w.HasSecret && w.URL != "" {
				fmt.Fprintln(p.err, "hfhook: the webhook has no secret, so hfhook dev will refuse its events. Try: hfhook webhooks update "+shown(w)+" --own-secret")
			}
			return printWebhook(p, w, flags.as, client)
		},
	}
	flags.flags(cmd, p)
	return cmd
}

func webhooksUpdateCommand(p *program) *cobra.Command {
	var flags webhookFlags
	cmd := &cobra.Command{
		Use:     "update ID",
		Short:   "Change a webhook",
		Long:    "Changes only what you give flags for. --watch and --domain replace the whole list.",
		Example: "  hfhook webhooks update 65a1 --url https://example.ngrok.app/webhooks --own-secret",
		Args:    oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			change, err := flags.read(cmd, p)
			if err != nil {
				return err
			}
			if change.URL == "" && change.JobSourceID == "" && change.Watched == nil && change.Domains == nil && change.Secret == nil {
				return exit.Usagef("nothing to change: want --url, --job-id, --watch, --domain, --own-secret or --secret-stdin")
			}
			client, err := p.hubClient()
			if err != nil {
				return err
			}
			before, err := findWebhook(cmd.Context(), client, args[0])
			if err != nil {
				return err
			}
			w, err := client.Update(cmd.Context(), before.ID, change)
			if err != nil {
				return err
			}
			if before.HasSecret && !w.HasSecret {
				fmt.Fprintln(p.err, "hfhook: this change removed the webhook's secret, which only you have. Try: hfhook webhooks update "+shown(w)+" --secret-stdin, or --own-secret")
			}
			return printWebhook(p, w, flags.as, client)
		},
	}
	flags.flags(cmd, p)
	return cmd
}
