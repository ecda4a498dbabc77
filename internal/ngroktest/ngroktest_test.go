package ngroktest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"golang.ngrok.com/ngrok/v2"

	"hfhook/internal/waittest"
)

// listen opens an endpoint with the real SDK and serves it.
func listen(t *testing.T, s *Service, url string, h http.HandlerFunc) ngrok.EndpointListener {
	t.Helper()
	agent, err := ngrok.NewAgent(
		ngrok.WithAuthtoken("any_token"),
		ngrok.WithAgentConnectURL(s.ConnectURL()),
		ngrok.WithAgentConnectCAs(s.CAs()),
		ngrok.WithLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ln, err := agent.Listen(ctx, ngrok.WithURL(url))
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(ln)
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		<-served
		cancel()
	})
	return ln
}

func get(t *testing.T, s *Service, url string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", "203.0.113.9")
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// Each public URL leads to its own agent, and none to nobody.
func TestEdgeRoutesByHost(t *testing.T) {
	s := Start(t, Options{})
	for _, host := range []string{"one.ngrok-free.app", "two.ngrok-free.app"} {
		listen(t, s, "https://"+host, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, host+" got "+r.Host)
		})
	}
	listen(t, s, "", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "default") })
	for url, want := range map[string]string{
		"https://one.ngrok-free.app/": "one.ngrok-free.app got one.ngrok-free.app",
		"https://TWO.ngrok-free.app/": "two.ngrok-free.app got TWO.ngrok-free.app",
		s.EdgeURL():                   "default",
	} {
		if _, body := get(t, s, url); body != want {
			t.Errorf("%s: %q, want %q", url, body, want)
		}
	}
	resp, _ := get(t, s, "https://three.ngrok-free.app/")
	if code := resp.Header.Get("Ngrok-Error-Code"); resp.StatusCode != 404 || code != "ERR_NGROK_3200" {
		t.Errorf("nobody: %s %s", resp.Status, code)
	}
}

func TestEdgeReportsClientAddress(t *testing.T) {
	s := Start(t, Options{PublicURL: "https://dev.ngrok-free.app"})
	ln := listen(t, s, "", func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		_, _ = io.WriteString(w, strings.Join([]string{
			host, strings.Join(r.Header["X-Forwarded-For"], ", "), r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-Host"),
		}, "|"))
	})
	if got := ln.URL().String(); got != "https://dev.ngrok-free.app" {
		t.Errorf("the URL is %s", got)
	}
	want := "127.0.0.1|203.0.113.9, 127.0.0.1|https|dev.ngrok-free.app"
	if _, body := get(t, s, "https://dev.ngrok-free.app"); body != want {
		t.Errorf("%q, want %q", body, want)
	}
}

func TestAgentDiesUnderARequest(t *testing.T) {
	s := Start(t, Options{})
	listen(t, s, "", func(_ http.ResponseWriter, r *http.Request) {
		s.Cut()
		<-r.Context().Done()
	})
	resp, _ := get(t, s, s.EdgeURL())
	if code := resp.Header.Get("Ngrok-Error-Code"); resp.StatusCode != 502 || code != "ERR_NGROK_3004" {
		t.Errorf("%s %s", resp.Status, code)
	}
	// The SDK has a race when it is closed before it is back.
	waittest.Until(t, "that the agent is back", func() bool { return len(s.Online()) > 0 })
}
