package dev

// Changes the tunnel while the session runs.

import (
	"context"

	"hfhook/tunnel"
)

// UseTunnel changes to another tunnel at once: requests that are under way through the present
// one are still answered. The tunnel's state reports the progress.
func (s *Session) UseTunnel(p tunnel.Provider) { s.tunnel.Use(p) }

// UseURL uses a public URL of the user in place of the tunnel: another program forwards it to
// the local address. It returns the URL as in the tunnel's state, which says whether it points
// here; the error says why a text is not a URL.
func (s *Session) UseURL(url string) (string, error) {
	own := tunnel.Own{URL: url}
	conn, err := own.Open(context.Background(), "")
	if err != nil {
		return "", err // without the URL: it may contain a password
	}
	s.UseTunnel(own)
	return conn.URL(), nil
}
