package delivery

// A proxy of the environment, through which targets on other machines are reached. It may
// answer in the handler's place, and then it has to be named.

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// proxyOf is the proxy that requests to a target go through; nil: none.
func (s *sender) proxyOf(t Target) *url.URL {
	if t.URL == nil {
		return nil
	}
	proxy, _ := s.transport.Proxy(&http.Request{URL: t.URL}) // one that cannot be read fails the request, too
	return proxy
}

// proxyName names a proxy by its address and the variable that it comes from, without a
// password that may be in it.
func proxyName(proxy *url.URL, t Target) string {
	return fmt.Sprintf("the proxy %s (%s_PROXY)", proxy.Host, strings.ToUpper(t.URL.Scheme))
}

// proxyHint says of an answer that did not take the event that it came through a proxy.
// It is empty if there is none.
func (s *sender) proxyHint(t Target) string {
	proxy := s.proxyOf(t)
	if proxy == nil {
		return ""
	}
	return fmt.Sprintf("the answer came through %s and may be the proxy's own; NO_PROXY=%s bypasses it", proxyName(proxy, t), t.URL.Hostname())
}

// Bypass is how to reach a target without the proxy that it is reached through; empty: there
// is none.
func (d *Dispatcher) Bypass(t Target) string {
	proxy := d.sender.proxyOf(t)
	if proxy == nil {
		return ""
	}
	return fmt.Sprintf("NO_PROXY=%s, which bypasses %s", t.URL.Hostname(), proxyName(proxy, t))
}

// An errProxy is the refusal of a proxy to connect to a target.
type errProxy struct {
	proxy  *url.URL
	status string
}

func (e *errProxy) Error() string { return e.proxy.Host + " answered " + e.status }

// onConnect takes the answer of a proxy that was asked to connect.
func onConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &errProxy{proxy, resp.Status}
}
