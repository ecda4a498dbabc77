package dev_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/delivery"
	"hfhook/internal/dev"
	"hfhook/server"
)

func parse(t *testing.T, text string) server.Secret {
	t.Helper()
	secret, err := server.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// TestTakeSecret has the Hub send with another secret than the session was started with:
// it is refused, and taken once that secret was typed. The one before is taken still, the
// handler gets it still, and the typed one is in no log.
func TestTakeSecret(t *testing.T) {
	t.Parallel()
	const old, typed = "the previous one", "typed-canary-4711"
	got := make(chan string, 10)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("X-Webhook-Secret") }))
	t.Cleanup(handler.Close)
	var log bytes.Buffer
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Secrets: []server.Secret{parse(t, old)}, SecretSource: "WEBHOOK_SECRET",
		Targets: []delivery.Target{target(t, handler.URL)}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	url := s.State().LocalURL
	if status, _ := send(t, url, body(t), "X-Webhook-Secret", typed); status != http.StatusForbidden {
		t.Fatalf("another secret got %d", status)
	}
	await(t, s, "the refusal", func() bool { return s.State().Secret.Bad == 1 })
	for _, foul := range []string{"", "  ", "snow\u2603man", "a\x01b"} {
		if _, err := s.TakeSecret(foul); err == nil || strings.Contains(err.Error(), "snow") {
			t.Errorf("%q: %v", foul, err)
		}
	}
	if _, err := s.TakeSecret(old); err == nil {
		t.Error("the same secret changes something")
	}
	print, err := s.TakeSecret(" " + typed + " ")
	if err != nil || print != s.State().Rejected[0].Evidence.Sent {
		t.Fatalf("got %+v, %v", print, err)
	}
	for _, secret := range []string{typed, old} {
		if status, _ := send(t, url, body(t), "X-Webhook-Secret", secret); status != http.StatusOK {
			t.Errorf("a secret that is accepted got %d", status)
		}
		if sent := <-got; sent != old {
			t.Error("the handler got another secret than before")
		}
	}
	await(t, s, "the state", func() bool { st := s.State().Secret; return st.Typed && st.Bad == 0 && st.Length == len(typed) })
	send(t, url, body(t), "X-Webhook-Secret", "a third one")
	await(t, s, "another refusal", func() bool { return s.State().Secret.Bad == 1 })
	s.ForgetRejected(s.State().Rejected[0]) // which is not one of those that are counted now
	await(t, s, "the rest", func() bool { st := s.State(); return len(st.Rejected) == 1 && st.Secret.Bad == 1 })
	if s.SecretText() != typed {
		t.Error("another secret would be copied")
	}
	if err := s.AcceptSecrets(parse(t, typed), parse(t, old)); err != nil { // it was kept
		t.Fatal(err)
	}
	await(t, s, "the state", func() bool { return !s.State().Secret.Typed })
	end()
	if strings.Contains(log.String(), typed) || strings.Contains(log.String(), old) {
		t.Errorf("the log has a secret:\n%s", log.String())
	}
}

// TestMendSecret takes the quotes off the session's own secret, as a refusal has shown.
func TestMendSecret(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Secrets: []server.Secret{parse(t, `"right"`)}})
	url := s.State().LocalURL
	send(t, url, body(t), "X-Webhook-Secret", "right")
	await(t, s, "the refusal", func() bool { return len(s.State().Rejected) == 1 })
	ev := s.State().Rejected[0].Evidence
	if print, err := s.FixSecret(ev.Fix); err != nil || print != ev.Sent {
		t.Fatalf("%q: %+v, %v", ev.Fix, print, err)
	}
	if status, _ := send(t, url, body(t), "X-Webhook-Secret", "right"); status != http.StatusOK {
		t.Errorf("the fixed secret got %d", status)
	}
	if _, err := s.FixSecret("no such way"); err == nil {
		t.Error("an unknown fix is accepted")
	}
	open, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	if _, err := open.TakeSecret("x"); !errors.Is(err, dev.ErrOpen) {
		t.Errorf("where nothing is verified: %v", err)
	}
}
