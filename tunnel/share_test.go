package tunnel

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/internal/tunneltest"
	"hfhook/payload/sample"
	"hfhook/server"
)

var _ server.Sharer = (*Sharing)(nil)

// said collects what a server writes, and hands out its lines.
type said struct {
	mu    sync.Mutex
	text  strings.Builder
	lines chan struct{}
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.lines <- struct{}{} }()
	return s.text.Write(p)
}

func (s *said) await(part string) string {
	for {
		s.mu.Lock()
		text := s.text.String()
		s.mu.Unlock()
		if strings.Contains(text, part) {
			return text
		}
		<-s.lines
	}
}

// A server with one option more is reached by its public URL, which it says.
func TestShareAServer(t *testing.T) {
	fake := tunneltest.StartSSH(t, tunneltest.Options{})
	fake.Refuse(true)
	sharing := &Sharing{Provider: sshOver(t, fake), Logger: slog.New(slog.DiscardHandler)}
	sharing.options = func(o *Options) { o.Client, o.Backoff = fake.Client(), Backoff{First: 1, Max: 1} }
	out := &said{lines: make(chan struct{}, 1000)}
	s, err := server.New(server.Options{Open: true, Share: sharing, Output: out})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Handle("say_hello", func(_ context.Context, e *event.Event) (any, error) { return e.Tunnel, nil })
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()

	if text := out.await("From this machine:"); !strings.Contains(text, "does not point here: 127.0.0.1 does not forward") {
		t.Errorf("the server says %q", text)
	}
	fake.Refuse(false)
	text := out.await("ready to use")
	at := strings.LastIndex(text, "POST https://")
	url := strings.Fields(text[at:])[1]
	if !strings.HasSuffix(url, ".lhr.life/webhooks/say_hello") {
		t.Fatalf("the URL is %s", url)
	}
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := fake.Client().Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, err := io.ReadAll(resp.Body); err != nil || string(answer) != "true" {
		t.Errorf("answered %s %s %v", resp.Status, answer, err)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	resp, err = fake.Client().Get(strings.TrimSuffix(url, "/webhooks/say_hello"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadGateway {
		t.Errorf("after the end the public URL answers %s", resp.Status)
	}
}

func TestUsual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for token, want := range map[string]string{"": "ssh", "2canary": "ngrok"} {
		env := map[string]string{"NGROK_AUTHTOKEN": token, "HOME": dir, "XDG_CONFIG_HOME": dir, "LocalAppData": dir}
		if got := Usual(func(name string) string { return env[name] }, nil).Name(); got != want {
			t.Errorf("with the authtoken %q: %s, want %s", token, got, want)
		}
	}
}
