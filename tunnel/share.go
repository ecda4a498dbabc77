package tunnel

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A Sharing gives a server of package server a public URL while it serves, like Gradio's
// share=True: set it as Share in server.Options. The zero value is ready for use.
//
//	s, err := server.New(server.Options{Share: &tunnel.Sharing{}})
//
// Do not change it after it was used.
type Sharing struct {
	Provider Provider     // nil: what Usual returns
	Logger   *slog.Logger // nil: slog.Default()

	probe   probeHandler
	options func(*Options) // tests
}

// Usual returns the provider that works without further settings: ngrok if its authtoken is
// found, else SSH to localhost.run, which needs no account.
func Usual(env func(string) string, log *slog.Logger) Provider {
	settings := func() (NgrokSettings, error) { return FindNgrok(env) }
	if found, err := settings(); err != nil || !found.Authtoken.IsZero() {
		return &Ngrok{Settings: settings, Logger: log}
	}
	known := ""
	if dir, err := os.UserConfigDir(); err == nil {
		known = filepath.Join(dir, "hfhook", "known_hosts")
	}
	return &SSH{KnownHosts: known, Agent: env("SSH_AUTH_SOCK"), Logger: log}
}

// Share is called by the server.
func (s *Sharing) Share(ctx context.Context, serve func(context.Context, net.Listener) error, report func(url string, problem error)) error {
	log := s.Logger
	if log == nil {
		log = slog.Default()
	}
	provider := s.Provider
	if provider == nil {
		provider = Usual(os.Getenv, log)
	}
	opts := Options{Serve: serve, Logger: log, Report: func(st State) {
		switch {
		case st.Phase == Up:
			report(st.URL, nil)
		case st.Problem != nil:
			report("", explained{st.Problem})
		}
	}}
	if s.options != nil {
		s.options(&opts)
	}
	t := New(provider, opts)
	s.probe.set(t.ProbeHandler())
	defer s.probe.set(nil)
	return t.Run(ctx)
}

// ProbeHandler answers the probes of the tunnel while it runs.
func (s *Sharing) ProbeHandler() http.Handler { return &s.probe }

// explained is a Problem whose text has all details.
type explained struct{ *Problem }

func (e explained) Error() string {
	lines := slices.DeleteFunc([]string{e.Problem.Error(), e.Cause, e.Fix}, func(s string) bool { return s == "" })
	return strings.Join(lines, "\n  ")
}

func (e explained) Unwrap() error { return e.Problem }

// A probeHandler answers for the tunnel that runs, if there is one.
type probeHandler struct {
	mu      sync.Mutex
	handler http.Handler
}

func (p *probeHandler) set(h http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handler = h
}

func (p *probeHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	h := p.handler
	p.mu.Unlock()
	if h == nil {
		h = http.NotFoundHandler()
	}
	h.ServeHTTP(w, r)
}
