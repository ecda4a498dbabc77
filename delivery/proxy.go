package delivery

// Proxies from the environment, through which targets on other machines are reached. A proxy
// may answer in place of the handler; messages then name it.

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// proxyOf returns the proxy for requests to a target, or nil.
func (s *sender) proxyOf(t Target) *url.URL {
	if t.URL == nil {
		return nil
	}
	proxy, _ := s.transport.Proxy(&http.Request{URL: t.URL}) // an invalid proxy makes the request fail, too
	return proxy
}

// proxyName names a proxy by its address and the variable that sets it, without its password.
func proxyName(proxy *url.URL, t Target) string {
	return fmt.Sprintf("the proxy %s (%s_PROXY)", proxy.Host, strings.ToUpper(t.URL.Scheme))
}

// proxyHint says that a failed answer came through a proxy. It is empty if there is no proxy.
func (s *sender) proxyHint(t Target) string {
	proxy := s.proxyOf(t)
	if proxy == nil {
		return ""
	}
	return fmt.Sprintf("the answer came through %s and may be the proxy's own; NO_PROXY=%s bypasses it", proxyName(proxy, t), t.URL.Hostname())
}

// Bypass says how to reach a target without its proxy; empty: it has none.
func (d *Dispatcher) Bypass(t Target) string {
	proxy := d.sender.proxyOf(t)
	if proxy == nil {
		return ""
	}
	return fmt.Sprintf("NO_PROXY=%s, which bypasses %s", t.URL.Hostname(), proxyName(proxy, t))
}

// An errProxy is the error of a proxy that does not connect to a target.
type errProxy struct {
	proxy  *url.URL
	status string
}

func (e *errProxy) Error() string { return e.proxy.Host + " answered " + e.status }

// onConnect looks at the answer of a proxy that was asked to connect.
func onConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &errProxy{proxy, resp.Status}
}
