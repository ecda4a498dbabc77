package cli

// The tunnels besides ngrok: for people who have no account there.

import (
	"log/slog"
	"os/exec"
	"path/filepath"

	"hfhook/internal/cli/exit"
	"hfhook/tunnel"
)

// tunnelNames are the words that --tunnel takes.
var tunnelNames = []string{"ngrok", "ssh", "cloudflared", "none"}

// sshTunnel is the provider of --tunnel ssh, or of ssh://user@host:port for a server of
// one's own. New servers are remembered beside the log.
func sshTunnel(p *program, log *slog.Logger) (tunnel.Provider, error) {
	dir, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	server := p.settings.tunnel // and not localhost.run where ssh:// is followed by nothing
	if server == "ssh" {
		server = ""
	}
	s := &tunnel.SSH{Server: server, URL: p.settings.domain, KnownHosts: filepath.Join(dir, "known_hosts"), Agent: p.env("SSH_AUTH_SOCK"), Logger: log}
	if err := s.Check(); err != nil {
		return nil, exit.Usagef("--tunnel %s: %w", p.settings.tunnel, err)
	}
	return s, nil
}

// checkOther is what doctor says of a tunnel that has no account.
func checkOther(p *program, provider tunnel.Provider) finding {
	switch t := provider.(type) {
	case *tunnel.SSH:
		return ok("ssh: %s gives a new URL each time", t.Login())
	case *tunnel.Cloudflared:
		path, err := exec.LookPath("cloudflared")
		if err != nil {
			return warning("install it: https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/", "cloudflared is not on the PATH")
		}
		return ok("cloudflared: %s gives a new URL each time", path)
	default:
		return ok("your own, %s: hfhook dev probes it", p.settings.url)
	}
}
