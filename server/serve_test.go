package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/server"
)

// output collects what a server says.
type output struct {
	mu   sync.Mutex
	text strings.Builder
	news chan struct{}
}

func newOutput() *output { return &output{news: make(chan struct{}, 100)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer func() { o.news <- struct{}{} }()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await waits until the text has a part.
func (o *output) await(t *testing.T, part string) string {
	t.Helper()
	for !strings.Contains(o.String(), part) {
		select {
		case <-o.news:
		case <-t.Context().Done():
			t.Fatalf("%q is not in %q", part, o)
		}
	}
	return o.String()
}

// The words are those of the Python library.
func TestStartUpText(t *testing.T) {
	out := newOutput()
	s := newServer(t, server.Options{Output: out, Secrets: []server.Secret{secret(t, canary)}})
	for _, name := range []string{"handler", "/say_hello/"} {
		handle(t, s, name, func(context.Context, *event.Event) (any, error) { return nil, nil })
	}
	url := start(t, s.Serve)
	want := "Webhook secret is correctly defined.\n\n" +
		"Webhooks are correctly setup and ready to use:\n" +
		"  - POST " + url + "/webhooks/handler\n" +
		"  - POST " + url + "/webhooks/say_hello\n" +
		"Go to https://huggingface.co/settings/webhooks to setup your webhooks.\n"
	if got := out.await(t, "Go to"); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if page := get(t, url+"/"); !strings.Contains(page, url+"/webhooks/say_hello") {
		t.Error("the page has not the whole URL")
	}

	open := newOutput()
	start(t, newServer(t, server.Options{Output: open}).Serve)
	if got := open.await(t, "Go to"); !strings.Contains(got, "open to everyone") {
		t.Errorf("said %q", got)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("GET %s: %s, %v", url, resp.Status, err)
	}
	return strings.ReplaceAll(string(text), "<wbr>", "") // where a line of the page may break
}

func TestSecretOfTheEnvironment(t *testing.T) {
	post := func(opts server.Options, secret string) int {
		t.Helper()
		opts.Recorder = &recorder{}
		s, err := server.New(opts)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/webhooks", bytes.NewReader(pushBody(t)))
		r.Header.Set("X-Webhook-Secret", secret)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	t.Setenv("WEBHOOK_SECRET", canary)
	t.Setenv("WEBHOOK_SECRET_PREVIOUS", "earlier")
	own := server.Options{Secrets: []server.Secret{secret(t, "own")}}
	for _, tt := range []struct {
		opts   server.Options
		secret string
		want   int
	}{
		{server.Options{}, canary, 200}, {server.Options{}, "earlier", 200}, {server.Options{}, "wrong", 403},
		{own, "own", 200}, {own, canary, 403},
		{server.Options{Open: true}, "wrong", 200},
	} {
		if got := post(tt.opts, tt.secret); got != tt.want {
			t.Errorf("%+v with %s: %d, want %d", tt.opts, tt.secret, got, tt.want)
		}
	}
	// An empty variable is none, and one that the Hub cannot send fails at once.
	t.Setenv("WEBHOOK_SECRET", "")
	t.Setenv("WEBHOOK_SECRET_PREVIOUS", "")
	if got := post(server.Options{}, "any"); got != 200 {
		t.Errorf("with an empty variable: %d", got)
	}
	t.Setenv("WEBHOOK_SECRET", canary+"\n")
	if _, err := server.New(server.Options{}); err == nil || !strings.HasPrefix(err.Error(), "WEBHOOK_SECRET: ") || strings.Contains(err.Error(), canary) {
		t.Errorf("%v", err)
	}
}

func TestOnASpace(t *testing.T) {
	t.Setenv("SPACE_ID", "me/bot")
	t.Setenv("SPACE_HOST", "me-bot.hf.space")
	out := newOutput()
	s := newServer(t, server.Options{Output: out, Share: neverShared{t}})
	url := start(t, s.Serve)
	if got := out.await(t, "Go to"); !strings.Contains(got, "  - POST https://me-bot.hf.space/webhooks\n") {
		t.Errorf("said %q", got)
	}
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(strings.ReplaceAll(string(page), "<wbr>", ""), "https://me-bot.hf.space/webhooks") {
		t.Errorf("the page has not the public URL: %v", err)
	}
	// The Hub shows a Space in a frame.
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors https://huggingface.co") {
		t.Errorf("policy %s", csp)
	}
}

type neverShared struct{ t *testing.T }

func (n neverShared) ProbeHandler() http.Handler { return http.NotFoundHandler() }
func (n neverShared) Share(context.Context, func(context.Context, net.Listener) error, func(string, error)) error {
	n.t.Error("a Space is shared")
	return nil
}

// shared is a tunnel that the test plays.
type shared struct {
	ln    net.Listener
	steps chan func(report func(string, error))
}

func (s *shared) ProbeHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "probe") })
}

func (s *shared) Share(ctx context.Context, serve func(context.Context, net.Listener) error, report func(string, error)) error {
	served := make(chan error, 1)
	go func() { served <- serve(ctx, s.ln) }()
	for {
		select {
		case step := <-s.steps:
			step(report)
		case <-ctx.Done():
			return <-served
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tunnel := &shared{ln: ln, steps: make(chan func(func(string, error)))}
	out := newOutput()
	s := newServer(t, server.Options{Output: out, Share: tunnel})
	local := start(t, s.Serve)
	trouble := func(report func(string, error)) { report("", errors.New("the service is away")) }
	tunnel.steps <- trouble
	tunnel.steps <- trouble
	if got := out.await(t, local); strings.Contains(got, "ready to use") {
		t.Errorf("said %q", got)
	}
	tunnel.steps <- func(report func(string, error)) { report("https://amused-otter.example/", nil) }
	if got := out.await(t, "  - POST https://amused-otter.example/webhooks\n"); strings.Count(got, "the service is away") != 1 {
		t.Errorf("the trouble is not said once: %q", got)
	}
	public := "http://" + ln.Addr().String()
	if got := get(t, local+"/"); !strings.Contains(got, "https://amused-otter.example/webhooks") {
		t.Error("the page has not the public URL")
	}
	if got := get(t, public+"/webhooks/.probe"); got != "probe" {
		t.Errorf("the probe got %q", got)
	}
	tunnel.steps <- func(report func(string, error)) { report("https://another.example", nil) }
	out.await(t, "  - POST https://another.example/webhooks\n")
}

// A page of the program's own takes the place of the instructions, and of no webhook.
func TestOwnPage(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Page: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "mine "+r.Method+" "+r.URL.Path)
	})})
	for path, want := range map[string]string{
		"GET /": "mine GET /", "POST /ask": "mine POST /ask", "GET /healthz2": "mine GET /healthz2",
		"GET /webhooks": `{"detail":"Method Not Allowed"}`, "GET /webhooks/x": `{"detail":"Method Not Allowed"}`,
	} {
		method, path, _ := strings.Cut(path, " ")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		if w.Body.String() != want {
			t.Errorf("%s %s: %s, want %s", method, path, w.Body, want)
		}
	}
}

// A server is a part of another one, as any http.Handler is.
func TestInsideAnotherServer(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) { return "hook", nil })
	mux := http.NewServeMux()
	s.Mount(mux)
	mux.Handle("/bots/one/", http.StripPrefix("/bots/one", s))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "other") })
	for path, want := range map[string]string{"/webhooks/x": `"hook"`, "/bots/one/webhooks/x": `"hook"`, "/x": "other"} {
		if got := deliver(t, mux, path).Body.String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// A request under way is answered when the server is asked to end.
func TestServeEndsGracefully(t *testing.T) {
	t.Parallel()
	arrived, free := make(chan struct{}), make(chan struct{})
	s := newServer(t, server.Options{Output: io.Discard})
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) {
		close(arrived)
		<-free
		return "late", nil
	})
	after := make(chan struct{})
	handle(t, s, "later", s.Background(func(context.Context, *event.Event) (any, error) {
		<-free
		close(after)
		return nil, nil
	}, 1))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	url := "http://" + ln.Addr().String() + "/webhooks/"
	resp, err := http.Post(url+"later", "", bytes.NewReader(pushBody(t)))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Post(url+"x", "", bytes.NewReader(pushBody(t)))
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	<-arrived
	cancel()
	close(free)
	if got := <-answered; got != `"late"` {
		t.Errorf("answered %s", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	<-after
}
