package dev

// The tunnel can be changed while the session runs.

import (
	"context"

	"hfhook/tunnel"
)

// UseTunnel goes on with another tunnel, now: requests that are under way through the present
// one are still answered. How it goes, the tunnel's state says.
func (s *Session) UseTunnel(p tunnel.Provider) { s.tunnel.Use(p) }

// UseURL goes on with a public URL that the user has brought, in place of the tunnel:
// another program forwards it to the local address. It returns the URL as the tunnel's state
// has it, which says whether it points here; the error says why a text is not a URL.
func (s *Session) UseURL(url string) (string, error) {
	own := tunnel.Own{URL: url}
	conn, err := own.Open(context.Background(), "")
	if err != nil {
		return "", err // which does not repeat the URL: it may hold a password
	}
	s.UseTunnel(own)
	return conn.URL(), nil
}
