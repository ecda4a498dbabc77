package tunnel

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Nobody but a probe under way gets more than a 404 from the handler.
func TestProbeHandlerKnowsNobodyElse(t *testing.T) {
	p := newProber(nil)
	p.nonces["THE-NONCE"] = struct{}{}
	p.nonces["ANOTHER"] = struct{}{}
	for name, c := range map[string]struct {
		method, body string
		status       int
	}{
		"under way":   {http.MethodPost, "THE-NONCE", http.StatusOK},
		"the other":   {http.MethodPost, "ANOTHER", http.StatusOK},
		"unknown":     {http.MethodPost, "NO-NONCE!", http.StatusNotFound},
		"part of one": {http.MethodPost, "THE-NONC", http.StatusNotFound},
		"more":        {http.MethodPost, "THE-NONCE ", http.StatusNotFound},
		"both":        {http.MethodPost, "THE-NONCEANOTHER", http.StatusNotFound},
		"empty":       {http.MethodPost, "", http.StatusNotFound},
		"too long":    {http.MethodPost, strings.Repeat("x", 1<<20), http.StatusNotFound},
		"method":      {http.MethodPut, "THE-NONCE", http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			p.ServeHTTP(w, httptest.NewRequest(c.method, "/webhooks/.probe", strings.NewReader(c.body)))
			if w.Code != c.status {
				t.Errorf("%d, want %d", w.Code, c.status)
			}
			if c.status == http.StatusNotFound && w.Body.String() != `{"detail":"Not Found"}` {
				t.Errorf("body %q", w.Body)
			}
			if ct := w.Header().Get("Content-Type"); ct != "application/json" {
				t.Errorf("content type %q", ct)
			}
		})
	}
}

// A probe through a real server, with the client that a Tunnel has by default.
func TestProbe(t *testing.T) {
	mine := newProber(nil)
	other := newProber(nil)
	for name, c := range map[string]struct {
		handler http.Handler
		message string // of the problem; empty: it comes round
	}{
		"comes round":        {mine, ""},
		"another hfhook":     {other, notReached + "it answers 404 Not Found"},
		"an accepting one":   {http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), notReached + "it answers 200 OK"},
		"one with no reason": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) }), notReached + "it answers 599"},
		"one that echoes": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"proof":"`)
			_, _ = io.Copy(w, r.Body)
			_, _ = io.WriteString(w, `"}`)
		}), notReached + "it answers 200 OK"},
		"the proof with the wrong status": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			mine.ServeHTTP(w, r)
		}), notReached + "it answers 202 Accepted"},
		"a login": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }), notReached + "it answers 401 Unauthorized"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(c.handler)
			defer srv.Close()
			took, problem := mine.send(t.Context(), srv.URL+"/webhooks/.probe")
			switch {
			case c.message == "":
				if problem != nil || took <= 0 {
					t.Errorf("%v, took %v", problem, took)
				}
			case problem == nil || problem.Message != c.message || problem.Cause == "" || problem.Fatal:
				t.Errorf("%+v, want %q", problem, c.message)
			}
		})
	}
	if len(mine.nonces) != 0 {
		t.Errorf("%d nonces are still known", len(mine.nonces))
	}
}

func TestProbeWithoutAnswer(t *testing.T) {
	p := newProber(nil)
	untrusted := httptest.NewTLSServer(p)
	defer untrusted.Close()
	gone := httptest.NewServer(p)
	gone.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx        context.Context
		url, cause string
	}{
		"untrusted":  {t.Context(), untrusted.URL, "does not trust"},
		"gone":       {t.Context(), gone.URL, ""},
		"no name":    {t.Context(), "https://hfhook.invalid", "DNS"},
		"cancelled":  {ended, gone.URL, ""},
		"not a URL":  {t.Context(), "http://[", ""},
		"no address": {t.Context(), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, problem := p.send(c.ctx, c.url)
			if problem == nil || !strings.HasPrefix(problem.Message, notReached) || !strings.Contains(problem.Cause, c.cause) || problem.Fatal {
				t.Errorf("%+v", problem)
			}
		})
	}
}
