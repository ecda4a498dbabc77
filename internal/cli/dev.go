package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/crash"
	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/internal/neterr"
	"hfhook/internal/version"
	"hfhook/internal/visible"
	"hfhook/server"
	"hfhook/store/sqlite"
	"hfhook/tui"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

// defaultAddr has the port that spells "hook" on a telephone's keys.
const defaultAddr = "127.0.0.1:4665"

func devCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dev [TARGET…] [-- CMD…]",
		Short: "Receive webhooks, inspect them, and forward them to your handler",
		Long: `Starts the webhook server and a public tunnel, records each verified event, and
sends it to the targets: local URLs, ports or commands, for example

  hfhook dev 8000                       everything to http://127.0.0.1:8000, with the path it came to
  hfhook dev 8000 localhost:9000/hook   and to a second one, with a path of its own
  hfhook dev --exec ./job.sh            runs a script for each event, like a Job on the Hub

The command after -- runs your handler. It is started with WEBHOOK_SECRET and PORT in its
environment, restarted when it crashes or a file changes, and gets the events if no target
is named:

  hfhook dev --reload 'src/**' --on-restart last -- uvicorn app:app

On a terminal it opens the screen; without one, or with --no-tui, it prints lines.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runDev(p, cmd, args) },
	}
	f, s := cmd.Flags(), &p.settings
	addTargetSettings(p, f)
	addHandlerFlags(p, f)
	addAddrFlag(p, f, "listen on this `host:port`, or on this port; port 0 takes a free one")
	f.StringVar(&s.path, "path", server.Root, "`path` of the public URL and of synthetic events, below /webhooks")
	f.StringVar(&s.tunnel, "tunnel", "ngrok", "how the Hub reaches this machine: ngrok, ssh, ssh://user@host:port, cloudflared or none")
	f.StringVar(&s.url, "url", "", "use your own tunnel, whose public `URL` leads to --addr")
	f.StringVar(&s.domain, "domain", "", "public `host` name to request from ngrok or the SSH server")
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file` (default: WEBHOOK_SECRET, else one that hfhook makes)")
	f.DurationVar(&s.previousFor, "previous-for", 0, "for this `time` from the start, also accept the previous secret, such as WEBHOOK_SECRET_PREVIOUS (default: no limit)")
	f.BoolVar(&s.noVerify, "no-verify", false, "accept requests that have no valid secret")
	f.StringVar(&s.maxBody, "max-body", "10MiB", "largest accepted request body")
	f.Var(&s.ack, "ack", "when to answer the Hub, and how: stored (200 once the event is on disk), handler (the first target's answer, up to 10 s), or STATUS[,delay=TIME][,times=N|all][,when=FILTER] to test how the Hub reacts; may be repeated, the first match has priority")
	f.BoolVar(&s.forwardDuplicates, "forward-duplicates", false, "forward repeated deliveries at once instead of withholding them")
	f.BoolVar(&s.noTUI, "no-tui", false, "print lines instead of opening the screen")
	s.as.LineFlags(cmd, "print one JSON object a line instead of opening the screen")
	for _, name := range []string{"format", "jq"} {
		_ = f.SetAnnotation(name, notSetting, nil)
	}
	f.BoolVar(&s.quiet, "quiet", false, "print nothing but errors, and data with --json")
	f.BoolVar(&s.ascii, "ascii", false, "draw the screen with ASCII characters only")
	f.BoolVar(&s.mouse, "mouse", false, "use the mouse on the screen (hold shift to select text)")
	f.StringVar(&s.order, "order", newestLast, "order of the events on the screen: newest-last or newest-first")
	f.StringVar(&s.color, "color", "auto", "colours of the screen: auto, always, never, 16, 256 or true")
	p.fileVar(f, &s.readyFile, "ready-file", "write the ready line to this `file` once requests are accepted; it is removed at the end")
	f.StringVar(&s.readyWhen, "ready-when", readyLocal, "be ready once requests are accepted `local`ly, by the tunnel, or from a webhook on the Hub: local, tunnel or webhook")
	f.StringVar(&s.keep, "keep", "", "while hfhook runs, delete unpinned events older than this `time`, such as 30d (default: none)")
	f.StringVar(&s.maxStore, "max-store", "", "delete the oldest unpinned events if the store is larger than this `size`, such as 1GiB (default: no limit)")
	s.watchFlags(cmd)
	f.DurationVar(&s.runFor, "for", 0, "stop after this time")
	return cmd
}

// The orders of the list on the screen.
const (
	newestLast  = "newest-last"
	newestFirst = "newest-first"
)

// runDev starts a session and shows it.
func runDev(p *program, cmd *cobra.Command, args []string) (err error) {
	s := &p.settings
	p.started = time.Now()
	args, command, err := commandOf(p, cmd, args)
	if err != nil {
		return err
	}
	targets, err := readTargets(p, cmd, args)
	if err != nil {
		return err
	}
	again, err := parseOnRestart(p)
	if err != nil {
		return err
	}
	maxBody, err := humanize.ParseBytes(s.maxBody)
	if err != nil || maxBody == 0 || maxBody > 1<<30 {
		return exit.Usagef("invalid --max-body %q: want a size such as 10MiB (1B to 1GiB)", s.maxBody)
	}
	keepSince, maxStore, err := s.retention()
	if err != nil {
		return err
	}
	color, ok := colors[s.color]
	if !ok {
		return exit.Usagef("invalid --color %q: want auto, always, never, 16, 256 or true", s.color)
	}
	if s.order != newestLast && s.order != newestFirst {
		return exit.Usagef("invalid --order %q: want newest-last or newest-first", s.order)
	}
	path, err := hookPath(s.path)
	if err != nil {
		return err
	}
	if err := cmp.Or(checkAck(p), checkReadyWhen(p)); err != nil {
		return err
	}
	secret, err := p.secrets()
	if err != nil {
		return err
	}
	ready, err := newReadyFile(cmd.Context(), p, s.readyFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ready.remove()) }()
	screen := !s.noTUI && !s.as.JSON && !s.quiet && p.onTerminal()
	log, file, err := openLog(p, screen)
	if err != nil {
		return err
	}
	defer file.Close()
	kept := dev.NewLog()
	log = slog.New(slog.NewMultiHandler(log.Handler(), kept))
	run, err := newRunner(p, command, &targets, secret, screen, log)
	if err != nil {
		return err
	}
	defer run.close()
	ctx := cmd.Context()
	provider, err := newProvider(ctx, p, log)
	if err != nil {
		return err
	}
	keeper, err := newLeaseKeeper(ctx, p, secret, path, screen, log)
	if err != nil {
		return err
	}
	urls, err := openURLMemory(p)
	if err != nil {
		return err
	}
	handlers, err := openHandlerSecrets(p)
	if err != nil {
		return err
	}
	handlerSecrets, err := handlers.all()
	if err != nil {
		return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("read the secrets of handlers: %w", err), Try: "remove that file"}
	}
	typed, err := openTypedMemory(p)
	if err != nil {
		return err
	}
	edited, err := openEditsDir(p)
	if err != nil {
		return err
	}
	storePath, err := p.storePath()
	if err != nil {
		return err
	}
	events, err := p.openStore(ctx, storePath, sqlite.Options{Index: true, Logger: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()

	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.addr)
	if err != nil {
		return listenError(p, err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	session, err := dev.Start(ctx, dev.Options{
		Store: events, Listener: ln, Path: path, MaxBody: int64(maxBody),
		Secrets: secret.accepted, SecretSource: secret.source, SecretMade: secret.made, Known: listOwnSecrets(p, secret), HandlerSecrets: handlerSecrets,
		Targets: targets, SendSecretTo: s.sendSecretTo, ForwardDuplicates: s.forwardDuplicates, AckHandler: s.ack.handler, AckRules: s.ack.rules, Proxy: http.ProxyFromEnvironment,
		Handler: run.handler, HandlerTarget: run.target, OnRestart: again,
		Tunnel: provider, URLs: urls, URLFollowed: len(s.watch) > 0, Hub: keeper, KeepSince: keepSince, MaxStore: maxStore, Journal: !screen, Logger: log,
	})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer serveLocal(ctx, p, session, ln.Addr().String(), func() { stop(errQuit) }, log)()
	if open := openTo(storePath); open != nil && open.write {
		session.Notify(dev.Notice{About: "store", Text: open.text, Fix: open.fix})
	} else if open != nil {
		log.Info(open.text, "fix", open.fix)
	}
	if s.runFor > 0 { // from now on: requests are taken
		defer time.AfterFunc(s.runFor, func() { stop(errTimeUp) }).Stop()
	}

	noticeEdits(p, session)
	var following sync.WaitGroup
	if secret.made || s.previousFor > 0 {
		following.Go(func() { followSecret(ctx, p, session, log) })
	}
	follow, unfollow := context.WithCancel(ctx)
	join := followConfig(follow, p, session, args, log)
	defer join()
	defer unfollow()

	var shown error
	if screen && isReady(s.readyWhen, session.State()) {
		shown = ready.write(ctx, newReadyLine(session.State()))
	} else if screen {
		following.Go(func() {
			if err := awaitReady(ctx, p, session, ready); err != nil {
				session.Notify(dev.Notice{About: "ready", Text: err.Error()})
			}
		})
	}
	switch {
	case shown != nil:
	case screen:
		if p.env("GOGC") == "" {
			// The process runs for days, so it saves memory rather than processor time.
			defer debug.SetGCPercent(debug.SetGCPercent(50))
		}
		giveUp := "hfhook crashed (a bug in hfhook); received events are safe on disk. Details: " + file.Name()
		release := crash.Guard(p.out.(*os.File), file, giveUp) // onTerminal has seen that it is a file
		shown = tui.Run(ctx, session, tui.Options{
			Drafts: edited, ReplayTo: typed.last(), KeepReplayTo: typed.keepAddress,
			ASCII: s.ascii, Mouse: s.mouse, NewestFirst: s.order == newestFirst, Color: color, Keys: p.tables.Keys, Theme: p.tables.Theme, Filters: p.tables.Filters, SaveFilter: p.saveFilter,
			Doctor: screenDoctor(p, session, targets), Authtoken: func(text string, keep bool) {
				token, before := tunnel.NewAuthtoken(text), session.State().Tunnel
				p.typed.take(token)
				if keep {
					following.Go(func() { keepAuthtoken(ctx, session, p.env, token, before) })
				}
			},
			Tunnels:           &tunnels{p, session, log},
			KeepSecret:        func() (string, error) { return keepSecret(p, session.SecretText(), 0) },
			KeepHandlerSecret: func(target string) (string, error) { return handlers.keepFor(session, target) },
			Version:           version.Get().Version, Log: kept.Records, Settings: listSettings(p, cmd, args, secret.source, storePath),
		})
		release()
	default:
		shown = runPlain(ctx, p, session, ready, demanded(p, "tunnel"))
	}
	stop(errQuit)
	ended := awaitEnd(cmd.Context(), p, session)
	following.Wait()
	if screen {
		for _, n := range session.HubEnd() {
			fmt.Fprintf(p.err, "hfhook: the webhook %s to %s: %s\n", visible.Line(n.Webhook), visible.Line(n.URL), visible.Line(n.Text))
		}
	}
	left := leftOnHub(p, session.HubError())
	if end := (*handler.EndError)(nil); errors.As(ended, &end) {
		return cmp.Or(handlerEnd(end), left)
	}
	switch {
	case shown != nil && !errors.Is(shown, context.Canceled) && !errors.Is(shown, context.DeadlineExceeded) && !errors.Is(shown, errTimeUp):
		return shown
	case errors.Is(ended, errQuit) || errors.Is(ended, errTimeUp):
		return left
	default:
		return ended
	}
}

// sayWhy is how long the end may take before the reason is printed.
const sayWhy = 500 * time.Millisecond

// awaitEnd waits for the end of a session, and returns its cause. If the Hub is slow, it says
// so; an interrupt, which ends ctx, stops the wait for the Hub.
func awaitEnd(ctx context.Context, p *program, session *dev.Session) error {
	interrupted := ctx.Done()
	if ctx.Err() != nil {
		interrupted = nil // the next interrupt ends the process
	}
	slow := time.NewTimer(sayWhy)
	defer slow.Stop()
	for {
		select {
		case <-session.Done():
			return session.Wait()
		case <-interrupted:
			session.AbandonHub()
			interrupted = nil
		case <-slow.C:
			if session.LeavesHub() && !p.settings.quiet {
				fmt.Fprintln(p.err, "hfhook: waiting for the Hub to restore its webhooks; ctrl+c leaves them as they are (hfhook webhooks gc cleans up)")
			}
		}
	}
}

var (
	errQuit   = errors.New("quit")
	errTimeUp = errors.New("the time given by --for is over")
)

// colors are the values of --color.
var colors = map[string]style.Color{
	"auto": style.ColorAuto, "always": style.ColorAlways, "never": style.ColorNone, "16": style.Color16, "256": style.Color256, "true": style.ColorTrue,
}

func unknownCommand(p *program, cmd *cobra.Command, word string) error {
	f := &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%q is neither a command nor a target", word), Try: "hfhook --help"}
	root := cmd.Root()
	root.SuggestionsMinimumDistance = 2
	if near := root.SuggestionsFor(word); len(near) > 0 {
		f.Try = "hfhook " + near[0]
	}
	return f
}

// hookPath checks --path.
func hookPath(path string) (string, error) {
	path = "/" + strings.Trim(path, "/")
	if path != server.Root && !strings.HasPrefix(path, server.Root+"/") {
		return "", exit.Usagef("invalid --path %q: want a path below %s, for example %s/say_hello", path, server.Root, server.Root)
	}
	return path, nil
}

// newProvider returns the provider for --tunnel, --url and --domain; nil for none.
func newProvider(ctx context.Context, p *program, log *slog.Logger) (tunnel.Provider, error) {
	s := &p.settings
	if s.url != "" {
		own := tunnel.Own{URL: s.url}
		if _, err := own.Open(ctx, ""); err != nil {
			return nil, exit.Usagef("--url: %w", err)
		}
		return own, nil
	}
	if s.tunnel == tunnelSSH || strings.HasPrefix(s.tunnel, "ssh://") {
		provider, err := sshTunnel(p, s.tunnel, log)
		if err != nil {
			return nil, err
		}
		return provider, nil
	}
	switch s.tunnel {
	case tunnelNone:
		return nil, nil
	case tunnelCloudflared, tunnelNgrok:
		return namedTunnel(p, s.tunnel, s.domain, log), nil
	default:
		return nil, exit.Usagef("invalid --tunnel %q: want ngrok, ssh, cloudflared or none; for your own tunnel use --url", s.tunnel)
	}
}

func listenError(p *program, err error) error {
	f := &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("listen on %s: %w", p.settings.addr, neterr.Plain(err)), Try: "another address with --addr, for example --addr 127.0.0.1:4666"}
	if neterr.InUse(err) {
		f.Err = fmt.Errorf("listen on %s: the port is in use, perhaps by another hfhook dev", p.settings.addr)
		f.Try = "stop it, or use a free port with --addr 127.0.0.1:0"
	}
	return f
}

// onTerminal reports whether the screen can be drawn.
func (p *program) onTerminal() bool {
	out, ok := p.out.(*os.File)
	if !ok || !isatty.IsTerminal(out.Fd()) || p.env("TERM") == "dumb" {
		return false
	}
	in, ok := p.in.(*os.File)
	return ok && isatty.IsTerminal(in.Fd())
}

// maxLog is the size at which a new log is started, in bytes.
const maxLog = 8 << 20

// openLog opens the log in the state directory. While the screen is shown nothing else may
// write to the terminal; without it, warnings are also written to stderr.
func openLog(p *program, screen bool) (*slog.Logger, *os.File, error) {
	dir, err := p.stateDir()
	if err != nil {
		return nil, nil, err
	}
	if err := makeDir(dir); err != nil {
		return nil, nil, err
	}
	if !p.settings.quiet {
		printStateDir(p, dir)
	}
	path := filepath.Join(dir, "hfhook.log")
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, nil, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("rename the old log: %w", err)}
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("open the log: %w", err), Try: "check the permissions there"}
	}
	var handler slog.Handler = slog.NewTextHandler(file, &slog.HandlerOptions{Level: slog.LevelInfo})
	if !screen && !p.settings.quiet {
		handler = slog.NewMultiHandler(handler, slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	return slog.New(handler), file, nil
}
