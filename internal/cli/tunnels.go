package cli

// The tunnel as it is chosen on the screen, while hfhook runs.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"

	"hfhook/internal/cli/config"
	"hfhook/internal/dev"
	"hfhook/tui/events"
	"hfhook/tunnel"
)

// tunnels are the ways to a public URL that the screen offers. It is an events.Tunnels.
type tunnels struct {
	p       *program
	session *dev.Session
	log     *slog.Logger
}

// Has is documented at events.Tunnels.
func (t *tunnels) Has(kind string) bool {
	switch kind {
	case tunnelNgrok:
		found, err := t.p.typed.settings(t.p.env)
		return err == nil && !found.Authtoken.IsZero()
	case tunnelCloudflared:
		_, err := exec.LookPath("cloudflared")
		return err == nil
	}
	return true
}

// Use is documented at events.Tunnels.
func (t *tunnels) Use(kind string) error {
	provider, err := t.provider(kind)
	if err != nil {
		return err
	}
	t.session.UseTunnel(provider)
	return nil
}

// Server is documented at events.Tunnels.
func (t *tunnels) Server() string {
	s, err := sshTunnel(t.p, t.sshServer(), t.log)
	if err != nil {
		return ""
	}
	return s.Login()
}

// HostKey is documented at events.Tunnels.
func (t *tunnels) HostKey(ctx context.Context) (tunnel.HostKey, error) {
	s, err := sshTunnel(t.p, t.sshServer(), t.log)
	if err != nil {
		return tunnel.HostKey{}, err
	}
	return s.HostKey(ctx)
}

// Trust is documented at events.Tunnels.
func (t *tunnels) Trust(key tunnel.HostKey) error {
	s, err := sshTunnel(t.p, t.sshServer(), t.log)
	if err != nil {
		return err
	}
	return s.Trust(key)
}

// Keep is documented at events.Tunnels.
func (t *tunnels) Keep(kind, url string) (string, error) {
	name, value, other := "tunnel", kind, "url"
	switch {
	case url != "":
		name, value, other = "url", url, "tunnel"
	case kind == tunnelSSH:
		value = t.sshServer()
	}
	err := editProjectFile(func(text string) (string, error) {
		text, err := config.WithSetting(text, other, "") // a file with both would be ambiguous
		if err != nil {
			return "", err
		}
		return config.WithSetting(text, name, value)
	})
	if err != nil {
		return "", fmt.Errorf("keep the tunnel: %w", err)
	}
	line := fmt.Sprintf("%s = %q", name, value)
	for _, origin := range []string{t.p.origins["tunnel"], t.p.origins["url"]} {
		if variable := strings.HasPrefix(origin, "HFHOOK_"); variable {
			return fmt.Sprintf("saved in %s: %s; %s overrides it while it is set", config.ProjectFile, line, origin), nil
		}
	}
	return fmt.Sprintf("saved for this project in %s: %s", config.ProjectFile, line), nil
}

// provider is the one of a kind. Of the domain only the tunnel that it was set for knows.
func (t *tunnels) provider(kind string) (tunnel.Provider, error) {
	domain := ""
	if kind == t.p.settings.tunnel {
		domain = t.p.settings.domain
	}
	switch kind {
	case tunnelSSH:
		provider, err := sshTunnel(t.p, t.sshServer(), t.log)
		if err != nil {
			return nil, err
		}
		return provider, nil
	case tunnelCloudflared, tunnelNgrok:
		return namedTunnel(t.p, kind, domain, t.log), nil
	}
	return nil, errors.New("unknown tunnel " + kind)
}

// sshServer is the --tunnel of the SSH server that is configured, or of the usual one.
func (t *tunnels) sshServer() string {
	if strings.HasPrefix(t.p.settings.tunnel, "ssh://") {
		return t.p.settings.tunnel
	}
	return tunnelSSH
}

var _ events.Tunnels = (*tunnels)(nil)
