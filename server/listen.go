package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/time/rate"

	"hfhook/event"
)

// Limits of the listeners. The Hub sends at most 1,000 events a day for a webhook,
// so those of the public side are far above what it needs and far below what could
// hurt.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10 // bytes
	drainTimeout  = 5 * time.Second

	localConns  = 1024
	tunnelConns = 256
	tunnelRate  = 500  // requests a second
	tunnelBurst = 1000 // requests
)

// ServeLocal serves a listener of this machine until ctx ends, then answers the
// requests under way, for at most five seconds, and returns nil. Besides what
// ServeHTTP answers there is GET /healthz.
func (s *Server) ServeLocal(ctx context.Context, ln net.Listener) error {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" && r.Method == http.MethodGet && s.ownHost(r) {
			writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
			return
		}
		s.ServeHTTP(w, r)
	})
	return s.serve(ctx, netutil.LimitListener(ln, s.opts.MaxConns), handler)
}

// ServeTunnel serves the listener of a tunnel, which strangers reach: with fewer
// connections and a limit on the rate. It returns once ln is closed, or ctx ends,
// and the requests under way are answered.
func (s *Server) ServeTunnel(ctx context.Context, ln net.Listener) error {
	limit := rate.NewLimiter(tunnelRate, tunnelBurst)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), tunnelKey{}, true))
		if !limit.Allow() {
			s.reject(w, r, refusal{status: http.StatusTooManyRequests, reason: event.RateLimited, retry: 1,
				body: errorAnswer{"Too many requests."}}, r.ContentLength)
			return
		}
		s.ServeHTTP(w, r)
	})
	return s.serve(ctx, netutil.LimitListener(ln, tunnelConns), handler)
}

func (s *Server) serve(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      max(writeTimeout, readTimeout+s.opts.Timeout+drainTimeout),
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if srv.Shutdown(drain) != nil {
		_ = srv.Close()
	}
	if err == nil {
		err = <-served
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

type tunnelKey struct{}

// throughTunnel tells whether a request came in by ServeTunnel.
func throughTunnel(ctx context.Context) bool {
	through, _ := ctx.Value(tunnelKey{}).(bool)
	return through
}

// ownHost tells whether a request was meant for this server. A page in a browser
// whose own name was pointed at this machine is not: a name can be bound to
// another address, an address can not.
func (s *Server) ownHost(r *http.Request) bool {
	if throughTunnel(r.Context()) {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if s.opts.URLs == nil {
		return true
	}
	for _, own := range s.opts.URLs() {
		if u, err := url.Parse(own); err == nil && strings.EqualFold(u.Hostname(), host) {
			return true
		}
	}
	return false
}
