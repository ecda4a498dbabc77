package dev

// The secrets that a running session accepts: those of the configuration, which may change, and
// one that was typed in.

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/redact"
	"hfhook/server"
)

// ErrOpen means that the session verifies nothing, so it has no secret.
var ErrOpen = errors.New("verification is off: start hfhook without --no-verify to use a secret")

// An accepting lists the secrets that requests may have.
type accepting struct {
	secrets []server.Secret // the present one first
	typed   bool            // the present one was typed or fixed here, and is not in the configuration
}

// AcceptSecrets changes the accepted secrets while the session runs, the present one first:
// webhooks on the Hub get that one from then on. Handlers were started with the secret of that
// time, and keep getting that one. A session that verifies nothing still verifies nothing.
func (s *Session) AcceptSecrets(secrets ...server.Secret) error {
	if len(s.opts.Secrets) == 0 {
		return nil
	}
	s.securing.Lock()
	defer s.securing.Unlock()
	if err := s.accept(accepting{secrets: secrets}); err != nil {
		return err
	}
	s.configured = slices.Clone(secrets)
	return nil
}

// TakeSecret makes a text the present secret while the session runs. The secrets of the
// configuration are still accepted, so that no event that has one of them is lost. The print is
// the one that Evidence has. The error says what is wrong with the text, without revealing it.
func (s *Session) TakeSecret(text string) (event.Print, error) {
	secret, err := server.ParseSecret(strings.TrimSpace(text)) // HTTP would drop the spaces
	if err != nil {
		return event.Print{}, err
	}
	return s.take(func(server.Secret) (server.Secret, error) { return secret, nil })
}

// GiveHandler makes a text the secret that a target gets from the next delivery on, and the
// present secret of the session. The previous one is still accepted, and other targets get the
// same as before. It fails like TakeSecret.
func (s *Session) GiveHandler(target, text string) (event.Print, error) {
	secret, err := server.ParseSecret(strings.TrimSpace(text))
	if err != nil {
		return event.Print{}, err
	}
	print := s.inside.Print(secret.Reveal())
	if now, ok := s.handlerSecret(target); ok && now == secret.Reveal() {
		return print, errors.New("that target gets this secret already: nothing was changed")
	}
	if !secret.Equal(s.presentSecret()) {
		if _, err := s.TakeSecret(text); err != nil {
			return print, err
		}
	}
	s.handlers.Store(target, secret)
	s.change()
	return print, nil
}

// HandlerSecret is the secret that was entered for a target, in this run or an earlier one; false
// if none was.
func (s *Session) HandlerSecret(target string) (server.Secret, bool) {
	given, ok := s.handlers.Load(target)
	if !ok {
		return server.Secret{}, false
	}
	return given.(server.Secret), true
}

// withHandlers adds the secrets that were entered for handlers, which the Hub's webhook may have,
// too.
func (s *Session) withHandlers(secrets []server.Secret) []server.Secret {
	if len(secrets) == 0 {
		return nil
	}
	all := slices.Clone(secrets)
	s.handlers.Range(func(_, given any) bool {
		if secret := given.(server.Secret); !slices.ContainsFunc(all, secret.Equal) {
			all = append(all, secret)
		}
		return true
	})
	return all
}

// FixSecret makes the present secret, changed as Evidence.Fix says, the present one, like
// TakeSecret.
func (s *Session) FixSecret(fix string) (event.Print, error) {
	return s.take(func(server.Secret) (server.Secret, error) {
		text, err := s.inside.Fixed(fix)
		if err != nil {
			return server.Secret{}, err
		}
		return server.ParseSecret(text)
	})
}

func (s *Session) take(next func(present server.Secret) (server.Secret, error)) (event.Print, error) {
	if len(s.opts.Secrets) == 0 {
		return event.Print{}, ErrOpen
	}
	s.securing.Lock()
	defer s.securing.Unlock()
	present := s.presentSecret()
	secret, err := next(present)
	if err != nil {
		return event.Print{}, err
	}
	if secret.Equal(present) {
		return event.Print{}, errors.New("that is already your secret: nothing was changed")
	}
	all := []server.Secret{secret}
	for _, old := range s.configured {
		if !old.Equal(secret) {
			all = append(all, old)
		}
	}
	// A secret of the configuration is not limited to this run.
	if err := s.accept(accepting{secrets: all, typed: !s.configured[0].Equal(secret)}); err != nil {
		return event.Print{}, err
	}
	s.log.Info("the webhook secret was changed on the screen", "characters", secret.Len())
	return s.inside.Print(secret.Reveal()), nil
}

// accept changes the accepted secrets, from the next request on.
func (s *Session) accept(a accepting) error {
	a.secrets = s.withHandlers(a.secrets)
	if err := s.server.SetSecrets(a.secrets...); err != nil {
		return fmt.Errorf("change the secret: %w", err)
	}
	s.secrets.Store(&a)
	s.redactTargets()
	s.rejected.forgive()
	s.noticeShort(a.secrets[0])
	if s.opts.Hub != nil {
		s.opts.Hub.SetSecret(a.secrets[0])
	}
	s.change()
	return nil
}

// redactor returns what removes accepted and known secrets from texts.
func (s *Session) redactor() redact.Redactor {
	var texts []string
	for _, secret := range s.secrets.Load().secrets {
		texts = append(texts, secret.Reveal())
	}
	for _, known := range s.opts.Known {
		texts = append(texts, known.Secret.Reveal())
	}
	return redact.New(texts...)
}

// redactTargets removes a new secret from what is shown of the targets.
func (s *Session) redactTargets() {
	s.targeting.Lock()
	defer s.targeting.Unlock()
	present, r := s.outbox.Targets(), s.redactor()
	var targets []delivery.Target
	changed := false
	for _, t := range present {
		redacted := t.Redacted(r)
		changed = changed || redacted.Where() != t.Where()
		targets = append(targets, redacted)
	}
	if changed {
		s.outbox.Set(targets)
		s.noteTargets()
	}
}

// parseTarget parses a target that a person has written.
func (s *Session) parseTarget(text string) (delivery.Target, error) {
	t, err := delivery.ParseTarget(text)
	if err != nil {
		return delivery.Target{}, err
	}
	return t.Redacted(s.redactor()), nil
}

// presentSecret returns the secret that the Hub should have; zero if nothing is verified.
func (s *Session) presentSecret() server.Secret {
	if secrets := s.secrets.Load().secrets; len(secrets) > 0 {
		return secrets[0]
	}
	return server.Secret{}
}
