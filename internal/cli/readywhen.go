package cli

// When hfhook dev is ready, for those who wait for its ready line or file: --ready-when.

import (
	"context"
	"slices"

	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/tunnel"
)

// Values of --ready-when.
const (
	readyLocal   = "local"   // requests are accepted on this machine
	readyTunnel  = "tunnel"  // and by the public URL
	readyWebhook = "webhook" // and a webhook on the Hub sends them there
)

var readyWords = []string{readyLocal, readyTunnel, readyWebhook}

// checkReadyWhen refuses what would never be.
func checkReadyWhen(p *program) error {
	s := &p.settings
	switch {
	case !slices.Contains(readyWords, s.readyWhen):
		return exit.Usagef("invalid --ready-when %q: want %s, %s or %s", s.readyWhen, readyLocal, readyTunnel, readyWebhook)
	case s.readyWhen != readyLocal && s.tunnel == "none" && s.url == "":
		return exit.Usagef("--ready-when %s needs a public URL: leave out --tunnel none, or use --url", s.readyWhen)
	case s.readyWhen == readyWebhook && len(s.watch) == 0:
		return exit.Usagef("--ready-when webhook needs --watch, for example --watch dataset:me/corpus")
	}
	return nil
}

// isReady reports whether a session is what --ready-when asks for.
func isReady(when string, st *dev.State) bool {
	up := st.Tunnel.Phase == tunnel.Up
	switch when {
	case readyTunnel:
		return up
	case readyWebhook:
		return up && st.Hub != nil && slices.ContainsFunc(st.Hub.Hooks, func(h lease.Hook) bool {
			return h.Used && h.Here && h.State == hub.Enabled
		})
	}
	return true
}

// awaitReady writes the ready file beside the screen once the session is ready. It returns early
// when ctx or the session ends.
func awaitReady(ctx context.Context, p *program, session *dev.Session, ready *readyFile) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	changed := session.Watch(ctx)
	for !isReady(p.settings.readyWhen, session.State()) {
		select {
		case <-changed:
		case <-session.Done():
			return nil
		}
		if ctx.Err() != nil {
			return nil
		}
	}
	return ready.write(ctx, newReadyLine(session.State()))
}
