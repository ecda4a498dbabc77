//go:build unix

package e2e

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/hub/hubtest"
	"hfhook/internal/ngroktest"
	"hfhook/internal/tunneltest"
	"hfhook/internal/waittest"
)

// eachWay sends a request to the public side that has its host.
type eachWay struct {
	edge               string // of ngrok
	ngrok, cloudflared http.RoundTripper
}

func (e eachWay) RoundTrip(r *http.Request) (*http.Response, error) {
	if "https://"+r.URL.Host == e.edge {
		return e.ngrok.RoundTrip(r)
	}
	return e.cloudflared.RoundTrip(r)
}

// TestChangedTunnel changes the tunnel by the menu while a request is under way: that one is
// stored or not answered with 200, the webhook on the Hub follows to the other URL, and the
// choice is kept for the project without the authtoken.
func TestChangedTunnel(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	fake := tunneltest.StartCloudflared(t, tunneltest.Options{OwnURL: true})
	h := newHome(t)
	const authtoken = "token-of-the-account"
	h.withNgrok(service, authtoken)
	var cas []byte
	for _, edge := range []interface{ CAFile(string) (string, error) }{service, fake} {
		dir := t.TempDir()
		name, err := edge.CAFile(dir)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		cas = append(cas, text...)
	}
	all := filepath.Join(h.dir, "cas.pem")
	if err := os.WriteFile(all, cas, 0o600); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := fake.Program(bin); err != nil {
		t.Fatal(err)
	}
	h.env = append(h.env, "SSL_CERT_FILE="+all, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	hub := h.withHub(nil, hubtest.Options{Transport: eachWay{service.EdgeURL(), service.Client().Transport, fake.Client().Transport}})

	s := h.show(100, 30, "dev", "--addr", "127.0.0.1:0", "--watch", "dataset:me/corpus", "--yes")
	first := service.EdgeURL() + "/webhooks"
	waittest.Until(t, "the webhook", func() bool { return len(hub.Webhooks()) == 1 && hub.Webhooks()[0].URL == first })
	if d := emit(t, hub); !d.OK() {
		t.Fatalf("the Hub was answered %v", d.Statuses)
	}
	s.await("Events  1")

	// A request that has sent half of its body.
	body := hubBodies(t)["constructed-repo-create-model.json"]
	reader, writer := io.Pipe()
	type result struct {
		status int
		err    error
	}
	answered := make(chan result, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, first, reader)
		if err != nil {
			answered <- result{err: err}
			return
		}
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Webhook-Secret", canary)
		resp, err := service.Client().Do(r)
		if err != nil {
			answered <- result{err: err}
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		answered <- result{status: resp.StatusCode}
	}()
	if _, err := writer.Write(body[:len(body)/2]); err != nil {
		t.Fatal(err)
	}

	s.keys("t")
	s.await("cloudflared")
	s.keys("c")
	waittest.Until(t, "that the webhook follows", func() bool {
		url := hub.Webhooks()[0].URL
		return url != first && strings.HasSuffix(url, "/webhooks")
	})
	second := hub.Webhooks()[0].URL
	_, _ = io.Copy(writer, bytes.NewReader(body[len(body)/2:])) // fails if the old tunnel is gone
	_ = writer.Close()
	got := <-answered
	stored := strings.Count(h.must("ls", "-n", "100", "scope:repo"), "\n")
	if took := got.err == nil && got.status == http.StatusOK; took != (stored == 1) {
		t.Errorf("the request under way was answered %d, %v, and %d events are stored", got.status, got.err, stored)
	}
	t.Logf("the request under way: %d, %v", got.status, got.err)
	if d := emit(t, hub); !d.OK() {
		t.Errorf("by the other URL the Hub was answered %v", d.Statuses)
	}
	s.await(strings.TrimPrefix(second, "https://"))

	s.keys("t")
	s.await("Keep it")
	s.keys("p")
	s.await("saved for this project")
	text, err := os.ReadFile(filepath.Join(h.dir, ".hfhook.toml"))
	if err != nil || !strings.Contains(string(text), "tunnel = 'cloudflared'") || strings.Contains(string(text), authtoken) {
		t.Errorf(".hfhook.toml: %s, %v", text, err)
	}

	// Back to ngrok, and to none.
	s.keys("t")
	s.await("ngrok")
	s.keys("n")
	waittest.Until(t, "that the webhook follows back", func() bool { return hub.Webhooks()[0].URL == first })
	if d := emit(t, hub); !d.OK() {
		t.Errorf("back at ngrok the Hub was answered %v", d.Statuses)
	}
	s.keys("q")
	s.await("code 0")
	waittest.Until(t, "that the webhook is disabled", func() bool { return hub.Webhooks()[0].Disabled == true })
}
