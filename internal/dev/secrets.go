package dev

import (
	"fmt"

	"hfhook/server"
)

// AcceptSecrets changes the secrets that the Hub's events may have, the present one
// first, while the session runs: that is the one that webhooks on the Hub get from then
// on. Handlers were started with the secret that there was, and get that one still. A
// session that verifies nothing goes on so.
func (s *Session) AcceptSecrets(secrets ...server.Secret) error {
	if len(s.opts.Secrets) == 0 {
		return nil
	}
	if err := s.server.SetSecrets(secrets...); err != nil {
		return fmt.Errorf("take another secret: %w", err)
	}
	s.secrets.Store(&secrets)
	if s.opts.Hub != nil {
		s.opts.Hub.SetSecret(secrets[0])
	}
	s.change()
	return nil
}

// presentSecret is the one that the Hub is to have; zero where nothing is verified.
func (s *Session) presentSecret() server.Secret {
	if secrets := *s.secrets.Load(); len(secrets) > 0 {
		return secrets[0]
	}
	return server.Secret{}
}
