//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInit answers the questions of hfhook init in a terminal, and starts what it wrote: a
// handler with the secret that was entered.
func TestInit(t *testing.T) {
	t.Parallel()
	python := need(t, "python3")
	h := newHome(t, "WEBHOOK_SECRET=", "PORT="+freePort(t))
	h.dir = t.TempDir()
	handler, err := os.ReadFile("../examples/handler-python/handler.py")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.dir, "handler.py"), handler, 0o600); err != nil {
		t.Fatal(err)
	}
	const secret = "entered-by-hand-0123456789"
	s := h.show(100, 24, "init")
	s.await("Your handler")
	s.keys("-l", python+" handler.py")
	s.keys("Enter")
	s.await("How the Hub reaches this machine")
	s.keys("Enter")
	s.await("Secret of the webhook")
	s.keys("-l", secret)
	s.keys("Enter", "Enter")
	if text := s.await("next: hfhook", "code 0"); strings.Contains(text, secret) {
		t.Errorf("the secret is on the screen:\n%s", text)
	}
	written, err := os.ReadFile(filepath.Join(h.dir, ".hfhook.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"run = ": true, `tunnel = "none"`: true, `reload = ["**/*.py"]`: true, "watch": false, secret: false} {
		if strings.Contains(string(written), text) != want {
			t.Errorf("%q in it is %v:\n%s", text, !want, written)
		}
	}

	p := h.dev()
	id := strings.Fields(h.must("trigger", "repo/create"))[0]
	d := p.await("the delivery", func(l line) bool { return delivered(id)(l) && l.text("state") == "done" })
	if d.number("status") != 200 {
		t.Errorf("answered %v: %s", d.number("status"), p.stderr)
	}
	for _, name := range []string{".hfhook.toml", "handler.py"} { // the state directory has it
		if text, err := os.ReadFile(filepath.Join(h.dir, name)); err != nil || strings.Contains(string(text), secret) {
			t.Errorf("%s: %v, or it has the secret", name, err)
		}
	}
}
