package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/internal/visible"
	"hfhook/server"
	"hfhook/store/sqlite"
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
	return finding{State: "failed", Detail: err.Error(), Fix: advice(err), err: err}
}

func (p *program) doctorCommand() *cobra.Command {
	var as format
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check everything that hfhook dev needs",
		Long:  "Checks the secret, the store, the address, the tunnel's account and the targets,\nand says how to mend what is not right. It changes nothing on the Hub or at ngrok.",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd, as) },
	}
	f, s := cmd.Flags(), &p.settings
	as.flags(cmd, "the names of the checks that failed")
	p.targetSettings(f)
	f.StringVar(&s.addr, "addr", defaultAddr, "check this `host:port`")
	f.StringVar(&s.secretFile, "secret-file", "", "check the secret of this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "no secret is needed")
	f.StringVar(&s.tunnel, "tunnel", "ngrok", "check this tunnel: ngrok, ssh, ssh://user@host:port, cloudflared or none")
	f.StringVar(&s.url, "url", "", "check your own tunnel with this public `URL`")
	f.StringVar(&s.domain, "domain", "", "public `host` name to ask ngrok, or the SSH server, for")
	return cmd
}

func (p *program) doctor(cmd *cobra.Command, as format) error {
	ctx := cmd.Context()
	var worst error
	report := func(name string, f finding) error {
		f.Schema, f.Type, f.Check = 1, "check", name
		if f.State == "failed" && worst == nil {
			worst = f.err
		}
		switch {
		case as.json:
			return writeLine(p.out, f)
		case as.ids && f.State == "failed":
			_, err := fmt.Fprintln(p.out, name)
			return err
		case as.ids:
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
	checks := []struct {
		name  string
		check func(context.Context) finding
	}{
		{"secret", p.checkSecret}, {"store", p.checkStore}, {"address", p.checkAddress}, {"tunnel", p.checkTunnel},
	}
	for _, c := range checks {
		if err := report(c.name, c.check(ctx)); err != nil {
			return err
		}
	}
	targets, err := p.targets(cmd, nil)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		if err := report("target", warning("name one, as in hfhook dev 8000", "none: events are recorded and handed to nobody")); err != nil {
			return err
		}
	}
	for _, t := range targets {
		if err := report("target", checkTarget(ctx, t)); err != nil {
			return err
		}
	}
	if worst != nil {
		return &failure{code: exitCode(ctx, worst), err: errSilent}
	}
	return nil
}

func (p *program) checkSecret(context.Context) finding {
	s, err := p.secrets()
	switch {
	case err != nil:
		return failed(err)
	case len(s.accepted) == 0:
		return warning("leave --no-verify away", "none: everybody who knows the URL may post")
	case s.made:
		return ok("made by hfhook, kept in %s (%d characters)", s.source, s.present().Len())
	default:
		return ok("from %s (%d characters)", s.source, s.present().Len())
	}
}

func (p *program) checkStore(ctx context.Context) finding {
	path, err := p.storePath()
	if err != nil {
		return failed(err)
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return ok("%s will be made by the first hfhook dev", path)
	}
	events, err := sqlite.Open(ctx, path, sqlite.Options{})
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
	return ok("%s: %d events, %s, layout %d, whole", path, stats.Events, size(stats.Bytes), stats.Schema)
}

func (p *program) checkAddress(ctx context.Context) finding {
	addr := p.settings.addr
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err == nil {
		_ = ln.Close()
		return ok("%s is free", addr)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, reqErr := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
	if reqErr == nil {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		if resp, getErr := client.Do(req); getErr == nil {
			body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK && string(body) == `{"status":"ok"}` {
				return ok("%s%s: a hfhook dev answers there", addr, server.Root)
			}
		}
	}
	return failed(p.listenError(err))
}

func (p *program) checkTunnel(ctx context.Context) finding {
	provider, err := p.provider(ctx, slog.New(slog.DiscardHandler))
	switch provider.(type) {
	case nil:
		if err != nil {
			return failed(err)
		}
		return ok("none: only this machine reaches the server")
	case *tunnel.Ngrok:
		settings, err := tunnel.FindNgrok(p.env)
		if err != nil {
			return failed(&failure{code: exitConfig, err: err})
		}
		if settings.Authtoken.IsZero() {
			return warning("get one at https://dashboard.ngrok.com/get-started/your-authtoken and set NGROK_AUTHTOKEN, or take --tunnel ssh, which needs none", "ngrok needs the authtoken of an account, which is free; there is none")
		}
		return ok("ngrok, with the authtoken of %s", settings.Source)
	default:
		return p.checkOther(provider)
	}
}

func checkTarget(ctx context.Context, t delivery.Target) finding {
	if t.Command != nil {
		path, err := exec.LookPath(t.Command.Args[0])
		if err != nil {
			return warning("check its name, and that it is a program: chmod +x", "%s can not be run: %v", t.Where(), err)
		}
		return ok("%s runs %s", t.Where(), path)
	}
	dialer := net.Dialer{Timeout: 2 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", t.Address())
	if err != nil {
		return warning("start your handler; events wait for it meanwhile", "%s takes no connection: %v", t.URL, err)
	}
	_ = conn.Close()
	return ok("%s takes connections", t.URL)
}
