package server

import (
	"errors"
	"slices"

	"hfhook/internal/redact"
)

// accepted are the accepted secrets, the present one first, with the redactor for them.
type accepted struct {
	secrets []Secret
	redact  redact.Redactor
}

// SetSecrets changes the accepted secrets, the present one first, from the next request on: for
// example while a new one is set on the Hub. A server that verifies continues to do so: it
// needs at least one secret.
func (s *Server) SetSecrets(secrets ...Secret) error {
	if len(secrets) == 0 || slices.ContainsFunc(secrets, Secret.IsZero) {
		return errors.New("set the webhook secrets: no secret, or an empty one")
	}
	s.accept(secrets)
	return nil
}

func (s *Server) accept(secrets []Secret) {
	secrets = slices.Clone(secrets)
	var texts []string
	for _, secret := range secrets {
		texts = append(texts, secret.Reveal())
	}
	for _, known := range s.inside.Known {
		texts = append(texts, known.Secret.Reveal())
	}
	s.accepted.Store(&accepted{secrets: secrets, redact: redact.New(texts...)})
}

func (s *Server) secrets() []Secret { return s.accepted.Load().secrets }

// redactor removes the secrets from texts that came with a request.
func (s *Server) redactor() redact.Redactor { return s.accepted.Load().redact }
