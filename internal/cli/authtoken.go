package cli

import (
	"sync"

	"hfhook/tunnel"
)

// An authtokenBox holds an authtoken that was typed in while hfhook runs. It counts
// before all others.
type authtokenBox struct {
	mu    sync.Mutex
	token tunnel.Authtoken
}

// settings are ngrok's, with that authtoken where there is one.
func (b *authtokenBox) settings(env func(string) string) (tunnel.NgrokSettings, error) {
	s, err := tunnel.FindNgrok(env)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.token.IsZero() {
		s.Authtoken, s.Source = b.token, "the screen"
	}
	return s, err
}

// take takes an authtoken for this run and, if it is to be kept, writes it into ngrok's
// own configuration, whose path it then returns.
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
