// Package ngroktest is ngrok's service on loopback, as far as an agent can tell: it
// takes sessions, gives out public URLs, and its edge passes requests on to the
// agents. The real SDK, unmodified, runs against it, and so does a whole program
// that reads ngrok's configuration file and probes its public URL:
//
//	s, err := ngroktest.New(ngroktest.Options{})
//	ca, err := s.CAFile(dir)
//	// ngrok.yml:   agent: {authtoken: any_token, connect_url: s.ConnectURL(), connect_cas: ca}
//	// environment: SSL_CERT_FILE=ca
//
// No DNS is needed: an agent that asks for no particular URL gets EdgeURL, which is
// https://localhost with the edge's port. For another URL, requests have to be sent
// by Client, which takes every host to the edge.
//
// What the service says is taken from what the SDK expects and from ngrok's list of
// errors, https://ngrok.com/docs/errors, not from captures.
package ngroktest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Options are how the service begins. The zero value is a service that takes every
// agent.
type Options struct {
	Authtokens []string // the accepted ones; none: every authtoken that is not empty
	PublicURL  string   // for an agent that asks for none; empty: EdgeURL
	Sessions   int      // at once; 0: any number
}

// A Service is a running fake. Its methods may be called by several goroutines at
// once, also while agents are connected.
type Service struct {
	opts    Options
	ca      *authority
	control net.Listener
	public  net.Listener
	edge    *http.Server
	client  *http.Client
	wg      sync.WaitGroup

	mu       sync.Mutex // for all below
	hooks    hooks
	closing  bool
	sessions map[*session]struct{}
	online   map[string]*endpoint // by the host of their URL
	auths    []Auth
	binds    int
	last     int // number of the last id given out
}

// New starts a service. Close ends it.
func New(opts Options) (*Service, error) {
	ca, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("make a certificate authority: %w", err)
	}
	s := &Service{
		opts:     opts,
		ca:       ca,
		sessions: make(map[*session]struct{}),
		online:   make(map[string]*endpoint),
	}
	s.hooks.authtokens = opts.Authtokens
	if s.control, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listen for agents: %w", err)
	}
	if s.public, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for the public: %w", err), s.control.Close())
	}
	if s.opts.PublicURL == "" {
		s.opts.PublicURL = s.EdgeURL()
	}
	s.edge = &http.Server{
		Handler:   http.HandlerFunc(s.serveEdge),
		TLSConfig: &tls.Config{GetCertificate: ca.certificate},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	s.client = s.newClient()
	s.wg.Go(func() { _ = s.edge.ServeTLS(s.public, "", "") })
	s.wg.Go(s.acceptAgents)
	return s, nil
}

// Start starts a service that ends with the test.
func Start(t testing.TB, opts Options) *Service {
	t.Helper()
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Close ends the service and all its connections, and waits for its goroutines.
func (s *Service) Close() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	_ = s.control.Close()
	s.Cut()
	_ = s.edge.Close()
	s.client.CloseIdleConnections()
	s.wg.Wait()
}

// ConnectURL is where agents connect, as host:port.
func (s *Service) ConnectURL() string { return s.control.Addr().String() }

// EdgeURL is a public URL that needs no DNS, https://localhost with a port.
func (s *Service) EdgeURL() string {
	_, port, _ := net.SplitHostPort(s.public.Addr().String())
	return "https://localhost:" + port
}

// CAs are what agents and clients have to trust.
func (s *Service) CAs() *x509.CertPool { return s.ca.pool }

// CAFile writes the certificate of CAs into dir, in PEM form, and returns its path.
func (s *Service) CAFile(dir string) (string, error) {
	path := filepath.Join(dir, "ngroktest-ca.pem")
	if err := os.WriteFile(path, s.ca.pem, 0o600); err != nil {
		return "", fmt.Errorf("write the certificate: %w", err)
	}
	return path, nil
}

// Client sends requests for every https URL to the edge, as if they had come from
// the Internet.
func (s *Service) Client() *http.Client { return s.client }

// Auths returns what agents have said of themselves, the oldest first.
func (s *Service) Auths() []Auth {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.auths)
}

// Binds returns how often agents have asked for a URL, refused or not.
func (s *Service) Binds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.binds
}

// Online returns the public URLs that an agent serves, sorted.
func (s *Service) Online() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var urls []string
	for _, e := range s.online {
		urls = append(urls, e.url)
	}
	slices.Sort(urls)
	return urls
}

// newID makes an id like the service's. The caller holds s.mu.
func (s *Service) newID(kind string) string {
	s.last++
	return fmt.Sprintf("%s_%06d", kind, s.last)
}

// text lays a message out as the service does: with line ends of its own and the
// code at the end.
func text(code int, lines ...string) string {
	return strings.Join(append(lines, "", fmt.Sprintf("ERR_NGROK_%d", code), ""), "\r\n")
}
