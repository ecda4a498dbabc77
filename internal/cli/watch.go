package cli

// hfhook dev --watch: what the session is to do on the Hub, shown and asked for before
// anything is changed.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/nearest"
	"hfhook/internal/version"
	"hfhook/internal/visible"
)

// defaultPause is how long a tunnel may be down before its webhooks are disabled. The
// Hub tries a delivery several times, so that a shorter loss costs no event; when it
// suspends a webhook is not published.
const defaultPause = 2 * time.Minute

func (s *flagValues) watchFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&s.watch, "watch", nil, "create a webhook for this `type:name`, such as dataset:me/corpus; may be repeated")
	f.StringArrayVar(&s.events, "events", nil, "limit --watch to these `events`: repo or discussion; may be repeated")
	f.StringVar(&s.onQuit, "on-quit", string(lease.Disable), "what to do with that webhook at the end: disable, keep or delete")
	f.DurationVar(&s.pauseAfter, "pause-after", defaultPause, "disable it when the tunnel was down this long, so that the Hub does not suspend it; 0: never")
	f.DurationVar(&s.quitWithin, "quit-within", lease.DefaultQuitWithin, "how long to wait for the Hub at the end; the rest is left to hfhook webhooks gc")
	f.BoolVarP(&s.yes, "yes", "y", false, "change webhooks on the Hub without asking")
	onlyHere(cmd, "yes")
}

// onlyHere makes flags ones of the command line alone.
func onlyHere(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		_ = cmd.Flags().SetAnnotation(name, notSetting, nil)
	}
}

// watching checks what --watch, --events and --on-quit say.
func (s *flagValues) watching() (watched []hub.Watched, domains []hub.Domain, onQuit lease.OnQuit, err error) {
	for _, text := range s.watch {
		w, err := hub.ParseWatched(text)
		if err != nil {
			return nil, nil, "", exit.Usagef("--watch %w", err)
		}
		if !slices.Contains(watched, w) {
			watched = append(watched, w)
		}
	}
	for _, text := range s.events {
		d, err := parseDomain("--events", text)
		if err != nil {
			return nil, nil, "", err
		}
		if !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	if domains == nil {
		domains = hub.Domains()
	}
	var known []string
	for _, q := range lease.OnQuits() {
		known = append(known, string(q))
	}
	if !slices.Contains(known, s.onQuit) {
		return nil, nil, "", &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("invalid --on-quit %q: want %s", s.onQuit, strings.Join(known, ", ")), Try: "--on-quit " + nearest.Word(s.onQuit, known)}
	}
	if s.quitWithin <= 0 {
		return nil, nil, "", exit.Usagef("invalid --quit-within %q: want a duration such as 2s", s.quitWithin)
	}
	if s.pauseAfter < 0 {
		return nil, nil, "", exit.Usagef("invalid --pause-after %q: want a duration such as 30m", s.pauseAfter)
	}
	return watched, domains, lease.OnQuit(s.onQuit), nil
}

// newLeaseKeeper is what keeps the webhooks of a session, nil for one that leaves the Hub alone:
// without --watch, and with nobody who looks. It has asked the user where it has to.
func newLeaseKeeper(ctx context.Context, p *program, secret secrets, path string, screen bool, log *slog.Logger) (*lease.Keeper, error) {
	s := &p.settings
	watched, domains, onQuit, err := s.watching()
	if err != nil || len(watched) == 0 && !screen {
		return nil, err
	}
	if len(watched) > 0 && s.url == "" && s.tunnel == "none" {
		return nil, &exit.Error{Code: exit.CodeUsage, Err: errors.New("--watch needs a tunnel: with --tunnel none the Hub can't reach this machine"), Try: "hfhook dev --watch " + s.watch[0] + ", or --url https://… with a tunnel of your own"}
	}
	found, err := hub.FindSettings(p.env)
	if err != nil {
		if len(watched) > 0 {
			return nil, &exit.Error{Code: exit.CodeConfig, Err: err}
		}
		log.Warn("the Hub is not available", "error", err)
		return nil, nil
	}
	keeper, err := newKeeper(p, found, secret, log, func(o *lease.Options) {
		o.Watch, o.Domains, o.OnQuit, o.PauseAfter, o.QuitWithin = watched, domains, onQuit, s.pauseAfter, s.quitWithin
	})
	if err != nil || len(watched) == 0 {
		return keeper, err
	}
	url := ""
	if s.url != "" {
		url = strings.TrimRight(s.url, "/") + path
	}
	change, err := keeper.Prepare(ctx, url)
	if err != nil {
		return nil, err
	}
	return keeper, agreeToChange(ctx, p, change, s.yes, s.quiet)
}

// newKeeper is a keeper of the user's notes.
func newKeeper(p *program, found hub.Settings, secret secrets, log *slog.Logger, more func(*lease.Options)) (*lease.Keeper, error) {
	client, err := hub.New(found, hub.Options{
		UserAgent: version.UserAgent(),
		Waiting:   func(d time.Duration, because error) { log.Warn("the Hub", "error", because, "again_in", d) },
	})
	if err != nil {
		return nil, &exit.Error{Code: exit.CodeConfig, Err: err}
	}
	notes, err := openLeaseNotes(p)
	if err != nil {
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	opts := lease.Options{Client: client, Endpoint: found.Endpoint, Notes: notes, Project: dir, Advice: advice, Logger: log}
	if len(secret.accepted) > 0 {
		opts.Secret = secret.present()
	}
	if more != nil {
		more(&opts)
	}
	return lease.New(opts), nil
}

// openLeaseNotes are in the state directory.
func openLeaseNotes(p *program) (*lease.Notes, error) {
	dir, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	return lease.NotesIn(filepath.Join(dir, "webhooks")), nil
}

// leftOnHub is the failure of a session that could not give its webhooks back.
func leftOnHub(p *program, err error) error {
	if err == nil {
		return nil
	}
	f := &exit.Error{Code: exitCode(context.Background(), err), Err: fmt.Errorf("a webhook on the Hub could not be restored: %w", err), Try: "hfhook webhooks gc"}
	fmt.Fprintf(p.err, "hfhook: %s\nTry: %s\n", visible.Block(f.Error()), f.Try)
	return &exit.Error{Code: f.Code, Err: exit.ErrSilent}
}

// agreeToChange shows what would change on the Hub and asks whether it is to; without a
// terminal it wants --yes.
func agreeToChange(ctx context.Context, p *program, change *lease.Change, yes, quiet bool) error {
	if !quiet || !yes {
		printChange(p, change)
	}
	if yes {
		return nil
	}
	if !(isTerminal(p.in) && isTerminal(p.err)) {
		return &exit.Error{Code: exit.CodeUsage, Err: errors.New("this changes webhooks on the Hub, but there is no terminal to ask on"), Try: "use --yes"}
	}
	sure, err := p.ask(ctx, "Go ahead?")
	if err == nil && !sure {
		err = &exit.Error{Code: exit.CodeFailure, Err: errors.New("nothing was changed on the Hub")}
	}
	return err
}

func printChange(p *program, change *lease.Change) {
	fmt.Fprintf(p.err, "%s:\n", visible.Line(change.Title))
	for _, line := range change.Lines {
		fmt.Fprintf(p.err, "%c %s\n", line.Op, visible.Line(line.Text))
	}
}
