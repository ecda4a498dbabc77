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

// ErrSelfTest means that the public URL is not answered by an hfhook that accepts the secret.
var ErrSelfTest = errors.New("the self-test failed")

// selfTestAgent is the User-Agent of SelfTest.
const selfTestAgent = "hfhook self-test"

// SelfTest sends a request to the public URL of a hook, with the secret, as the Hub does, and
// returns how long it took. The body is not a payload: a server that accepts the secret answers
// 422 and stores nothing; a session does not list the request as rejected. ErrSelfTest says
// what answered instead.
func SelfTest(ctx context.Context, client *http.Client, url string, secret server.Secret) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte("{}")))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", selfTestAgent)
	if !secret.IsZero() {
		req.Header.Set(event.SecretHeader, secret.Reveal())
	}
	// Redirects are not followed: they would take the secret along.
	probe := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if client != nil {
		probe.Transport = client.Transport
	}
	start := time.Now()
	resp, err := probe.Do(req)
	if err != nil {
		return 0, fmt.Errorf("%w: no answer: %w", ErrSelfTest, neterr.Plain(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	took := time.Since(start)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%w: %w", ErrSelfTest, neterr.Plain(err))
	case resp.StatusCode == http.StatusUnprocessableEntity && strings.Contains(string(answer), `"detail"`):
		return took, nil
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden:
		return 0, fmt.Errorf("%w: the server at %s expects another secret (%s)", ErrSelfTest, url, resp.Status)
	default:
		return 0, fmt.Errorf("%w: the server at %s is not hfhook: it answered %s", ErrSelfTest, url, resp.Status)
	}
}

// SelfTest tests the session's own public URL, see [SelfTest].
func (s *Session) SelfTest(ctx context.Context) (time.Duration, error) {
	st := s.State()
	if st.HookURL == "" {
		return 0, fmt.Errorf("%w: there is no public URL", ErrSelfTest)
	}
	return SelfTest(ctx, s.opts.ProbeClient, st.HookURL, s.presentSecret())
}

// isSelfTest reports whether a rejected request came from SelfTest, that is from a client that
// has the secret.
func isSelfTest(no *event.Rejected) bool {
	return no.UserAgent == selfTestAgent && no.Reason == event.BadPayload
}
