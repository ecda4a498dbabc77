package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/neterr"
	"hfhook/internal/plainerr"
	"hfhook/internal/visible"
	"hfhook/server"
	"hfhook/store"
	"hfhook/tui/settings"
	"hfhook/tunnel"
)

// A finding is the result of one of the doctor's checks.
type finding struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	Check  string `json:"check"`
	State  string `json:"state"` // ok, warning or failed
	Detail string `json:"detail"`
	Fix    string `json:"fix,omitempty"`

	err error
}

func ok(format string, args ...any) finding {
	return finding{State: "ok", Detail: fmt.Sprintf(format, args...)}
}

func warning(fix, format string, args ...any) finding {
	return finding{State: "warning", Detail: fmt.Sprintf(format, args...), Fix: fix}
}

func failed(err error) finding {
	return finding{State: "failed", Detail: plainerr.Text(err), Fix: advice(err), err: err}
}

func doctorCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check everything that hfhook dev needs",
		Long: `Checks the secret, the store, the address, the tunnel's account, the Hub's token and the
targets. If hfhook dev --watch is running, it also tests the path from its webhook to the
store. It says how to fix what is wrong, and changes nothing on the Hub or at ngrok.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(p, cmd, as) },
	}
	f, s := cmd.Flags(), &p.settings
	as.Flags(cmd, "the names of the checks that failed")
	addTargetSettings(p, f)
	addAddrFlag(p, f, "check this `host:port`")
	p.fileVar(f, &s.secretFile, "secret-file", "check the secret of this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "no secret is needed")
	f.StringVar(&s.keep, "keep", "", "hfhook dev deletes events that are older than this `time`")
	f.StringVar(&s.maxStore, "max-store", "", "hfhook dev deletes the oldest events of a store larger than this `size`")
	f.StringVar(&s.tunnel, "tunnel", "ngrok", "check this tunnel: ngrok, ssh, ssh://user@host:port, cloudflared or none")
	f.StringVar(&s.url, "url", "", "check your own tunnel with this public `URL`")
	f.StringVar(&s.domain, "domain", "", "public `host` name to request from ngrok or the SSH server")
	return cmd
}

func runDoctor(p *program, cmd *cobra.Command, as output.Format) error {
	ctx := cmd.Context()
	var worst error
	report := func(name string, f finding) error {
		f.Schema, f.Type, f.Check = 1, "check", name
		if f.State == "failed" && worst == nil {
			worst = f.err
		}
		switch {
		case as.JSON:
			return output.WriteLine(p.out, f)
		case as.IDs && f.State == "failed":
			_, err := fmt.Fprintln(p.out, name)
			return err
		case as.IDs:
			return nil
		}
		mark := map[string]string{"ok": "✓", "warning": "!", "failed": "✗"}[f.State]
		text := fmt.Sprintf("%s %-8s %s", mark, name, visible.Line(f.Detail))
		if f.Fix != "" {
			text += "\n           Fix: " + visible.Line(f.Fix)
		}
		_, err := fmt.Fprintln(p.out, text)
		return err
	}
	targets, err := readTargets(p, cmd, nil)
	if err != nil {
		return err
	}
	for _, c := range doctorChecks(p, func(ctx context.Context) finding { return checkAddress(ctx, p) }, targets) {
		if err := report(c.name, c.check(ctx)); err != nil {
			return err
		}
	}
	if worst != nil {
		return &exit.Error{Code: exitCode(ctx, worst), Err: exit.ErrSilent}
	}
	return nil
}

// A namedCheck is one thing that hfhook dev needs.
type namedCheck struct {
	name  string
	check func(context.Context) finding
}

// doctorChecks returns all checks, in their order. address checks the address of hfhook dev.
func doctorChecks(p *program, address func(context.Context) finding, targets []delivery.Target) []namedCheck {
	all := []namedCheck{
		{"secret", func(ctx context.Context) finding { return checkSecret(ctx, p) }},
		{"store", func(ctx context.Context) finding { return checkStore(ctx, p) }},
		{"kept", func(ctx context.Context) finding { return checkKept(ctx, p) }},
		{"address", address},
		{"tunnel", func(ctx context.Context) finding { return checkTunnel(ctx, p) }},
		{"hub", func(ctx context.Context) finding { return checkHub(ctx, p) }},
	}
	if hasLogin(p) {
		all = append(all, namedCheck{"webhook", func(ctx context.Context) finding { return checkWebhooks(ctx, p) }})
	}
	if len(targets) == 0 {
		all = append(all, namedCheck{"target", func(context.Context) finding {
			return warning("name one, for example hfhook dev 8000", "none: events are recorded but not forwarded")
		}})
	}
	for _, t := range targets {
		all = append(all, namedCheck{"target", func(ctx context.Context) finding { return checkTarget(ctx, t) }})
	}
	return all
}

// screenDoctor runs the same checks for the screen of a session.
func screenDoctor(p *program, s *dev.Session, targets []delivery.Target) func(context.Context, func(settings.Check)) {
	address := func(ctx context.Context) finding {
		local, err := url.Parse(s.State().LocalURL)
		if err != nil {
			return failed(err)
		}
		if err := answersAsHfhook(ctx, local.Host); err != nil {
			return failed(fmt.Errorf("this session's own address %s: %w", local.Host, err))
		}
		return ok("%s%s: this session answers there", local.Host, server.Root)
	}
	checks := doctorChecks(p, address, targets)
	for i, c := range checks {
		if c.name == "tunnel" {
			checks[i].check = func(ctx context.Context) finding { return checkTunnelOf(ctx, p, s.State().Tunnel) }
		}
	}
	checks = append(checks,
		namedCheck{"way here", func(context.Context) finding { return checkWay(s.State()) }},
		namedCheck{"refused", func(context.Context) finding { return checkRefused(s.State()) }})
	return func(ctx context.Context, report func(settings.Check)) {
		for _, c := range checks {
			if ctx.Err() != nil {
				return
			}
			f := c.check(ctx)
			report(settings.Check{Name: c.name, State: f.State, Detail: f.Detail, Fix: f.Fix})
		}
	}
}

func checkSecret(_ context.Context, p *program) finding {
	s, err := p.secrets()
	switch {
	case err != nil:
		return failed(err)
	case len(s.accepted) == 0:
		return warning("leave out --no-verify", "none: anyone who knows the URL can post")
	case s.present().Weakness() != "":
		return warning("set a longer one here and on the Hub; hfhook secret new creates one", "from %s: %s", s.source, s.present().Weakness())
	case s.made:
		return ok("generated, saved in %s (%s)", s.source, output.Plural(s.present().Len(), "character"))
	default:
		return ok("from %s (%s)", s.source, output.Plural(s.present().Len(), "character"))
	}
}

func checkStore(ctx context.Context, p *program) finding {
	path, err := p.storePath()
	if err != nil {
		return failed(err)
	}
	events, err := openToRead(ctx, p, path)
	if errors.Is(err, fs.ErrNotExist) {
		return ok("hfhook dev creates %s when it first runs", path)
	}
	if err != nil {
		return failed(err)
	}
	stats, err := events.Stats(ctx)
	if err == nil {
		err = events.Check(ctx)
	}
	if err = errors.Join(err, events.Close()); err != nil {
		return failed(err)
	}
	whole := fmt.Sprintf("%s: %s, %s, schema version %d, undamaged", path, output.Plural(int(stats.Events), "event"), output.Size(stats.Bytes), stats.Schema)
	if fault, is := errors.AsType[*store.Fault](events.Unwritable()); is {
		return warning(fault.Todo, "%s; it can be read, and hfhook dev could not record: %v", whole, fault.Err)
	}
	if open := openTo(path); open != nil {
		return warning(open.fix, "%s; %s", whole, open.text)
	}
	return ok("%s", whole)
}

// checkKept reports what hfhook dev deletes automatically.
func checkKept(_ context.Context, p *program) finding {
	s := &p.settings
	if _, _, err := s.retention(); err != nil {
		return failed(err)
	}
	var limits []string
	for _, limit := range []struct{ flag, value string }{{"--keep", s.keep}, {"--max-store", s.maxStore}} {
		if limit.value != "" {
			limits = append(limits, limit.flag+" "+limit.value)
		}
	}
	if len(limits) == 0 {
		return ok("everything, as neither --keep nor --max-store is set")
	}
	return ok("events within %s; hfhook dev deletes older unpinned ones", strings.Join(limits, " and "))
}

func checkAddress(ctx context.Context, p *program) finding {
	addr := p.settings.addr
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err == nil {
		_ = ln.Close()
		return ok("%s is free", addr)
	}
	if answersAsHfhook(ctx, addr) == nil {
		return ok("%s%s: a hfhook dev answers there", addr, server.Root)
	}
	return failed(listenError(p, err))
}

// checkWay reports the last result of the running session's tunnel.
func checkWay(st *dev.State) finding {
	switch t := st.Tunnel; {
	case t.Provider == "", t.Phase == tunnel.Off:
		return ok("no tunnel: only this machine can reach the server")
	case t.NotSetUp():
		return ok("no tunnel is set up: only this machine can reach the server; t sets one up")
	case t.Phase == tunnel.Up:
		return ok("a test request arrived through %s in %s", st.HookURL, duration.Text(t.Latency))
	case t.Problem != nil:
		f := warning(t.Problem.Fix, "the tunnel is %s: %s", output.TunnelWord(&t), t.Problem.Error())
		if f.Fix == "" {
			f.Fix = "t tries again"
		}
		return f
	default:
		return warning("t tries again", "the tunnel is %s: no test request has arrived yet", t.Phase)
	}
}

// checkRefused reports the requests that a running session has rejected.
func checkRefused(st *dev.State) finding {
	switch {
	case st.Secret.Bad > 0:
		return warning("! shows them, and how the secret differs", "%s that may be the Hub's had a wrong secret or none", output.Plural(st.Secret.Bad, "request"))
	case st.Refused > 0:
		return ok("%s refused, none that may be the Hub's because of the secret", output.Plural(int(st.Refused), "request"))
	}
	return ok("nothing was refused, and %s received", output.Plural(int(st.Received), "event"))
}

// answersAsHfhook checks whether a hfhook dev answers at an address.
func answersAsHfhook(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err == nil && (resp.StatusCode != http.StatusOK || string(body) != `{"status":"ok"}`) {
		err = fmt.Errorf("another program answers %s", resp.Status)
	}
	return err
}

func checkTunnel(ctx context.Context, p *program) finding {
	provider, err := newProvider(ctx, p, slog.New(slog.DiscardHandler))
	switch provider.(type) {
	case nil:
		if err != nil {
			return failed(err)
		}
		return ok("none: only this machine can reach the server")
	case *tunnel.Ngrok:
		settings, err := tunnel.FindNgrok(p.env)
		if err != nil {
			return failed(&exit.Error{Code: exit.CodeConfig, Err: err})
		}
		if settings.Authtoken.IsZero() {
			return warning("get one at https://dashboard.ngrok.com/get-started/your-authtoken and set NGROK_AUTHTOKEN, or use --tunnel ssh, which needs none", "ngrok needs an authtoken (the account is free); none is set")
		}
		return ok("ngrok, with the authtoken of %s", settings.Source)
	default:
		return checkOther(p, provider)
	}
}

// checkTunnelOf is checkTunnel for a running session, whose tunnel may differ from the
// configured one.
func checkTunnelOf(ctx context.Context, p *program, st tunnel.State) finding {
	now := &tunnels{p: p, log: slog.New(slog.DiscardHandler)}
	switch {
	case st.NotSetUp(), st.Provider == "", st.Phase == tunnel.Off:
		return ok("none is set up")
	case st.Provider == tunnelNgrok && now.Has(tunnelNgrok):
		return ok("ngrok, with an authtoken")
	case st.Provider == tunnelSSH:
		return ok("ssh: %s gives a new URL each time", now.Server())
	case st.Provider == tunnelCloudflared && now.Has(tunnelCloudflared):
		return ok("cloudflared gives a new URL each time")
	case st.Provider == (tunnel.Own{}).Name():
		return ok("your own, %s", st.URL)
	}
	return checkTunnel(ctx, p)
}

func checkTarget(ctx context.Context, t delivery.Target) finding {
	if t.Command != nil {
		path, err := exec.LookPath(t.Command.Args[0])
		if err != nil {
			return warning("check its name, and that it is executable (chmod +x)", "%s cannot be run: %s", t.Where(), plainerr.Text(err))
		}
		return ok("%s runs %s", t.Where(), path)
	}
	dialer := net.Dialer{Timeout: 2 * time.Second}
	var failed error
	for _, address := range t.Addresses() {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			_ = conn.Close()
			if address != t.Address() {
				return ok("%s is listening, at %s", t.URL, address)
			}
			return ok("%s takes connections", t.URL)
		}
		failed = cmp.Or(failed, err)
	}
	fix := "start your handler; events are queued until then"
	if try := tryPorts(otherServices(t), "hfhook dev "); try != "" {
		fix += "; or " + try
	}
	return warning(fix, "%s is not listening: %s", t.URL, neterr.Words(failed))
}
