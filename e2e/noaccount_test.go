//go:build unix

package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/tunneltest"
)

// withEdge has a home trust the public side of a fake.
func (h *home) withEdge(fake interface{ CAFile(string) (string, error) }) {
	h.t.Helper()
	ca, err := fake.CAFile(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	h.env = append(h.env, "SSL_CERT_FILE="+ca)
}

// TestWithoutAnAccount: the tunnels that need none bring an event from the public URL
// to the disk, and go away with the session.
func TestWithoutAnAccount(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*testing.T, *home) (flag string, client *http.Client){
		"ssh": func(t *testing.T, h *home) (string, *http.Client) {
			fake := tunneltest.StartSSH(t, tunneltest.Options{OwnURL: true})
			h.withEdge(fake)
			return "ssh://nokey@" + fake.Addr(), fake.Client()
		},
		"cloudflared": func(t *testing.T, h *home) (string, *http.Client) {
			fake := tunneltest.StartCloudflared(t, tunneltest.Options{OwnURL: true})
			h.withEdge(fake)
			bin := filepath.Join(h.dir, "bin")
			if err := os.Mkdir(bin, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := fake.Program(bin); err != nil {
				t.Fatal(err)
			}
			h.env = append(h.env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			return "cloudflared", fake.Client()
		},
	}
	for name, start := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			flag, client := start(t, h)
			p := h.dev("--tunnel", flag)
			public := p.await("the tunnel", tunnelIs("up")).text("url")
			if !strings.HasPrefix(public, "https://") {
				t.Fatalf("the public URL is %q", public)
			}
			status, answer := post(t, client, public, hubBodies(t)["constructed-repo-create-model.json"], withSecret)
			id := storedID(t, status, answer)
			if raw := h.must("show", id, "--raw"); raw != string(hubBodies(t)["constructed-repo-create-model.json"]) {
				t.Error("on disk are other bytes")
			}
			if status, answer := post(t, client, public, []byte("{}")); status != 401 {
				t.Errorf("a stranger got %d %s", status, answer)
			}
			if code := p.stop(); code != 130 {
				t.Errorf("exit code %d, %s", code, p.stderr)
			}
			if out := h.must("doctor", "--tunnel", flag); !strings.Contains(out, name) {
				t.Errorf("doctor says %s", out)
			}
		})
	}
}
