package cli

// hfhook webhooks: those that are registered on the Hub. Here are the ways to the Hub
// and to one webhook, and how one is printed.

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/duration"
	"hfhook/internal/hub"
	"hfhook/internal/nearest"
	"hfhook/internal/version"
	"hfhook/internal/visible"
)

func webhooksCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "webhooks",
		Short: "Manage your webhooks on the Hub",
		Long: `Lists, creates, changes and deletes your webhooks on the Hub. The Hub's access token is
the one of hf auth login, or HF_TOKEN; changes need a token with write access. An ID is a
webhook's id or a prefix of one.`,
		Args: cobra.ArbitraryArgs,
	}
	verbs := []*cobra.Command{
		webhooksLsCommand(p), webhooksInfoCommand(p), webhooksCreateCommand(p), webhooksUpdateCommand(p),
		webhooksSwitchCommand(p, "enable", "Enable a webhook, also a suspended one", (*hub.Client).Enable),
		webhooksSwitchCommand(p, "disable", "Disable a webhook", (*hub.Client).Disable),
		webhooksDeleteCommand(p), webhooksGCCommand(p),
	}
	var names []string
	for _, verb := range verbs {
		names = append(names, verb.Name())
		onCommandLine(verb, "json", "secret-file")
	}
	cmd.AddCommand(verbs...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("unknown command %q for webhooks", args[0]), Try: "hfhook webhooks " + nearest.Word(args[0], names)}
	}
	return cmd
}

// onCommandLine makes a command's flags, except for some, ones of the command line
// alone: what --url or --domain is for dev, it is not for a webhook, and nothing is
// to be removed because a file says yes.
func onCommandLine(cmd *cobra.Command, but ...string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(but, f.Name) {
			_ = cmd.Flags().SetAnnotation(f.Name, notSetting, nil)
		}
	})
}

// oneID is the check of a command that takes a webhook's id.
func oneID(cmd *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("webhooks %s takes the id of one webhook", cmd.Name()), Try: "hfhook webhooks ls shows them"}
	}
	return nil
}

// hubClient is the way to the Hub that the environment describes.
func (p *program) hubClient() (*hub.Client, error) {
	settings, err := hub.FindSettings(p.env)
	if err != nil {
		return nil, &exit.Error{Code: exit.CodeConfig, Err: err}
	}
	return hub.New(settings, hub.Options{
		UserAgent: version.UserAgent(),
		Waiting: func(d time.Duration, because error) {
			fmt.Fprintf(p.err, "hfhook: %s\nRetrying in %s.\n", visible.Block(because.Error()), duration.Seconds(d))
		},
	})
}

// wholeID is how the Hub's ids look.
var wholeID = regexp.MustCompile(`^[0-9a-f]{24}$`)

// findWebhook returns the webhook with an id, or with the only one that begins so.
func findWebhook(ctx context.Context, client *hub.Client, ref string) (*hub.Webhook, error) {
	if wholeID.MatchString(ref) {
		return client.Get(ctx, ref)
	}
	all, err := client.List(ctx)
	if err != nil {
		return nil, err
	}
	var found *hub.Webhook
	for i := range all {
		if !strings.HasPrefix(all[i].ID, ref) {
			continue
		}
		if found != nil {
			return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("several webhook ids start with %s", ref), Try: "give more of the id; hfhook webhooks ls shows full ids"}
		}
		found = &all[i]
	}
	if found == nil {
		return nil, fmt.Errorf("%w begins with %s", hub.ErrNotFound, ref)
	}
	return found, nil
}

func webhooksLsCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List your webhooks",
		Example: "  hfhook webhooks ls\n  hfhook webhooks ls --json | jq -r 'select(.state != \"enabled\") | .id'",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := p.hubClient()
			if err != nil {
				return err
			}
			all, err := client.List(cmd.Context())
			if err != nil {
				return err
			}
			if len(all) == 0 && !as.JSON && !as.IDs {
				_, err := fmt.Fprintln(p.err, "You have no webhooks on the Hub. See hfhook webhooks create --help.")
				return err
			}
			table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
			for i := range all {
				w := &all[i]
				if as.JSON || as.IDs {
					err = printWebhook(p, w, as, client)
				} else {
					_, err = fmt.Fprintln(table, strings.Join([]string{
						visible.Line(w.ID), stateWord(w.State), visible.Line(w.Target()), watchedWords(w), domainWords(w), secretWord(w), triggerWord(w),
					}, "\t"))
				}
				if err != nil {
					return err
				}
			}
			return table.Flush()
		},
	}
	as.Flags(cmd, "ids only")
	return cmd
}

func webhooksInfoCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:     "info ID",
		Short:   "Show a webhook",
		Example: "  hfhook webhooks info 65a1",
		Args:    oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := p.hubClient()
			if err != nil {
				return err
			}
			w, err := findWebhook(cmd.Context(), client, args[0])
			if err != nil {
				return err
			}
			return printWebhook(p, w, as, client)
		},
	}
	as.Flags(cmd, "ids only")
	return cmd
}

// A webhookLine is a webhook in --json.
type webhookLine struct {
	Schema      int           `json:"schema"`
	Type        string        `json:"type"`
	ID          string        `json:"id"`
	State       hub.State     `json:"state"`
	URL         string        `json:"url"`
	JobSourceID string        `json:"job_source_id,omitempty"`
	Watched     []hub.Watched `json:"watched"`
	Domains     []hub.Domain  `json:"domains"`
	HasSecret   bool          `json:"has_secret"`
	LastTrigger string        `json:"last_trigger"`
}

func newWebhookLine(w *hub.Webhook) webhookLine {
	line := webhookLine{
		Schema: 1, Type: "webhook", ID: w.ID, State: w.State, JobSourceID: w.JobSourceID,
		Watched: append([]hub.Watched{}, w.Watched...), Domains: append([]hub.Domain{}, w.Domains...), HasSecret: w.HasSecret,
	}
	if w.URL != "" {
		line.URL = w.Target()
	}
	if !w.LastTrigger.IsZero() {
		line.LastTrigger = output.Stamp(w.LastTrigger)
	}
	return line
}

// printWebhook prints all that is known of a webhook.
func printWebhook(p *program, w *hub.Webhook, as output.Format, client *hub.Client) error {
	switch {
	case as.IDs:
		_, err := fmt.Fprintln(p.out, visible.Line(w.ID))
		return err
	case as.JSON:
		return output.WriteLine(p.out, newWebhookLine(w))
	}
	secret := "none"
	if w.HasSecret {
		secret = "set"
	}
	var text strings.Builder
	for _, row := range [][2]string{
		{"id", visible.Line(w.ID)}, {"state", stateWord(w.State)}, {"target", visible.Line(w.Target())}, {"watched", watchedWords(w)},
		{"domains", domainWords(w)}, {"secret", secret}, {"events", triggerWord(w)}, {"activity", visible.Line(client.Activity(w.ID))},
	} {
		fmt.Fprintf(&text, "%-9s %s\n", row[0], row[1])
	}
	_, err := io.WriteString(p.out, text.String())
	return err
}

func stateWord(s hub.State) string {
	if s == hub.Suspended {
		return "suspended"
	}
	return visible.Line(string(s))
}

func watchedWords(w *hub.Webhook) string {
	var words []string
	for _, item := range w.Watched {
		words = append(words, item.String())
	}
	return visible.Line(strings.Join(words, ", "))
}

func domainWords(w *hub.Webhook) string {
	var words []string
	for _, d := range w.Domains {
		words = append(words, string(d))
	}
	return visible.Line(strings.Join(words, ", "))
}

func secretWord(w *hub.Webhook) string {
	if w.HasSecret {
		return "with secret"
	}
	return "no secret"
}

func triggerWord(w *hub.Webhook) string {
	if w.LastTrigger.IsZero() {
		return "none yet"
	}
	return "last " + w.LastTrigger.Local().Format("2006-01-02 15:04:05")
}
