package cli

// The tunnels besides ngrok: for people who have no account there.

import (
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"

	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/version"
	"hfhook/tunnel"
)

// The words that --tunnel takes, besides ssh://user@host:port.
const (
	tunnelNgrok       = "ngrok"
	tunnelSSH         = "ssh"
	tunnelCloudflared = "cloudflared"
	tunnelNone        = "none"
)

// settleTunnel decides between --url and --tunnel, of which a file or the environment may
// have set one and the command line the other: the one that was set closer to the command
// line counts, and of two at the same place the URL.
func settleTunnel(p *program) {
	if p.settings.url != "" && originRank(p, "tunnel") < originRank(p, "url") {
		p.settings.url = ""
	}
}

// originRank is how far from the command line a flag got its value: 0 on it.
func originRank(p *program, flag string) int {
	switch origin := p.origins[flag]; {
	case origin == "":
		return 4
	case strings.HasPrefix(origin, "--"):
		return 0
	case origin == variableOf(flag):
		return 1
	case origin == config.ProjectFile:
		return 2
	}
	return 3
}

// demanded reports whether a flag was given for this run, on the command line or in the
// environment. A tunnel named in a file is optional: if it is not available, the run goes on without it.
func demanded(p *program, flag string) bool { return originRank(p, flag) <= 1 }

// namedTunnel is the provider of --tunnel ngrok and --tunnel cloudflared.
func namedTunnel(p *program, name, domain string, log *slog.Logger) tunnel.Provider {
	if name == tunnelCloudflared {
		return &tunnel.Cloudflared{}
	}
	settings := func() (tunnel.NgrokSettings, error) { return p.typed.settings(p.env) }
	return &tunnel.Ngrok{Settings: settings, URL: domain, Version: version.Get().Version, Logger: log}
}

// sshTunnel is the provider of ssh, for the usual server, or of ssh://user@host:port for a
// server of one's own. New servers are remembered beside the log.
func sshTunnel(p *program, name string, log *slog.Logger) (*tunnel.SSH, error) {
	dir, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	server, domain := name, "" // and not localhost.run where ssh:// is followed by nothing
	if server == tunnelSSH {
		server = ""
	}
	if name == p.settings.tunnel { // else the domain is for another tunnel
		domain = p.settings.domain
	}
	s := &tunnel.SSH{Server: server, URL: domain, KnownHosts: filepath.Join(dir, "known_hosts"), Agent: p.env("SSH_AUTH_SOCK"), Logger: log}
	if err := s.Check(); err != nil {
		return nil, exit.Usagef("--tunnel %s: %w", name, err)
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
