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

// TestGiveHandler has one of two handlers get another secret than the one that the session was
// started with: requests may bring it, too, and the one before.
func TestGiveHandler(t *testing.T) {
	t.Parallel()
	const old, theirs = "the previous one", "the-handlers-canary-4711"
	got, other := make(chan string, 10), make(chan string, 10)
	keep := func(in chan string) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { in <- r.Header.Get("X-Webhook-Secret") }))
		t.Cleanup(s.Close)
		return s
	}
	first, second := target(t, keep(got).URL), target(t, keep(other).URL)
	var log bytes.Buffer
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Secrets: []server.Secret{parse(t, old)}, SecretSource: "WEBHOOK_SECRET",
		Targets: []delivery.Target{first, second}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	for _, invalid := range []string{"", "snow\u2603man", old} {
		if _, err := s.GiveHandler(first.Name, invalid); err == nil || strings.Contains(err.Error(), "snow") {
			t.Errorf("%q: %v", invalid, err)
		}
	}
	if print, err := s.GiveHandler(first.Name, " "+theirs+" "); err != nil || print.Length != len(theirs) {
		t.Fatalf("got %+v, %v", print, err)
	}
	for _, secret := range []string{theirs, old} {
		if status, _ := send(t, s.State().LocalURL, body(t), "X-Webhook-Secret", secret); status != http.StatusOK {
			t.Errorf("a secret that is accepted got %d", status)
		}
		if sent := <-got; sent != theirs {
			t.Error("the handler did not get its own secret")
		}
		if sent := <-other; sent != old {
			t.Error("the other handler got another secret than before")
		}
	}
	const others = "another-handlers-canary-4712"
	if _, err := s.GiveHandler(second.Name, others); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{others, theirs, old} {
		if status, _ := send(t, s.State().LocalURL, body(t), "X-Webhook-Secret", secret); status != http.StatusOK {
			t.Errorf("a secret that is accepted got %d", status)
		}
		if sent := <-got; sent != theirs {
			t.Error("the first handler did not get its own secret")
		}
		if sent := <-other; sent != others {
			t.Error("the second handler did not get its own secret")
		}
	}
	if kept, ok := s.HandlerSecret(first.Name); !ok || kept.Reveal() != theirs {
		t.Error("the first handler's secret is not to be had")
	}
	end()
	if strings.Contains(log.String(), theirs) || strings.Contains(log.String(), old) {
		t.Errorf("the log has a secret:\n%s", log.String())
	}

	later, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Secrets: []server.Secret{parse(t, old)}, Targets: []delivery.Target{first, second},
		HandlerSecrets: map[string]server.Secret{first.Name: parse(t, theirs)},
	})
	for _, secret := range []string{old, theirs} {
		if status, _ := send(t, later.State().LocalURL, body(t), "X-Webhook-Secret", secret); status != http.StatusOK {
			t.Errorf("in a later run a secret that is accepted got %d", status)
		}
		if sent := <-got; sent != theirs {
			t.Error("in a later run the handler did not get the secret that was kept")
		}
		if sent := <-other; sent != old {
			t.Error("in a later run the other handler got another secret")
		}
	}

	open, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	if _, err := open.GiveHandler(first.Name, theirs); !errors.Is(err, dev.ErrOpen) {
		t.Errorf("without verification: %v", err)
	}
}
