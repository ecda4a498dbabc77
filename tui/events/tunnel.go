package events

// Retrying the tunnel, and going on without one.

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/tui/screen"
	"hfhook/tunnel"
)

// Tunnels are the ways to a public URL, which can be changed while hfhook runs. Its methods
// may be called by several goroutines at once. A kind is ngrok, ssh or cloudflared.
type Tunnels interface {
	// Has reports whether a kind can be used without more being said: ngrok's authtoken is
	// there, or the program cloudflared.
	Has(kind string) bool

	// Use goes on with a tunnel of this kind in place of the present one.
	Use(kind string) error

	// Server is the login at the SSH server, for example nokey@localhost.run:22. HostKey
	// asks that server for its key, and Trust has it known from now on.
	Server() string
	HostKey(ctx context.Context) (tunnel.HostKey, error)
	Trust(key tunnel.HostKey) error

	// Keep writes the choice into the project's configuration, for the next runs: a kind,
	// none, or a URL of the user's own. It returns what was written, and where.
	Keep(kind, url string) (sentence string, err error)
}

func (a *asks) retryTunnel() tea.Cmd {
	return a.Cmd(func() tea.Msg {
		was := a.session.State().Tunnel
		a.session.RetryTunnel()
		return screen.ResultMsg{Text: "trying the tunnel again", Ok: true, Command: tunnelCommand(was.Provider), Until: tunnelTried(was, was.Provider, "")}
	})
}

func (a *asks) dropTunnel() tea.Cmd {
	return a.Cmd(func() tea.Msg {
		a.session.DropTunnel()
		return screen.ResultMsg{Text: "no tunnel: only this machine reaches hfhook", Ok: true, Command: "hfhook dev --tunnel none"}
	})
}

// tunnelCommand starts with this tunnel.
func tunnelCommand(provider string) string {
	switch provider {
	case "ngrok", "ssh", "cloudflared":
		return "hfhook dev --tunnel " + provider
	}
	return "hfhook dev"
}

// tunnelTried says how an attempt with a provider went, after the state that there was. If own
// is not empty it is about this URL of the user's own, and not about one that was tried before.
func tunnelTried(was tunnel.State, provider, own string) func(*dev.State, time.Time) screen.Outcome {
	begun := false
	return func(st *dev.State, now time.Time) screen.Outcome {
		is := st.Tunnel
		if is.Provider != provider || own != "" && is.URL != own {
			return screen.Outcome{}
		}
		begun = begun || was.Provider != provider || is.Phase == tunnel.Connecting || is.Phase == tunnel.Checking || is.Attempt != was.Attempt
		switch {
		case is.Phase == tunnel.Up:
			return screen.Outcome{Over: true, Text: fmt.Sprintf("the tunnel is up: %s, in %s", is.URL, duration.Text(is.Latency)), Ok: true}
		case is.Phase == tunnel.Off && begun:
			return screen.Outcome{Over: true}
		case is.Problem != nil && begun && (is.Phase == tunnel.Waiting || is.Phase == tunnel.Down || own != ""):
			return screen.Outcome{Over: true, Text: "the tunnel is not up: " + is.Problem.Error(), Ok: false}
		}
		return screen.Outcome{}
	}
}
