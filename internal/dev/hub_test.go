package dev_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/hub/hubtest"
	"hfhook/internal/lease"
	"hfhook/server"
	"hfhook/tunnel"
)

// hanging is a transport whose calls take until their context ends, while it is told so.
type hanging struct {
	on      atomic.Bool
	entered chan struct{}
}

func (s *hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.on.Load() {
		s.entered <- struct{}{}
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestSlowHubIsNotWaitedFor changes the secret of a session while the Hub does not answer,
// and has it end without the Hub's word.
func TestSlowHubIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	fake := hubtest.New(hubtest.Options{Tries: 1})
	t.Cleanup(fake.Close)
	token, err := hub.ParseToken(hubtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	slow := &hanging{entered: make(chan struct{})}
	client, err := hub.New(hub.Settings{Endpoint: fake.URL(), Token: token}, hub.Options{Transport: slow})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := server.ParseSecret("canary-secret-of-the-session")
	if err != nil {
		t.Fatal(err)
	}
	keeper := lease.New(lease.Options{
		Client: client, Endpoint: fake.URL(), Notes: lease.NotesIn(t.TempDir()), Project: "/home/me/bot", Secret: secret, QuitWithin: time.Minute,
		Watch: []hub.Watched{{Type: "dataset", Name: "me/corpus"}},
	})
	public := listen(t)
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Secrets: []server.Secret{secret}, Tunnel: plainTunnel{public}, Hub: keeper})
	await(t, s, "the webhook", func() bool { return s.State().Tunnel.Phase == tunnel.Up && len(s.State().Hub.Hooks) == 1 })

	slow.on.Store(true)
	reloaded := make(chan error, 1)
	go func() { reloaded <- s.HubReload(t.Context()) }()
	<-slow.entered
	const typed = "another-secret-of-the-session"
	if _, err := s.TakeSecret(typed); err != nil {
		t.Fatal(err)
	}
	if status, _ := send(t, s.State().LocalURL, body(t), "X-Webhook-Secret", typed); status != http.StatusOK {
		t.Errorf("the secret that was typed is answered %d", status)
	}
	go func() {
		<-slow.entered // to give the webhook back
		if !s.LeavesHub() {
			t.Error("it does not leave the Hub")
		}
		s.AbandonHub()
	}()
	end()
	if err := <-reloaded; err == nil {
		t.Error("the call in progress has an answer")
	}
	if err := s.HubError(); err == nil || !strings.Contains(err.Error(), "did not wait for it") || s.LeavesHub() {
		t.Errorf("at the end: %v", err)
	}
}
