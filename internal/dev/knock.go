package dev

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/neterr"
	"hfhook/server"
)

// ErrKnock: what answers at the public URL is not a hfhook that takes the secret.
var ErrKnock = errors.New("the way of an event is broken")

// knockAgent is how Knock calls itself.
const knockAgent = "hfhook knock"

// Knock goes the way of an event from the public URL of a hook to the server, with the
// secret, as the Hub does, and returns how long it took. The body is not a payload: a
// server that takes the secret says 422 to it, and stores nothing; a session does not
// show it among the rejected requests. ErrKnock says what was said instead.
func Knock(ctx context.Context, client *http.Client, url string, secret server.Secret) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte("{}")))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", knockAgent)
	if !secret.IsZero() {
		req.Header.Set(event.SecretHeader, secret.Reveal())
	}
	// Its redirects are not followed: they would take the secret along.
	knocking := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if client != nil {
		knocking.Transport = client.Transport
	}
	start := time.Now()
	resp, err := knocking.Do(req)
	if err != nil {
		return 0, fmt.Errorf("%w: no answer: %w", ErrKnock, neterr.Plain(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	took := time.Since(start)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%w: %w", ErrKnock, neterr.Plain(err))
	case resp.StatusCode == http.StatusUnprocessableEntity && strings.Contains(string(answer), `"detail"`):
		return took, nil
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden:
		return 0, fmt.Errorf("%w: what answers at %s wants another secret (%s)", ErrKnock, url, resp.Status)
	default:
		return 0, fmt.Errorf("%w: no hfhook answers at %s, but something that says %s", ErrKnock, url, resp.Status)
	}
}

// Knock is the package's, for the session's own public URL.
func (s *Session) Knock(ctx context.Context) (time.Duration, error) {
	st := s.State()
	if st.HookURL == "" {
		return 0, fmt.Errorf("%w: there is no public URL", ErrKnock)
	}
	return Knock(ctx, s.opts.ProbeClient, st.HookURL, s.presentSecret())
}

// knocked reports whether a request that was refused has come by Knock: from somebody who
// has the secret.
func knocked(no *event.Rejected) bool {
	return no.UserAgent == knockAgent && no.Reason == event.BadPayload
}
