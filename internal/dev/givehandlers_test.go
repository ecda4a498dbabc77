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

// TestGiveHandlers has handlers get another secret than the one that the session was started
// with: requests may bring it, too, and the one before.
func TestGiveHandlers(t *testing.T) {
	t.Parallel()
	const old, theirs = "the previous one", "the-handlers-canary-4711"
	got := make(chan string, 10)
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("X-Webhook-Secret") }))
	t.Cleanup(handler.Close)
	var log bytes.Buffer
	s, _, end := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Secrets: []server.Secret{parse(t, old)}, SecretSource: "WEBHOOK_SECRET",
		Targets: []delivery.Target{target(t, handler.URL)}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	for _, invalid := range []string{"", "snow\u2603man", old} {
		if _, err := s.GiveHandlers(invalid); err == nil || strings.Contains(err.Error(), "snow") {
			t.Errorf("%q: %v", invalid, err)
		}
	}
	if print, err := s.GiveHandlers(" " + theirs + " "); err != nil || print.Length != len(theirs) {
		t.Fatalf("got %+v, %v", print, err)
	}
	for _, secret := range []string{theirs, old} {
		if status, _ := send(t, s.State().LocalURL, body(t), "X-Webhook-Secret", secret); status != http.StatusOK {
			t.Errorf("a secret that is accepted got %d", status)
		}
		if sent := <-got; sent != theirs {
			t.Error("the handler did not get its own secret")
		}
	}
	end()
	if strings.Contains(log.String(), theirs) || strings.Contains(log.String(), old) {
		t.Errorf("the log has a secret:\n%s", log.String())
	}

	open, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	if _, err := open.GiveHandlers(theirs); !errors.Is(err, dev.ErrOpen) {
		t.Errorf("without verification: %v", err)
	}
}
