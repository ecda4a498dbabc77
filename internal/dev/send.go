package dev

import (
	"context"
	"fmt"

	"hfhook/event"
	"hfhook/server"
)

// A Posting is a body to be sent to the session's own server.
type Posting struct {
	Path     string // of the webhook; empty: the session's
	Body     []byte
	Delivery string // Webhook-Id; empty: a new one
	Unsigned bool   // do not send the secret
}

// Send posts a synthetic event to the session's own server, as the Hub would: it is verified,
// stored and forwarded. It fails with *RefusedError if the server rejects it.
func (s *Session) Send(ctx context.Context, p Posting) (event.ID, error) {
	if p.Path == "" {
		p.Path = s.opts.Path
	}
	if p.Delivery == "" {
		p.Delivery = event.NewDeliveryID()
	}
	secret := s.presentSecret()
	if p.Unsigned {
		secret = server.Secret{}
	}
	return Post(ctx, s.localBase()+p.Path, secret, p.Body, p.Delivery)
}

// A RefusedError has the server's answer to an event that it rejected.
type RefusedError struct {
	URL    string
	Status int    // of the answer
	Text   string // the status in words, for example "401 Unauthorized"
	Answer string // the body
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s answered %s: %s", e.URL, e.Text, e.Answer)
}
