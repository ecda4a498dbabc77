package server

import (
	"errors"
	"slices"
)

// SetSecrets changes the secrets that are accepted, the present one first, from the next
// request on: for a new one that is set on the Hub while the server runs. A server that
// verifies goes on doing so: it wants at least one.
func (s *Server) SetSecrets(secrets ...Secret) error {
	if len(secrets) == 0 || slices.ContainsFunc(secrets, Secret.IsZero) {
		return errors.New("set the webhook secrets: there is none, or an empty one")
	}
	secrets = slices.Clone(secrets)
	s.accepted.Store(&secrets)
	return nil
}

func (s *Server) secrets() []Secret { return *s.accepted.Load() }
