package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"hfhook/event"
	"hfhook/internal/plainerr"
	"hfhook/payload"
)

// ErrGone is returned by Dial where the hfhook dev of a note runs no longer.
var ErrGone = errors.New("this hfhook dev is not running any more")

// ErrLayout is returned where the two sides do not speak the same version of the API.
var ErrLayout = errors.New("the running hfhook dev is of another version")

// A Client asks a running hfhook dev. Its methods may be called by several goroutines at once.
type Client struct {
	Note
	http  *http.Client
	first chan net.Conn // has the connection of Dial until a request takes it
}

// Dial connects to the hfhook dev of a note in a directory. ErrGone: it is not running any more,
// and what it has left was removed.
func Dial(ctx context.Context, dir string, n Note) (*Client, error) {
	conn, err := dial(ctx, n.Socket)
	if err != nil {
		if dead(err) {
			n.forget(dir)
			return nil, ErrGone
		}
		return nil, fmt.Errorf("connect to the hfhook dev of %s: %w", n.Folder, plainerr.Wrap(err))
	}
	first := make(chan net.Conn, 1)
	first <- conn
	transport := &http.Transport{
		MaxIdleConnsPerHost: maxIdle,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			select {
			case conn := <-first:
				return conn, nil
			default:
				return dial(ctx, n.Socket)
			}
		},
	}
	return &Client{n, &http.Client{Transport: transport}, first}, nil
}

const maxIdle = 64 // connections that wait for the next request

// Close closes idle connections.
func (c *Client) Close() {
	select {
	case conn := <-c.first:
		_ = conn.Close()
	default:
	}
	c.http.CloseIdleConnections()
}

// open sends a request. The error is an *Error if the other side answered with one.
func (c *Client) open(ctx context.Context, method, path string, query url.Values, body []byte) (*http.Response, error) {
	u := url.URL{Scheme: "http", Host: "hfhook", Path: path, RawQuery: query.Encode()}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("ask the hfhook dev of %s: %w", c.Folder, plainerr.Wrap(err))
	}
	if err := c.understands(resp); err != nil {
		return nil, errors.Join(err, resp.Body.Close())
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	answer := &Error{}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return nil, fmt.Errorf("read what the hfhook dev of %s answered (%s): %w", c.Folder, resp.Status, err)
	}
	return nil, answer
}

// understands refuses answers of another version of the API.
func (c *Client) understands(resp *http.Response) error {
	theirs, err := strconv.Atoi(resp.Header.Get(layoutHeader))
	version := resp.Header.Get(versionHeader)
	switch {
	case err != nil:
		return fmt.Errorf("%w: its answer has no %s: restart the hfhook dev of %s (process %d)", ErrLayout, layoutHeader, c.Folder, c.PID)
	case theirs < Layout:
		return fmt.Errorf("%w: it is hfhook %s, which is older than this one: restart the hfhook dev of %s (process %d)", ErrLayout, version, c.Folder, c.PID)
	case theirs > Layout:
		return fmt.Errorf("%w: it is hfhook %s, which is newer than this one: run this command with that hfhook", ErrLayout, version)
	}
	return nil
}

// call sends a request and decodes the answer. Both in and out may be nil.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	resp, err := c.open(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, resp.Body)
	} else {
		err = json.NewDecoder(resp.Body).Decode(out)
	}
	if err != nil {
		return fmt.Errorf("read the answer of the hfhook dev of %s: %w", c.Folder, plainerr.Wrap(err))
	}
	return nil
}

// State returns the state of the hfhook dev.
func (c *Client) State(ctx context.Context) (Running, error) {
	var st Running
	return st, c.call(ctx, http.MethodGet, "/state", nil, nil, &st)
}

// Send has a body sent to the webhook like the Hub does, with the secret of the hfhook dev unless
// unsigned is set. An empty path is its own, an empty delivery a new Webhook-Id.
func (c *Client) Send(ctx context.Context, path string, body []byte, delivery string, unsigned bool) (event.ID, error) {
	query := url.Values{}
	if path != "" {
		query.Set("path", path)
	}
	if delivery != "" {
		query.Set("delivery_id", delivery)
	}
	if unsigned {
		query.Set("unsigned", "true")
	}
	resp, err := c.open(ctx, http.MethodPost, "/send", query, body)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var sent Sent
	if err := json.NewDecoder(resp.Body).Decode(&sent); err != nil {
		return "", fmt.Errorf("read the answer of the hfhook dev of %s: %w", c.Folder, err)
	}
	return sent.ID, nil
}

// Replay has one attempt made and recorded.
func (c *Client) Replay(ctx context.Context, id event.ID, r Replay) (Replayed, error) {
	var made Replayed
	return made, c.call(ctx, http.MethodPost, "/events/"+string(id)+"/replay", nil, r, &made)
}

// Pause holds what comes for a target, or goes on; of all targets where name is empty.
func (c *Client) Pause(ctx context.Context, name string, paused bool) error {
	path := "/targets/resume"
	if paused {
		path = "/targets/pause"
	}
	return c.call(ctx, http.MethodPost, path, nil, target{name}, nil)
}

// Deliver has what is held for a target sent at once, and returns once nothing is held or the
// target takes no more.
func (c *Client) Deliver(ctx context.Context, name string) (Delivered, error) {
	var made Delivered
	return made, c.call(ctx, http.MethodPost, "/targets/deliver", nil, target{name}, &made)
}

// target is the body of a request about a target.
type target struct {
	Target string `json:"target"`
}

// Stop ends the hfhook dev. It returns once that has heard of it.
func (c *Client) Stop(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/stop", nil, nil, nil)
}

// StopReplays stops the replays that the hfhook dev makes.
func (c *Client) StopReplays(ctx context.Context) (Stopped, error) {
	var made Stopped
	return made, c.call(ctx, http.MethodPost, "/replays/stop", nil, nil, &made)
}

// RestartHandler restarts the handler that the hfhook dev runs.
func (c *Client) RestartHandler(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/handler/restart", nil, nil, nil)
}

// A Rejection is a request that was refused.
type Rejection struct {
	At     string          `json:"at"`
	Status int             `json:"status"`
	Reason event.Reason    `json:"reason"`
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Bytes  int64           `json:"bytes"`
	Detail string          `json:"detail"`
	Faults []payload.Fault `json:"faults,omitempty"` // of the body, with 422
}

// Rejected returns the rejected requests that the hfhook dev remembers, as lines of JSON, the newest
// last.
func (c *Client) Rejected(ctx context.Context) ([]json.RawMessage, error) {
	var made struct {
		Rejected []json.RawMessage `json:"rejected"`
	}
	return made.Rejected, c.call(ctx, http.MethodGet, "/rejected", nil, nil, &made)
}

// ForgetRejected has the rejected requests of a time forgotten, or all where at is empty.
func (c *Client) ForgetRejected(ctx context.Context, at string) error {
	ask := struct {
		At string `json:"at"`
	}{at}
	return c.call(ctx, http.MethodPost, "/rejected/forget", nil, ask, nil)
}

// Stream returns the lines of what happens from now on, of some parts or all. The reader closes it.
func (c *Client) Stream(ctx context.Context, filter string, only string) (io.ReadCloser, error) {
	query := url.Values{}
	if filter != "" {
		query.Set("filter", filter)
	}
	if only != "" {
		query.Set("only", only)
	}
	resp, err := c.open(ctx, http.MethodGet, "/stream", query, nil)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}
