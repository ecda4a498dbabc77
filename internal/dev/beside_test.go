//go:build unix

package dev_test

// Kind runs beside a session: the developer's handler, the webhooks on the Hub, a URL of one's
// own.

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/internal/hub"
	"hfhook/internal/hub/hubtest"
	"hfhook/internal/lease"
	"hfhook/internal/waittest"
	"hfhook/server"
	"hfhook/store"
	"hfhook/store/sqlite"
	"hfhook/tunnel"
)

func shell(t *testing.T, policy handler.Policy, script string) *handler.Handler {
	t.Helper()
	h, err := handler.New(handler.Options{Args: []string{"/bin/sh", "-c", script}, Dir: t.TempDir(), Env: []string{"PATH=" + os.Getenv("PATH")}, Policy: policy})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHandlerBeside(t *testing.T) {
	t.Parallel()
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Handler: shell(t, handler.OnCrash, "echo up; exec sleep 1000"), HandlerTarget: "app", Journal: true,
		Targets: []delivery.Target{target(t, freeAddress(t)+",name=app")},
	})
	ups := func(n int) func() bool {
		return func() bool {
			lines, kept, ever := s.HandlerOutput(0, 100)
			if len(lines) != kept || int64(kept) != ever {
				t.Errorf("%d lines of %d, %d ever", len(lines), kept, ever)
			}
			return n == len(slices.DeleteFunc(lines, func(l dev.HandlerLine) bool { return l.Text != "up" }))
		}
	}
	await(t, s, "its first line", ups(1))
	await(t, s, "its first start", func() bool {
		st := s.State().Handler
		return st != nil && st.Phase == handler.Running && st.Starts == 1
	})
	s.RestartHandler()
	await(t, s, "its line after the restart", ups(2))
	await(t, s, "the restart", func() bool { return s.State().Handler.Starts == 2 })
	await(t, s, "the restart in the journal", func() bool {
		return slices.ContainsFunc(s.Journal(), func(e dev.Entry) bool { return e.Handler != nil && e.Handler.Starts == 2 })
	})
	end()
	if st := s.State().Handler; st.Phase != handler.Ended {
		t.Errorf("after the session the handler is %s", st.Phase)
	}
}

// TestHandlerEndsTheSession: with the policy Never the session ends as the handler does.
func TestHandlerEndsTheSession(t *testing.T) {
	t.Parallel()
	events, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	s, err := dev.Start(t.Context(), dev.Options{Store: events, Listener: listen(t), Handler: shell(t, handler.Never, "exit 3")})
	if err != nil {
		t.Fatal(err)
	}
	waittest.Receive(t, "the end of the session", s.Done())
	if err := s.Wait(); !errors.Is(err, handler.ErrEnded) || !s.Ended() {
		t.Errorf("the session ended with %v", err)
	}
}

// TestNothingBeside: a session without a handler, a Hub and a tunnel has none, and says so.
func TestNothingBeside(t *testing.T) {
	t.Parallel()
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Path: "/webhooks/x"})
	s.RestartHandler()
	s.RetryTunnel()
	s.DropTunnel()
	if lines, kept, ever := s.HandlerOutput(0, 10); lines != nil || kept != 0 || ever != 0 || s.State().Handler != nil {
		t.Errorf("a handler: %v, %d, %d, %+v", lines, kept, ever, s.State().Handler)
	}
	_, planErr := s.HubPlan(t.Context(), lease.Request{})
	_, applyErr := s.HubApply(t.Context(), nil)
	for _, err := range []error{planErr, applyErr, s.HubReload(t.Context())} {
		if !errors.Is(err, dev.ErrNoHub) {
			t.Errorf("the Hub: %v", err)
		}
	}
	if s.Path() != "/webhooks/x" || s.Ended() {
		t.Errorf("path %s, ended %v", s.Path(), s.Ended())
	}
	end()
	if !s.Ended() || s.HubError() != nil || len(s.HubEnd()) != 0 {
		t.Errorf("at the end: %v, %v, %v", s.Ended(), s.HubError(), s.HubEnd())
	}
}

// TestUseURL goes on with a URL of the user's own.
func TestUseURL(t *testing.T) {
	t.Parallel()
	none := httptest.NewServer(http.NotFoundHandler())
	defer none.Close()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Tunnel: tunnel.Own{URL: none.URL}})
	await(t, s, "what the first URL answers", func() bool { return s.State().Tunnel.Problem != nil })
	if got, err := s.UseURL("https://me:hush@a.example"); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("%q, %v", got, err)
	}
	local := strings.TrimSuffix(s.State().LocalURL, "/webhooks")
	if got, err := s.UseURL(local + "/"); err != nil || got != local {
		t.Errorf("%q, %v", got, err)
	}
	await(t, s, "the tunnel", func() bool { return s.State().Tunnel.Phase == tunnel.Up })
	if got := s.State().HookURL; got != local+"/webhooks" {
		t.Errorf("the hook is at %s", got)
	}
	s.DropTunnel()
	await(t, s, "the end of the tunnel", func() bool { return s.State().Tunnel.Phase == tunnel.Off })
	s.RetryTunnel()
	await(t, s, "the tunnel again", func() bool { return s.State().Tunnel.Phase == tunnel.Up })
}

// TestNotify puts what nobody asked for in front of the person.
func TestNotify(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Journal: true})
	s.Notify(dev.Notice{About: "configuration", Text: "it was read again", OK: true})
	await(t, s, "what was told", func() bool { return len(s.State().Notices) == 1 })
	if n := s.State().Notices[0]; n.About != "configuration" || n.Text != "it was read again" || !n.OK || n.At.IsZero() {
		t.Errorf("%+v", n)
	}
	if entries := s.Journal(); len(entries) != 1 || entries[0].Notice == nil || len(s.Journal()) != 0 {
		t.Errorf("journal %+v", entries)
	}
}

// TestPinNoteDelete names, annotates and deletes events.
func TestPinNoteDelete(t *testing.T) {
	t.Parallel()
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Pin(t.Context(), e.ID, "case"), s.Note(t.Context(), e.ID, "look here")); err != nil {
		t.Fatal(err)
	}
	page, err := s.List(t.Context(), store.Query{})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].Pin != "case" {
		t.Errorf("%+v, %v", page, err)
	}
	if got, err := s.Event(t.Context(), e.ID); err != nil || got.Note != "look here" || string(got.Body) != string(e.Body) {
		t.Errorf("%+v, %v", got, err)
	}
	other, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Delete(t.Context(), other.ID, "01JD4X7M9C8Q2R5T7V9WABCDEF"); n != 1 || err != nil {
		t.Errorf("%d were deleted, %v", n, err)
	}
	if all, err := s.Deliveries(t.Context(), e.ID); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := events.Event(t.Context(), other.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the deleted one: %v", err)
	}
}

// TestHubBeside makes a webhook for the session's URL, and gives it back.
func TestHubBeside(t *testing.T) {
	t.Parallel()
	fake := hubtest.New(hubtest.Options{Tries: 1})
	t.Cleanup(fake.Close)
	token, err := hub.ParseToken(hubtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	client, err := hub.New(hub.Settings{Endpoint: fake.URL(), Token: token}, hub.Options{})
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
	public := httptest.NewUnstartedServer(nil)
	public.Start()
	defer public.Close()
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Secrets: []server.Secret{secret}, Tunnel: tunnel.Own{URL: public.URL}, Hub: keeper, Journal: true,
	})
	local := strings.TrimSuffix(s.State().LocalURL, "/webhooks")
	if _, err := s.UseURL(local); err != nil {
		t.Fatal(err)
	}
	await(t, s, "the webhook", func() bool {
		hooks := fake.Webhooks()
		return len(hooks) == 1 && hooks[0].URL == local+"/webhooks" && hooks[0].Disabled == false
	})
	await(t, s, "that the session has it", func() bool { return s.State().Hub != nil && len(s.State().Hub.Hooks) == 1 })
	if err := s.HubReload(t.Context()); err != nil {
		t.Error(err)
	}
	change, err := s.HubPlan(t.Context(), lease.Request{Action: lease.SwitchOff, Webhook: fake.Webhooks()[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if done, err := s.HubApply(t.Context(), change); err != nil || done == "" || fake.Webhooks()[0].Disabled != true {
		t.Errorf("%q, %v, %+v", done, err, fake.Webhooks()[0])
	}
	if entries := s.Journal(); !slices.ContainsFunc(entries, func(e dev.Entry) bool { return e.Hub != nil }) {
		t.Errorf("journal %+v", entries)
	}
	end()
	if err := s.HubError(); err != nil || fake.Webhooks()[0].Disabled != true {
		t.Errorf("at the end: %v, %+v", err, fake.Webhooks()[0])
	}
}

// TestPartThatBreaks: a panic in a part of the session ends it with an error, not the process.
func TestPartThatBreaks(t *testing.T) {
	t.Parallel()
	events, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	s, err := dev.Start(t.Context(), dev.Options{Store: &breaking{Store: events}, Listener: listen(t)})
	if err != nil {
		t.Fatal(err)
	}
	waittest.Receive(t, "the end of the session", s.Done())
	if err := s.Wait(); err == nil || !strings.Contains(err.Error(), "panic: in the store") {
		t.Errorf("the session ended with %v", err)
	}
}

// A breaking store wakes the session once, and breaks when that looks.
type breaking struct {
	store.Store
	woken bool
}

func (b *breaking) Watch(context.Context) <-chan struct{} {
	b.woken = true
	some := make(chan struct{}, 1)
	some <- struct{}{}
	return some
}

func (b *breaking) Stats(ctx context.Context) (store.Stats, error) {
	if b.woken {
		panic("in the store")
	}
	return b.Store.Stats(ctx)
}
