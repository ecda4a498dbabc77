package cli

import (
	"sync"

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

// take uses an authtoken for this run. If it is to be saved, it is written into ngrok's own
// configuration, whose path is returned.
func (b *authtokenBox) take(env func(string) string, text string, keep bool) (where string, err error) {
	token := tunnel.NewAuthtoken(text)
	b.mu.Lock()
	b.token = token
	b.mu.Unlock()
	if !keep {
		return "", nil
	}
	return tunnel.SaveNgrok(env, token)
}
