// Package tunneltest has, on this machine, what a tunnel without an account connects
// to: a real SSH server that forwards as localhost.run does, and the program
// cloudflared with the service behind it. Real providers, unmodified, run against
// them.
package tunneltest

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// An edge is where the public comes in: it ends TLS and passes requests on.
type edge struct {
	server *httptest.Server
	client *http.Client

	mu   sync.Mutex
	dial func(ctx context.Context, from string) (net.Conn, error) // nil: nobody is there
	host string                                                   // of the URL that leads there
}

type fromKey struct{}

var errNobody = errors.New("nobody serves this URL")

func newEdge() *edge {
	e := &edge{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", r.In.Host, r.In.Host
			r.SetXForwarded()
		},
		// Each request has a connection of its own, so that none outlives its tunnel.
		Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			e.mu.Lock()
			dial := e.dial
			e.mu.Unlock()
			if dial == nil {
				return nil, errNobody
			}
			from, _ := ctx.Value(fromKey{}).(string)
			return dial(ctx, from)
		}},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "no tunnel here :(", http.StatusBadGateway)
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	e.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		ours := r.Host == e.host
		e.mu.Unlock()
		if !ours {
			http.Error(w, "no tunnel here :(", http.StatusNotFound)
			return
		}
		proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), fromKey{}, r.RemoteAddr)))
	}))
	e.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	e.server.StartTLS()
	pool := e.server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	var dialer net.Dialer
	e.client = &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: pool, ServerName: "example.com"},
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", e.server.Listener.Addr().String())
		},
	}}
	return e
}

// lead has a public URL lead somewhere, and returns it. An empty host is the edge's own
// address, which needs no DNS.
func (e *edge) lead(host string, dial func(ctx context.Context, from string) (net.Conn, error)) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if host == "" {
		host = e.server.Listener.Addr().String()
	}
	e.host, e.dial = host, dial
	return "https://" + host
}

// away has the public URL lead nowhere.
func (e *edge) away() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dial = nil
}

// CAFile writes the certificate of the public side to a file in dir, for SSL_CERT_FILE,
// and returns its name.
func (e *edge) CAFile(dir string) (string, error) {
	path := filepath.Join(dir, "edge.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.server.Certificate().Raw})
	return path, os.WriteFile(path, text, 0o600)
}

// Client reaches every public URL.
func (e *edge) Client() *http.Client { return e.client }

func (e *edge) close() {
	e.client.CloseIdleConnections()
	e.server.CloseClientConnections()
	e.server.Close()
}

func word() string { return strings.ToLower(randomText()[:10]) }
