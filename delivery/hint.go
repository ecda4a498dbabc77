package delivery

// Hints about where a handler may be if it is not at the configured address.

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/port"
	"hfhook/internal/routes"
)

const (
	hintWithin = time.Second      // for one query
	hintEvery  = 10 * time.Second // between two looks for one target
)

// Routes is what hfhook knows about the paths of a handler that has rejected one.
type Routes struct {
	Sent   string   // the path that was sent to; empty: nothing was sent yet
	Status int      // 404 or 405: the answer to that
	Found  []string // paths for which the handler says it accepts POST, sorted; empty: unknown
}

// Text says what is wrong with the path, without a full stop; empty: nothing is known to be
// wrong.
func (r *Routes) Text() string {
	if r == nil || r.Sent == "" {
		return ""
	}
	if len(r.Found) == 0 {
		return fmt.Sprintf("%d: your handler has no POST %s, and does not say which paths it has", r.Status, r.Sent)
	}
	return fmt.Sprintf("%d: your handler has POST %s, hfhook sent POST %s", r.Status, listed(r.Found), r.Sent)
}

// hint returns the text, and what to do on a command line.
func (r *Routes) hint(t Target) string {
	text := r.Text()
	if text == "" {
		return ""
	}
	path := "/PATH"
	if len(r.Found) > 0 {
		path = r.Found[0]
	}
	if t, err := t.At(path); err == nil {
		return text + ". Use " + t.address() + " as the target"
	}
	return text
}

// listed joins names for a sentence.
func listed(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// handler returns the handler of a target, to ask for its paths.
func (s *sender) handler(t Target) routes.Handler {
	h := routes.Handler{
		Client: &http.Client{
			Transport:     &http.Transport{DisableKeepAlives: true, DialContext: s.local.dialAddress, TLSClientConfig: &tls.Config{InsecureSkipVerify: t.Insecure && t.Loopback()}},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Base: t.URL,
	}
	if t.Bare {
		h.Change = dialAsLocalhost
	}
	return h
}

// look finds a hint after an attempt that failed, concurrently with the queue.
func (q *queue) look(d *event.Delivery, f result) {
	t := q.target
	if hint := d.Advice(); f == ended && hint != "" {
		q.change(func() { q.state.Hint = hint })
		return
	}
	if through := q.out.sender.proxyHint(t); f == ended && d.Status != 0 && !d.OK() && through != "" {
		q.change(func() { q.state.Hint = through })
		return
	}
	if t.Command != nil {
		return
	}
	if f == ended && (d.Status == http.StatusUnauthorized || d.Status == http.StatusForbidden) {
		if _, ok := q.out.opts.Secret(q.target.Name); ok {
			q.change(func() {
				if q.state.Right == 0 { // else the handler has accepted this secret before
					q.state.Hint = fmt.Sprintf("%d: your handler may expect another secret; if so, start hfhook with it: WEBHOOK_SECRET=… hfhook dev", d.Status)
				}
			})
		}
		return
	}
	if f == ended && (d.Status == http.StatusNotFound || d.Status == http.StatusMethodNotAllowed) {
		q.lookForRoute(d)
		return
	}
	if f != refused || !t.Loopback() || !q.mayLook() {
		return
	}
	q.inBackground(func(context.Context) {
		hint := q.out.sender.local.portHint(t, q.out.opts.OwnPort)
		q.change(func() {
			if q.state.Health != Healthy { // else it has answered meanwhile
				q.state.Hint = hint
			}
		})
	})
}

// inBackground looks for a hint until the queue ends.
func (q *queue) inBackground(look func(context.Context)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.over {
		q.hints.Go(func() { look(q.life) })
	}
}

// lookForRoute finds out which paths a handler has after it has rejected one.
func (q *queue) lookForRoute(d *event.Delivery) {
	t := q.target
	u, err := url.Parse(d.URL)
	if err != nil || !q.mayLook() {
		return
	}
	found := &Routes{Sent: u.EscapedPath(), Status: d.Status}
	q.inBackground(func(ctx context.Context) {
		if q.out.sender.proxyOf(t) == nil { // else the proxy would be asked
			found.Found = q.out.sender.handler(t).Find(ctx, found.Sent)
		}
		if slices.Contains(found.Found, found.Sent) || ctx.Err() != nil {
			return // the path is right, and the answer is about something else
		}
		q.change(func() {
			if q.state.Health != Healthy {
				q.state.Routes, q.state.Hint = found, found.hint(t)
			}
		})
	})
}

// Learn finds out which paths the handler of a target has before anything was sent to it, if
// the target has no path of its own.
func (d *Dispatcher) Learn(ctx context.Context, name string) {
	for _, q := range d.list() {
		if t := q.target; t.Name != name || t.Command != nil || t.URL.Path != "" || d.sender.proxyOf(t) != nil || !describes(t) {
			continue
		}
		paths := d.sender.handler(q.target).Described(ctx)
		q.change(func() {
			if q.state.Routes == nil && q.state.Tried == 0 {
				q.state.Routes = &Routes{Found: paths}
			}
		})
	}
}

// undescribed are programs whose handlers have no description at /openapi.json of their own. One
// that reads every request as JSON could end itself over a GET.
var undescribed = []string{"node", "deno", "bun", "ruby", "puma", "php", "java"}

// describes reports whether the handler of a target may have a description.
func describes(t Target) bool {
	_, number, _ := net.SplitHostPort(t.Address())
	for _, s := range port.Services() {
		if s.Port == number {
			return !slices.ContainsFunc(undescribed, func(name string) bool { return strings.HasPrefix(strings.ToLower(s.Program), name) })
		}
	}
	return true
}

// portHint says where else a handler may listen. Nothing is sent there.
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

// mayLook reports whether enough time has passed for another look.
func (q *queue) mayLook() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hinted.IsZero() && time.Since(q.hinted) < hintEvery {
		return false
	}
	q.hinted = time.Now()
	return true
}
