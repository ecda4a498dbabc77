package delivery

// Where a handler may be that is not where it was looked for.

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"hfhook/event"
)

const (
	hintWithin = time.Second      // for one look
	hintEvery  = 10 * time.Second // between two looks for one target
	hintRead   = 512 << 10        // bytes of a page
)

// commonPorts are those that handlers have: Gradio's, uvicorn's and Django's, that of
// proxies, Node's, Flask's.
var commonPorts = []string{"7860", "8000", "8080", "3000", "5000"}

// Listening returns those of the ports that handlers commonly have on this machine which
// take connections, less those that are excepted. It takes no longer than a moment.
func Listening(ctx context.Context, except ...string) []string {
	ctx, cancel := context.WithTimeout(ctx, hintWithin)
	defer cancel()
	open := make([]bool, len(commonPorts))
	var wg sync.WaitGroup
	for i, port := range commonPorts {
		if slices.Contains(except, port) {
			continue
		}
		wg.Go(func() {
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
			if err == nil {
				open[i] = true
				_ = conn.Close()
			}
		})
	}
	wg.Wait()
	var ports []string
	for i, port := range commonPorts {
		if open[i] {
			ports = append(ports, port)
		}
	}
	return ports
}

// webhookPath finds the webhooks of a handler in what it says of itself: in the
// description of a FastAPI app, or on the page that huggingface_hub's WebhooksServer and
// hfhook's own server show. A name is as in /webhooks/say_hello.
var webhookPath = regexp.MustCompile(`/webhooks/[A-Za-z0-9_][A-Za-z0-9_.-]*`)

// Webhooks returns the paths of the webhooks that a handler at base says it has, as in
// http://127.0.0.1:8000; none where it says nothing of the kind.
func Webhooks(ctx context.Context, base string) []string {
	ctx, cancel := context.WithTimeout(ctx, hintWithin)
	defer cancel()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DialContext: dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, page := range []string{"/openapi.json", "/"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+page, nil)
		if err != nil {
			return nil
		}
		req.Header.Set("User-Agent", "hfhook")
		resp, err := client.Do(req)
		if err != nil {
			return nil
		}
		text, _ := io.ReadAll(io.LimitReader(resp.Body, hintRead))
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			continue
		}
		var paths []string
		for _, path := range webhookPath.FindAll(text, 20) {
			paths = append(paths, strings.TrimRight(string(path), ".-"))
		}
		slices.Sort(paths)
		if paths = slices.Compact(paths); len(paths) > 0 {
			return paths
		}
	}
	return nil
}

// look finds a hint after an attempt that failed, beside the queue.
func (q *queue) look(ctx context.Context, d *event.Delivery, f fate) {
	t := q.target
	if hint := d.Advice(); f == ended && hint != "" {
		q.change(func() { q.state.Hint = hint })
		return
	}
	missed := f == ended && (d.Status == http.StatusNotFound || d.Status == http.StatusMethodNotAllowed)
	if t.Command != nil || !t.Loopback() || f != refused && !missed || !q.mayLook() {
		return
	}
	q.hints.Go(func() {
		hint := ""
		if f == refused {
			hint = portHint(Listening(ctx, q.out.opts.OwnPort, t.URL.Port()))
		} else if u, err := url.Parse(d.URL); err == nil {
			hint = pathHint(Webhooks(ctx, t.URL.Scheme+"://"+t.URL.Host), u.Path)
		}
		q.change(func() {
			if q.state.Health != Healthy { // else it has answered meanwhile
				q.state.Hint = hint
			}
		})
	})
}

func portHint(ports []string) string {
	switch len(ports) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("port %s takes connections: is your handler there?", ports[0])
	}
	last := len(ports) - 1
	return fmt.Sprintf("ports %s and %s take connections: is your handler there?", strings.Join(ports[:last], ", "), ports[last])
}

// pathHint says which webhooks a handler has that has none at path.
func pathHint(paths []string, path string) string {
	if len(paths) == 0 || slices.Contains(paths, path) {
		return ""
	}
	return fmt.Sprintf("it has no webhook at %s, but at %s: that is where the Hub is to send (--path)", path, strings.Join(paths, ", "))
}

// mayLook tells whether it is time for another look.
func (q *queue) mayLook() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hinted.IsZero() && time.Since(q.hinted) < hintEvery {
		return false
	}
	q.hinted = time.Now()
	return true
}
