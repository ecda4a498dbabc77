package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/neterr"
	"hfhook/payload/sample"
	"hfhook/server"
)

// ErrNoServer is returned by Post if nothing listens at the address.
var ErrNoServer = errors.New("no hfhook dev is running there")

// Trigger makes a synthetic event and sends it to the session's own server, so that
// it is verified, stored and forwarded like one from the Hub. name is one of
// Kinds, for example discussion.comment/create.
func (s *Session) Trigger(ctx context.Context, name string) (*event.Event, error) {
	return s.TriggerAs(ctx, name, sample.Options{})
}

// TriggerAs is like Trigger, for an event with these options.
func (s *Session) TriggerAs(ctx context.Context, name string, opts sample.Options) (*event.Event, error) {
	body, err := sample.New(name, opts)
	if err != nil {
		return nil, err
	}
	id, err := s.Send(ctx, Posting{Body: body})
	if err != nil {
		return nil, fmt.Errorf("trigger %s: %w", name, err)
	}
	return s.store.Event(ctx, id)
}

// Kinds returns the names that Trigger accepts, in the order of a menu.
func (s *Session) Kinds() []string { return sample.Names() }

// Post sends a synthetic event to the webhook at url, as the Hub sends a real one, and returns
// the event's id. delivery is its Webhook-Id. It fails with ErrNoServer if nothing listens
// there, and with *RefusedError if the server rejects the event.
func Post(ctx context.Context, url string, secret server.Secret, body []byte, delivery string) (event.ID, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second+mostAckDelay)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "hfhook")
	req.Header.Set("Webhook-Id", delivery)
	req.Header.Set(originHeader, string(event.Synthetic))
	if !secret.IsZero() {
		req.Header.Set("X-Webhook-Secret", secret.Reveal())
	}
	client := &http.Client{
		// Requests within this machine use no proxy.
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		if neterr.Refused(err) {
			return "", fmt.Errorf("%w: nothing is listening at %s", ErrNoServer, url)
		}
		return "", fmt.Errorf("post to %s: %w", url, neterr.Plain(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return "", fmt.Errorf("read the answer of %s: %w", url, neterr.Plain(err))
	}
	if id := resp.Header.Get(storedHeader); id != "" {
		return event.ID(id), nil // whatever the Hub would have been told
	}
	var stored struct {
		ID event.ID `json:"id"`
	}
	if resp.StatusCode != http.StatusOK || json.Unmarshal(answer, &stored) != nil || stored.ID == "" {
		return "", &RefusedError{URL: url, Status: resp.StatusCode, Text: resp.Status, Answer: strings.TrimSpace(string(answer))}
	}
	return stored.ID, nil
}
