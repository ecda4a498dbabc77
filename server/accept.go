package server

import (
	"errors"
	"slices"

	"hfhook/internal/redact"
)

// accepted are the secrets that requests may bring, the present one first, with what takes
// them out of texts.
type accepted struct {
	secrets []Secret
	redact  redact.Redactor
}

// SetSecrets changes the secrets that are accepted, the present one first, from the next
// request on: for a new one that is set on the Hub while the server runs. A server that
// verifies goes on doing so: it wants at least one.
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

// redactor takes the secrets out of texts that came with a request.
func (s *Server) redactor() redact.Redactor { return s.accepted.Load().redact }
