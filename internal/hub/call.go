package hub

// One call: its limits, its retries, and its result.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"strconv"
	"time"

	"hfhook/internal/neterr"
)

const (
	timeLimit = 10 * time.Second // for one try, as huggingface_hub has it
	maxTries  = 4
	maxWait   = 30 * time.Second // longer, and the caller is told instead
	firstWait = 500 * time.Millisecond
	maxAnswer = 16 << 20 // bytes
)

// A call is one request to the API.
type call struct {
	client *Client
	doing  string
	method string
	path   string
	body   any      // nil: none
	one    bool     // it is about one webhook, so that 404 means this one
	again  bool     // carrying it out twice is as good as once
	hidden []string // of the body, to be kept out of errors
}

// changes reports whether it matters if a call without an answer was carried out.
func (c *call) changes() bool { return c.method != http.MethodGet }

// do makes the call, retries it if the Hub asks to wait or fails, and decodes the answer into
// result. It returns the number of tries.
func (c *call) do(ctx context.Context, result any) (tries int, err error) {
	switch {
	case c.client.offline:
		return 0, fmt.Errorf("%s: %w", c.doing, ErrOffline)
	case c.client.token.IsZero():
		if c.client.noStored {
			return 0, fmt.Errorf("%s: HF_HUB_DISABLE_IMPLICIT_TOKEN is set, so stored tokens are ignored: %w", c.doing, ErrNoToken)
		}
		return 0, fmt.Errorf("%s: %w", c.doing, ErrNoToken)
	}
	var body []byte
	if c.body != nil {
		if body, err = json.Marshal(c.body); err != nil {
			return 0, fmt.Errorf("%s: %w", c.doing, err)
		}
	}
	pause := firstWait
	for tries = 1; ; tries++ {
		err := c.try(ctx, body, result)
		refused := (*Error)(nil)
		if !errors.As(err, &refused) || tries == maxTries {
			return tries, err
		}
		if refused.Status != http.StatusTooManyRequests && (refused.Status < 500 || !c.again) {
			return tries, err
		}
		rest := refused.Wait
		if rest == 0 {
			rest = pause + rand.N(pause/2)
			pause *= 2
		}
		if rest > maxWait {
			return tries, err
		}
		if c.client.waiting != nil {
			c.client.waiting(rest, err)
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return tries, fmt.Errorf("%s: %w", c.doing, context.Cause(ctx))
		}
	}
}

// try makes the call once.
func (c *call) try(ctx context.Context, body []byte, result any) error {
	tryCtx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	sent := false
	tryCtx = httptrace.WithClientTrace(tryCtx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent = true }})
	req, err := http.NewRequestWithContext(tryCtx, c.method, c.client.endpoint+c.path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", c.doing, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.client.token.reveal())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.client.userAgent)
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	// The transport follows no redirects, so that the token never leaves the host, and no POST
	// becomes a GET.
	resp, err := c.client.transport.RoundTrip(req)
	if err != nil {
		return c.lost(ctx, tryCtx, sent, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return c.lost(ctx, tryCtx, sent, err)
	case len(answer) > maxAnswer:
		return c.notHub(resp.StatusCode, fmt.Sprintf("it is larger than %d bytes", maxAnswer))
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return c.refusal(resp, answer)
	case isHTML(resp.Header, answer):
		return c.notHub(resp.StatusCode, "it is an HTML page")
	case result == nil:
		return nil
	}
	if err := json.Unmarshal(answer, result); err != nil {
		// A decoder's message can quote what it read.
		return c.notHub(resp.StatusCode, c.clean(neterr.Words(err)))
	}
	return nil
}

// lost returns the error of a request without a complete answer; sent reports whether there was
// a connection for it.
func (c *call) lost(ctx, tryCtx context.Context, sent bool, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", c.doing, context.Cause(ctx))
	}
	kind := ErrUnreachable
	if sent && c.changes() {
		kind = ErrUncertain
	}
	if tryCtx.Err() != nil {
		return fmt.Errorf("%s: no complete answer from %s within %s: %w", c.doing, c.client.endpoint, timeLimit, kind)
	}
	return fmt.Errorf("%s: %w: %s: %s", c.doing, kind, c.client.endpoint, c.clean(neterr.Words(err)))
}

// untilReset is the time of RateLimit, in seconds, as the IETF draft and
// https://huggingface.co/docs/hub/rate-limits have it: "api";r=0;t=55.
var untilReset = regexp.MustCompile(`(?:^|;)\s*t\s*=\s*(\d+)`)

// wait returns how long the Hub asks to wait, by Retry-After, in seconds or as a date, else by
// RateLimit; 0 if it does not say.
func wait(h http.Header, now time.Time) time.Duration {
	after := h.Get("Retry-After")
	if when, err := http.ParseTime(after); err == nil {
		return max(0, when.Sub(now))
	}
	if after == "" {
		if m := untilReset.FindStringSubmatch(h.Get("RateLimit")); m != nil {
			after = m[1]
		}
	}
	seconds, err := strconv.ParseUint(after, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
