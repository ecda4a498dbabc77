//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/ngroktest"
	"hfhook/internal/waittest"
)

// TestAuthtokenIsSavedOnceAccepted enters an authtoken that ngrok refuses, which is not saved, and
// then one that it accepts, which is.
func TestAuthtokenIsSavedOnceAccepted(t *testing.T) {
	t.Parallel()
	const refused, accepted = "refused-authtoken-4711", "accepted-authtoken-4712"
	service := ngroktest.Start(t, ngroktest.Options{})
	service.Accept(accepted)
	h := newHome(t)
	h.withNgrok(service, `""`)
	file := filepath.Join(h.dir, ".config", "ngrok", "ngrok.yml")
	kept := func() string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	s := h.show(120, 36, "dev", "--addr", "127.0.0.1:0", "--tunnel", "ngrok")
	enter := func(token string) {
		t.Helper()
		s.keys("t")
		s.await("paste the authtoken")
		s.keys("a")
		s.await("from dashboard.ngrok.com")
		s.keys("-l", token)
		s.await("characters")
		s.keys("Enter")
		s.await("Keep the authtoken?")
		s.keys("f")
	}
	s.await("Welcome. hfhook is listening on")
	enter(refused)
	s.await("not saved")
	if text := kept(); strings.Contains(text, refused) {
		t.Errorf("an authtoken is saved that ngrok has refused:\n%s", text)
	}
	enter(accepted)
	s.await("✓ tunnel")
	waittest.Until(t, "the authtoken in ngrok's configuration", func() bool { return strings.Contains(kept(), accepted) })
	if text := s.text(); strings.Contains(text, accepted) || strings.Contains(text, refused) {
		t.Errorf("an authtoken is shown:\n%s", text)
	}
}
