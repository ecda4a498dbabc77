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
	"time"

	"hfhook/event"
	"hfhook/internal/port"
)

const (
	hintWithin = time.Second      // for one look
	hintEvery  = 10 * time.Second // between two looks for one target
	hintRead   = 512 << 10        // bytes of a page
)

// webhookPath finds the webhooks of a handler in what it says of itself: in the
// description of a FastAPI app, or on the page that huggingface_hub's WebhooksServer and
// hfhook's own server show. A name is as in /webhooks/say_hello.
var webhookPath = regexp.MustCompile(`/webhooks/[A-Za-z0-9_][A-Za-z0-9_.-]*`)

// webhooks returns the paths of the webhooks that a handler on this machine says it has; none
// if it says nothing of the kind.
func (l *localDialer) webhooks(ctx context.Context, t Target) []string {
	ctx, cancel := context.WithTimeout(ctx, hintWithin)
	defer cancel()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DialContext: l.dialAddress},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, page := range []string{"/openapi.json", "/"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.URL.Scheme+"://"+t.URL.Host+page, nil)
		if err != nil {
			return nil
		}
		if t.Bare {
			dialAsLocalhost(req)
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
func (q *queue) look(ctx context.Context, d *event.Delivery, f result) {
	t := q.target
	if hint := d.Advice(); f == ended && hint != "" {
		q.change(func() { q.state.Hint = hint })
		return
	}
	if through := q.out.sender.proxyHint(t); f == ended && d.Status != 0 && !d.OK() && through != "" {
		q.change(func() { q.state.Hint = through })
		return
	}
	missed := f == ended && (d.Status == http.StatusNotFound || d.Status == http.StatusMethodNotAllowed)
	if t.Command != nil || !t.Loopback() || f != refused && !missed || !q.mayLook() {
		return
	}
	q.hints.Go(func() {
		hint := ""
		if f == refused {
			hint = q.out.sender.local.portHint(t, q.out.opts.OwnPort)
		} else if u, err := url.Parse(d.URL); err == nil {
			hint = pathHint(q.out.sender.local.webhooks(ctx, t), u.Path)
		}
		q.change(func() {
			if q.state.Health != Healthy { // else it has answered meanwhile
				q.state.Hint = hint
			}
		})
	})
}

// portHint says where a handler may be that is not where it was looked for. Nothing is sent
// there.
func (l *localDialer) portHint(t Target, ownPort string) string {
	_, number, _ := net.SplitHostPort(t.Address())
	at := l.addresses(t)
	for _, address := range t.Addresses() {
		if !slices.Contains(at, address) && listens(address) {
			return fmt.Sprintf("something listens on %s, but your handler answered on %s before: use %s as the target, or restart hfhook", address, at[0], address)
		}
	}
	return listenHint(port.Services(ownPort, number))
}

func listens(address string) bool {
	_, ok := port.Listener(address)
	return ok
}

// mostListed is how many services a hint names.
const mostListed = 4

func listenHint(services []port.Service) string {
	var names []string
	for _, s := range services[:min(len(services), mostListed)] {
		names = append(names, s.String())
	}
	more := ""
	if n := len(services) - len(names); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) == 1:
		return fmt.Sprintf("port %s is listening: is your handler there?", names[0])
	case more == "":
		last := len(names) - 1
		return fmt.Sprintf("ports %s and %s are listening: is your handler there?", strings.Join(names[:last], ", "), names[last])
	}
	return fmt.Sprintf("ports %s%s are listening: is your handler there?", strings.Join(names, ", "), more)
}

// pathHint says which webhooks a handler has that has none at path.
func pathHint(paths []string, path string) string {
	if len(paths) == 0 || slices.Contains(paths, path) {
		return ""
	}
	return fmt.Sprintf("it has no webhook at %s, but one at %s: use --path and that URL on the Hub", path, strings.Join(paths, ", "))
}

// mayLook reports whether it is time for another look.
func (q *queue) mayLook() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hinted.IsZero() && time.Since(q.hinted) < hintEvery {
		return false
	}
	q.hinted = time.Now()
	return true
}
