package dev

import (
	"context"
	"errors"

	"hfhook/tunnel"
)

// ErrNoTunnel: the session was started without a tunnel.
var ErrNoTunnel = errors.New("this session has no tunnel: start hfhook with --tunnel or --url")

// UseURL goes on with a public URL that the user has brought, in place of the tunnel:
// another program forwards it to the local address. It fails where that can be no URL;
// whether it points here, the tunnel's state tells, by the URL that is returned.
func (s *Session) UseURL(url string) (string, error) {
	if s.tunnel == nil {
		return "", ErrNoTunnel
	}
	own := tunnel.Own{URL: url}
	conn, err := own.Open(context.Background(), "")
	if err != nil {
		return "", err // which does not repeat the URL: it may hold a password
	}
	s.tunnel.Use(own)
	return conn.URL(), nil
}
