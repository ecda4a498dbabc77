package cli

import (
	"context"
	"sync"

	"hfhook/internal/dev"
	"hfhook/tunnel"
)

// An authtokenBox holds an authtoken that was typed in while hfhook runs. It has priority over
// all others.
type authtokenBox struct {
	mu    sync.Mutex
	token tunnel.Authtoken
}

// settings returns ngrok's settings, with that authtoken if there is one.
func (b *authtokenBox) settings(env func(string) string) (tunnel.NgrokSettings, error) {
	s, err := tunnel.FindNgrok(env)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.token.IsZero() {
		s.Authtoken, s.Source = b.token, "the screen"
	}
	return s, err
}

// take uses an authtoken for this run.
func (b *authtokenBox) take(token tunnel.Authtoken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token = token
}

// keepAuthtoken writes an authtoken into ngrok's own configuration once a tunnel that was begun
// after the state before is up with it. It says so, or why it was not saved.
func keepAuthtoken(ctx context.Context, session *dev.Session, env func(string) string, token tunnel.Authtoken, before tunnel.State) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	begun := false
	for range session.Watch(ctx) {
		is := session.State().Tunnel
		if is.Provider != tunnelNgrok {
			if !begun && before.Provider == is.Provider {
				continue // the other tunnel is still there
			}
			return // the user has chosen another one meanwhile
		}
		begun = begun || before.Provider != tunnelNgrok || is.Phase != before.Phase || is.Attempt != before.Attempt
		notice := dev.Notice{About: "authtoken"}
		switch {
		case begun && is.Phase == tunnel.Up:
			notice.Text = "ngrok has accepted the authtoken"
			if path, err := tunnel.SaveNgrok(env, token); err != nil {
				notice.Text, notice.Fix = notice.Text+", but it is not saved: "+err.Error(), "run ngrok config add-authtoken"
			} else {
				notice.Text += ": it is saved in " + path
			}
		case begun && is.Phase == tunnel.Down:
			notice.Text, notice.Fix = "the authtoken is not saved: the tunnel is not up with it", "check the authtoken, then enter it again"
		default:
			continue
		}
		session.Notify(notice)
		return
	}
}
