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
	"sync/atomic"
	"time"

	"hfhook/event"
	"hfhook/internal/capture"
)

// Limits of the listeners. The Hub sends at most 1,000 events a day for a webhook, so those of
// the public side are far above what it needs and far below what could do harm.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10         // bytes
	defaultGrace  = 5 * time.Second  // see Options.Grace
	roomTimeout   = 20 * time.Second // for a large body, until there is memory for it

	maxConns = capture.MaxConns

	tunnelRate  = 500  // requests a second without the right secret
	tunnelBurst = 1000 // requests
)

// serveLocal serves a listener of this machine. In addition to ServeHTTP it answers GET
// /healthz.
//
// If the session has URLs, a request may come through a tunnel of another program: its Host is
// that of a public URL, or a proxy has added headers. It is then treated like one of
// serveTunnel: with a rate limit, and without /healthz.
func (s *Server) serveLocal(ctx context.Context, ln net.Listener) (cutOff int, err error) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" && r.Method == http.MethodGet && !fromInternet(r.Context()) && s.ownHost(r) {
			skipBody(w, r)
			writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
			return
		}
		s.ServeHTTP(w, r)
	})
	return s.serve(ctx, newConnLimiter(ln, s.opts.MaxConns, false, s.strangers()), handler)
}

// serveTunnel serves the listener of a tunnel, which strangers can reach.
func (s *Server) serveTunnel(ctx context.Context, ln net.Listener) (cutOff int, err error) {
	return s.serve(ctx, newConnLimiter(ln, maxConns, true, s.strangers()), s)
}

// serve serves a listener until ctx ends, and then answers the requests in progress within the
// grace. It returns how many were cut off after that.
func (s *Server) serve(ctx context.Context, ln *connLimiter, h http.Handler) (cutOff int, err error) {
	var inProgress atomic.Int64
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inProgress.Add(1)
			defer inProgress.Add(-1)
			s.classify(r, ln)
			if len(r.TransferEncoding) > 0 {
				// The request may also have had a Content-Length, which net/http drops
				// silently. A proxy that uses it takes a part of the body for the next request:
				// so the connection is closed.
				w.Header().Set("Connection", "close")
			}
			h.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      max(writeTimeout, roomTimeout+readTimeout+s.opts.Timeout+s.opts.Grace),
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       withConn,
		ConnState:         connState,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.Grace)
	defer cancel()
	ln.closeUnused()
	if srv.Shutdown(drain) != nil {
		cutOff = int(inProgress.Load())
		ln.stopLingering()
		_ = srv.Close()
	}
	if cutOff > 0 {
		s.log.Error("the server ended before all requests were answered", "cut_off", cutOff, "grace", s.opts.Grace)
	}
	if err == nil {
		err = <-served
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return cutOff, nil
	}
	return cutOff, err
}

// classify notes on a request's connection where the request comes from.
func (s *Server) classify(r *http.Request, ln *connLimiter) {
	c := connOf(r.Context())
	if c == nil {
		return
	}
	c.internet.Store(ln.tunnel || s.forwarded(r, ln.local))
}

// forwarded reports whether another program's tunnel has brought a request to the listener at
// the URL local.
func (s *Server) forwarded(r *http.Request, local string) bool {
	if s.inside.URLs == nil {
		return false
	}
	for name := range r.Header {
		if event.Edge(name) {
			return true
		}
	}
	for _, own := range s.inside.URLs() {
		u, err := url.Parse(own)
		if err != nil || own == local {
			continue
		}
		if strings.EqualFold(u.Host, r.Host) || !isAddress(u.Hostname()) && strings.EqualFold(u.Hostname(), hostname(r)) {
			return true
		}
	}
	return false
}

// hostname returns the name or address in a request's Host, without the port.
func hostname(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// isAddress reports whether a host is an address, or localhost. Any other name can be bound to
// another address by its owner.
func isAddress(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// ownHost reports whether a request was meant for this server, rather than for a name that was
// bound to this machine's address: a web page can do that with its own name (DNS rebinding).
func (s *Server) ownHost(r *http.Request) bool {
	host := hostname(r)
	if c := connOf(r.Context()); c != nil && c.limiter.tunnel || isAddress(host) || s.inside.URLs == nil {
		return true
	}
	for _, own := range s.inside.URLs() {
		if u, err := url.Parse(own); err == nil && strings.EqualFold(u.Hostname(), host) {
			return true
		}
	}
	return false
}
