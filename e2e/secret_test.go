//go:build unix

package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// refusedWith posts an event with a secret that is not taken.
func refusedWith(t *testing.T, url, secret string) {
	t.Helper()
	if status, _ := post(t, http.DefaultClient, url, comment(t, "refused"), "X-Webhook-Secret: "+secret); status != http.StatusForbidden {
		t.Fatalf("a wrong secret is answered with %d", status)
	}
}

func takenWith(t *testing.T, url, secret string) {
	t.Helper()
	status, answer := post(t, http.DefaultClient, url, comment(t, "taken"), "X-Webhook-Secret: "+secret)
	storedID(t, status, answer)
}

// TestSecretIsTypedOnTheScreen has the Hub send another secret than hfhook was started
// with. It is refused; typed in on the screen of rejected requests it is taken, and the
// handler gets the one that it was started with. No frame and no file has what was typed.
func TestSecretIsTypedOnTheScreen(t *testing.T) {
	t.Parallel()
	const typed = "typed-canary-5a1f9c3e7b"
	handler := &catcher{}
	target := httptest.NewServer(handler)
	t.Cleanup(target.Close)
	h := newHome(t)
	ready := filepath.Join(h.dir, "ready")
	s := h.show(100, 30, "dev", "--tunnel", "none", "--addr", "127.0.0.1:0", "--ready-file", ready, target.URL)
	s.await("Send a sample event")
	url := readyURL(t, ready)
	refusedWith(t, url, typed)
	s.await("✗ 1 wrong secret", "403 wrong secret")
	s.keys("!")
	s.await("Rejected", "s secret")
	s.keys("s")
	s.await("take it")
	s.tmux("send-keys", "-l", typed)
	s.unseen(typed, "23 characters")
	s.keys("Enter")
	s.unseen(typed, "secret changed for this run: the one that was sent (23 characters)", "WEBHOOK_SECRET has the previous one", "Handlers still get")
	takenWith(t, url, typed)
	takenWith(t, url, canary)
	s.keys("Escape")
	s.unseen(typed, "Events  2", "filter")
	s.await("200")
	for _, got := range handler.all() {
		if got.header.Get("X-Webhook-Secret") != canary {
			t.Error("the handler got another secret than the one before")
		}
	}
	s.keys("L")
	s.unseen(typed, "secret changed for this run")
	s.keys("q")
	s.await("code 0")
	h.without(typed)
	h.without(canary)
}

// unseen is await of a screen that does not show a text.
func (s *screen) unseen(text string, wants ...string) {
	s.t.Helper()
	if now := s.await(wants...); strings.Contains(now, text) {
		s.t.Fatalf("the screen shows the secret:\n%s", now)
	}
}

// TestSecretIsMendedOnTheScreen begins with a secret that hfhook keeps, and that was
// written into its file with quotes around it: the screen takes them off, and keeps that.
func TestSecretIsMendedOnTheScreen(t *testing.T) {
	t.Parallel()
	const right = "kept-canary-0d4b"
	h := newHome(t)
	var env []string
	for _, kv := range h.env {
		if !strings.HasPrefix(kv, "WEBHOOK_SECRET=") {
			env = append(env, kv)
		}
	}
	h.env = env
	file := filepath.Join(h.dir, ".local/state/hfhook/secret")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(`"`+right+`"`), 0o600); err != nil {
		t.Fatal(err)
	}
	ready := filepath.Join(h.dir, "ready")
	s := h.show(100, 30, "dev", "--tunnel", "none", "--addr", "127.0.0.1:0", "--ready-file", ready)
	s.await("Send a sample event")
	url := readyURL(t, ready)
	refusedWith(t, url, right)
	s.await("✗ 1 wrong secret")
	s.keys("!")
	s.unseen(right, "quotes around", "s uses the secret that was sent")
	s.keys("s")
	s.await("use that one")
	s.keys("Enter")
	s.unseen(right, "Keep it for later runs", "the one that was sent")
	takenWith(t, url, right)
	s.keys("f")
	s.unseen(right, "is saved in")
	takenWith(t, url, right)
	kept, err := os.ReadFile(file)
	if err != nil || string(kept) != right+"\n" {
		t.Errorf("the file has %d bytes, %v", len(kept), err)
	}
	s.keys("q")
	s.await("code 0")
	if got := h.must("secret", "origin"); !strings.Contains(got, "made by hfhook") {
		t.Errorf("the origin is %q", got)
	}
}
