//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/internal/ngroktest"
)

// withNgrok gives a home the account of a fake ngrok service, in the configuration
// file of ngrok's own agent.
func (h *home) withNgrok(service *ngroktest.Service, authtoken string) {
	h.t.Helper()
	ca, err := service.CAFile(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	dir := filepath.Join(h.dir, ".config", "ngrok")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		h.t.Fatal(err)
	}
	text := fmt.Sprintf("version: 3\nagent:\n  authtoken: %s\n  connect_url: %s\n  connect_cas: %s\n", authtoken, service.ConnectURL(), ca)
	if err := os.WriteFile(filepath.Join(dir, "ngrok.yml"), []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	h.env = append(h.env, "SSL_CERT_FILE="+ca)
}

// tunnelIs fits a state of the tunnel.
func tunnelIs(state string) func(line) bool {
	return func(l line) bool { return l.text("type") == "state" && l.text("state") == state }
}

// TestMainJob sends every example body to the public URL of the fake service: it is
// told, on disk, and at the handler on the path that it was sent to, byte for byte;
// and after a restart it can be replayed.
func TestMainJob(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	handler := &catcher{}
	target := httptest.NewServer(handler)
	t.Cleanup(target.Close)
	h := newHome(t)
	h.withNgrok(service, "token_for_the_main_job")
	p := h.dev(target.URL)
	up := p.await("the tunnel", tunnelIs("up"))
	public := up.text("url")
	if !strings.HasPrefix(public, "https://") || !strings.HasSuffix(public, "/webhooks") {
		t.Fatalf("the public URL is %q", public)
	}

	bodies := hubBodies(t)
	ids := map[string]string{} // by file
	for name, body := range bodies {
		path := "/" + strings.TrimSuffix(name, ".json")
		status, answer := post(t, service.Client(), public+path, body, withSecret, "Webhook-Id: "+name)
		ids[name] = storedID(t, status, answer)
	}
	for name, id := range ids {
		if e := p.await("the event of "+name, func(l line) bool { return l.text("id") == id }); e.text("delivery_id") != name {
			t.Errorf("%s: event %v", name, e)
		}
		if d := p.await("the delivery of "+name, delivered(id)); d.number("status") != 200 {
			t.Errorf("%s: delivery %v", name, d)
		}
		if raw := h.must("show", id, "--raw"); raw != string(bodies[name]) {
			t.Errorf("%s: on disk are other bytes", name)
		}
	}
	arrived := func() map[string]caught {
		byID := map[string]caught{}
		for _, c := range handler.all() {
			byID[c.header.Get("X-Hfhook-Event-Id")+" "+c.header.Get("X-Hfhook-Replay")] = c
		}
		return byID
	}
	live := arrived()
	for name, id := range ids {
		c := live[id+" "]
		if c.path != "/webhooks/"+strings.TrimSuffix(name, ".json") || !bytes.Equal(c.body, bodies[name]) {
			t.Errorf("%s: the handler got %d bytes on %q", name, len(c.body), c.path)
		}
		if c.header.Get("Webhook-Id") != name || c.header.Get("X-Webhook-Secret") != canary || c.header.Get("X-Forwarded-For") != "" {
			t.Errorf("%s: the handler got the headers %v", name, c.header)
		}
	}
	if code := p.stop(); code != 130 {
		t.Errorf("exit code %d after an interrupt, want 130", code)
	}

	// After the end the events are there, and go out again.
	again := h.dev("--tunnel", "none")
	for name, id := range ids {
		h.must("replay", id, "--to", target.URL)
		if c := arrived()[id+" 2"]; !bytes.Equal(c.body, bodies[name]) {
			t.Errorf("%s: the replay has %d bytes", name, len(c.body))
		}
	}
	again.stop()
}

// TestTunnelComesBack cuts the connection to the service: the URL stays, and events
// come through again.
func TestTunnelComesBack(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t)
	h.withNgrok(service, "token")
	p := h.dev()
	public := p.await("the tunnel", tunnelIs("up")).text("url")
	service.Cut()
	p.await("the loss", func(l line) bool {
		return l.text("type") == "state" && l.text("state") != "up" && l.text("url") == public && l.text("error") != ""
	})
	back := p.awaitN("the recovery", 2, tunnelIs("up"))[1]
	if back.text("url") != public {
		t.Errorf("the tunnel came back as %s, was %s", back.text("url"), public)
	}
	status, answer := post(t, service.Client(), public, hubBodies(t)["constructed-repo-create-model.json"], withSecret)
	storedID(t, status, answer)
}

// TestTunnelRefused: what the service says about a bad account is told with a fix and
// without the authtoken, and ends a session that asked for the tunnel by name.
func TestTunnelRefused(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{Authtokens: []string{"good"}})
	h := newHome(t)
	h.withNgrok(service, "bad_token_2fQ")
	p := h.dev()
	refused := p.await("the refusal", tunnelIs("down"))
	if refused.text("code") != "ERR_NGROK_107" || refused.text("fix") == "" {
		t.Errorf("refused as %v", refused)
	}
	// Everything but receiving from the Hub works.
	status, answer := post(t, http.DefaultClient, p.url, hubBodies(t)["constructed-repo-create-model.json"], withSecret)
	storedID(t, status, answer)
	p.stop()
	out, errs, code := h.run("dev", "--json", "--addr", "127.0.0.1:0", "--tunnel", "ngrok")
	if code != 7 || !strings.Contains(errs, "Try: ") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	log, err := os.ReadFile(filepath.Join(h.dir, ".local/state/hfhook/hfhook.log"))
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{out, errs, string(log), p.stderr.String(), fmt.Sprint(p.lines)}
	if slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "bad_token_2fQ") }) {
		t.Error("the authtoken is in the output or the log")
	}
}

// TestOwnURL: a public URL of one's own is up once it points here.
func TestOwnURL(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	first := h.dev("--tunnel", "none", "--addr", "127.0.0.1:"+freePort(t))
	base := strings.TrimSuffix(first.url, "/webhooks")
	// The first session's address does not lead to the second session.
	second := h.dev("--url", base)
	st := second.await("the probe that goes elsewhere", func(l line) bool { return l.text("type") == "state" && l.text("error") != "" })
	if st.text("state") == "up" {
		t.Errorf("state %v", st)
	}
	second.stop()
	port := base[strings.LastIndex(base, ":")+1:]
	first.stop()
	third := h.dev("--addr", "127.0.0.1:"+port, "--url", base)
	if up := third.await("the tunnel", tunnelIs("up")); up.text("url") != base+"/webhooks" {
		t.Errorf("up as %v", up)
	}
}

// TestTunnelLines: what is said of the tunnel is said once, with the real time of the next
// attempt, and its end is not an error.
func TestTunnelLines(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t)
	h.withNgrok(service, "token")
	p := h.dev()
	p.await("the tunnel", tunnelIs("up"))
	service.RefuseRebind("The endpoint 'https://a.example' is already online.\r\n\r\nERR_NGROK_334")
	service.Cut()
	waiting := p.await("the trouble", tunnelIs("waiting"))
	if !strings.HasPrefix(waiting.text("error"), "Another hfhook or ngrok agent serves this URL") || waiting.text("code") != "ERR_NGROK_334" {
		t.Errorf("the cause is not our own: %v", waiting)
	}
	if at, err := time.Parse(time.RFC3339, waiting.text("retry_at")); err != nil || time.Until(at) > 30*time.Second {
		t.Errorf("the next attempt is at %v, %v", waiting, err)
	}
	p.awaitN("the recovery", 2, tunnelIs("up"))
	p.stop()
	var states []string
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.lines {
		if l.text("part") == "tunnel" {
			states = append(states, l.text("state"))
		}
	}
	// After a loss the link is restored by the SDK, or by another session if it is refused too often.
	want := []string{"connecting", "connecting", "up", "connecting", "waiting", "connecting", "up"}
	if !slices.Equal(states, want) {
		t.Errorf("states %q, want %q", states, want)
	}
	if strings.Contains(p.stderr.String(), "level=") {
		t.Errorf("the trouble is told on stderr, too: %s", p.stderr)
	}
}

// TestTunnelNeverUp: a tunnel that was asked for, and never came up, is a failure at the end.
func TestTunnelNeverUp(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	_, errs, code := h.run("dev", "--json", "--addr", "127.0.0.1:0", "--tunnel", "ssh://me@127.0.0.1:1", "--for", "200ms")
	if code != 7 || !strings.Contains(errs, "the tunnel never came up: the SSH server cannot be reached: connection refused") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

// TestURLOfLastTime: another public URL than that of the last run is told of.
func TestURLOfLastTime(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t)
	h.withNgrok(service, "token")
	warned := func(l line) bool { return l.text("part") == "url" }
	first := h.dev()
	was := first.await("the tunnel", tunnelIs("up")).text("url")
	await(t, "the URL to be kept", func() bool {
		kept, err := filepath.Glob(filepath.Join(h.dir, ".local/state/hfhook/urls/*.json"))
		return err == nil && len(kept) == 1
	})
	first.stop()
	service.Move(strings.Replace(service.EdgeURL(), "localhost", "127.0.0.1", 1))
	second := h.dev()
	now := second.await("the tunnel", tunnelIs("up")).text("url")
	if l := second.await("the warning", warned); !strings.Contains(l.text("text"), was) || l.text("url") != now || l.text("state") != "warning" {
		t.Errorf("from %s to %s: %v", was, now, l)
	}
	second.stop()
	third := h.dev()
	third.await("the tunnel", tunnelIs("up"))
	third.stop()
	third.mu.Lock()
	defer third.mu.Unlock()
	if slices.ContainsFunc(third.lines, warned) || slices.ContainsFunc(first.lines, warned) {
		t.Errorf("the same URL is told of: %v", third.lines)
	}
}
