// Package hub is a client of the Hub's webhook API: it lists, makes, changes and
// removes the webhooks of the user whose token it has. The calls and their bodies are
// those of https://huggingface.co/.well-known/openapi.json, tag "webhooks".
//
//	settings, err := hub.FindSettings(os.Getenv)
//	client, err := hub.New(settings, hub.Options{})
//	all, err := client.List(ctx)
package hub

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options are the settings of a Client besides [Settings].
type Options struct {
	UserAgent string // empty: hfhook
	// Waiting is called before a retry, with the wait and its reason.
	Waiting func(d time.Duration, because error)
	// Transport sends the requests; nil: one like http.DefaultTransport. It must
	// follow no redirects, as no http.Transport does.
	Transport http.RoundTripper
}

// A Client calls the API, for several goroutines at once. A call takes at most 10
// seconds a try. One that the Hub answers with 429 is made again, up to three times,
// after the time that the Hub asks for, if it is at most 30 seconds; so is one that is
// answered with 5xx, if carrying it out twice does no harm. The errors are those of
// this package, or the cause of the context's end.
type Client struct {
	endpoint  string
	token     Token
	offline   bool
	noStored  bool
	userAgent string
	waiting   func(time.Duration, error)
	transport http.RoundTripper
}

// New returns a Client. It fails if the endpoint is not a URL; it makes no request.
func New(s Settings, opts Options) (*Client, error) {
	c := &Client{endpoint: strings.TrimRight(s.Endpoint, "/"), token: s.Token, offline: s.Offline, noStored: s.NoStored, userAgent: opts.UserAgent, waiting: opts.Waiting, transport: opts.Transport}
	if c.endpoint == "" {
		c.endpoint = DefaultEndpoint
	}
	if _, err := parseEndpoint(c.endpoint); err != nil {
		return nil, fmt.Errorf("the Hub's endpoint: %w", err)
	}
	if c.userAgent == "" {
		c.userAgent = "hfhook"
	}
	if c.transport == nil {
		c.transport = http.DefaultTransport
	}
	return c, nil
}

const root = "/api/settings/webhooks"

// one is the answer of all calls that return a webhook.
type one struct {
	Webhook *Webhook `json:"webhook"`
}

// List returns all webhooks of the user.
func (c *Client) List(ctx context.Context) ([]Webhook, error) {
	var all []Webhook
	_, err := (&call{client: c, doing: "list the webhooks", method: http.MethodGet, path: root, again: true}).do(ctx, &all)
	return all, err
}

// Get returns one webhook.
func (c *Client) Get(ctx context.Context, id string) (*Webhook, error) {
	return c.one(ctx, &call{doing: "get the webhook " + id, method: http.MethodGet, path: path(id), one: true, again: true})
}

// Create creates a webhook, which is enabled.
func (c *Client) Create(ctx context.Context, s Spec) (*Webhook, error) {
	body := s.wire()
	return c.one(ctx, &call{doing: "create a webhook", method: http.MethodPost, path: root, body: body, hidden: body.secrets()})
}

// Update changes a webhook: it reads it, and posts all of it with the change, because the API
// has no other way. A change by somebody else in between is lost. The API does not say whether
// a secret that is not sent stays: HasSecret of the result shows it. It fails with
// ErrInlineJob.
func (c *Client) Update(ctx context.Context, id string, change Change) (*Webhook, error) {
	w, err := c.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	s := change.merge(w)
	if s.URL == "" && s.JobSourceID == "" {
		return nil, fmt.Errorf("update the webhook %s: %w", id, ErrInlineJob)
	}
	body := s.wire()
	return c.one(ctx, &call{doing: "update the webhook " + id, method: http.MethodPost, path: path(id), body: body, one: true, again: true, hidden: body.secrets()})
}

// Enable makes the Hub send events to a webhook, including a suspended one.
func (c *Client) Enable(ctx context.Context, id string) (*Webhook, error) {
	return c.one(ctx, &call{doing: "enable the webhook " + id, method: http.MethodPost, path: path(id, "enable"), one: true, again: true})
}

// Disable stops the Hub from sending events to a webhook.
func (c *Client) Disable(ctx context.Context, id string) (*Webhook, error) {
	return c.one(ctx, &call{doing: "disable the webhook " + id, method: http.MethodPost, path: path(id, "disable"), one: true, again: true})
}

// Delete deletes a webhook permanently.
func (c *Client) Delete(ctx context.Context, id string) error {
	del := &call{client: c, doing: "delete the webhook " + id, method: http.MethodDelete, path: path(id), one: true, again: true}
	tries, err := del.do(ctx, nil)
	if e, ok := err.(*Error); ok && e.kind == ErrNotFound && tries > 1 {
		return nil // an earlier try deleted it, and its answer was lost
	}
	return err
}

// Replay makes the Hub send a delivery again, to the webhook's present URL, and returns the
// HTTP status that the Hub got. The ids of deliveries are on the webhook's page on the Hub,
// /settings/webhooks/{id}/activity; no call gives them.
func (c *Client) Replay(ctx context.Context, id, delivery string) (status int, err error) {
	var answer struct {
		Status int `json:"status"`
	}
	_, err = (&call{client: c, doing: "replay the delivery " + delivery, method: http.MethodPost, path: path(id, "replay", delivery), one: true}).do(ctx, &answer)
	return answer.Status, err
}

// one makes a call whose answer is a webhook.
func (c *Client) one(ctx context.Context, request *call) (*Webhook, error) {
	request.client = c
	var answer one
	if _, err := request.do(ctx, &answer); err != nil {
		return nil, err
	}
	if answer.Webhook == nil {
		return nil, request.notHub(http.StatusOK, "the answer has no webhook")
	}
	return answer.Webhook, nil
}

// path returns the path of a webhook, or of something below it.
func path(parts ...string) string {
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return root + "/" + strings.Join(parts, "/")
}

// Activity returns the page on the Hub that shows a webhook's deliveries.
func (c *Client) Activity(id string) string {
	return c.endpoint + "/settings/webhooks/" + url.PathEscape(id) + "/activity"
}
