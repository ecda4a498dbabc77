//go:build unix

package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nodeHandler listens as a Node program does whose localhost is ::1.
const nodeHandler = `
const http = require('node:http')
http.createServer((req, res) => { req.resume(); req.on('end', () => res.end(req.headers.host + ' ' + ('x-webhook-secret' in req.headers))) })
  .listen(Number(process.env.PORT), '::1', function () { console.log('http://[::1]:' + this.address().port) })
`

// TestHandlerOnIPv6 reaches a handler that listens on ::1 alone by its port: one that runs
// already, and one that hfhook starts.
func TestHandlerOnIPv6(t *testing.T) {
	t.Parallel()
	node := need(t, "node")
	h := newHome(t)
	script := filepath.Join(h.dir, "handler.js")
	if err := os.WriteFile(script, []byte(nodeHandler), 0o600); err != nil {
		t.Fatal(err)
	}
	body := hubBodies(t)["constructed-repo-content-update-main-push.json"]
	take := func(t *testing.T, p *process, id string) {
		t.Helper()
		status, answer := post(t, http.DefaultClient, p.url, body, withSecret, "Webhook-Id: "+id)
		event := storedID(t, status, answer)
		l := p.await("the delivery", func(l line) bool { return delivered(event)(l) && l.text("state") == "done" })
		if l.number("status") != 200 || !strings.HasPrefix(l.text("target"), "http://127.0.0.1:") {
			t.Fatalf("%v", l)
		}
		shown := h.must("show", event, "--deliveries")
		if !strings.Contains(shown, "true") {
			t.Errorf("the handler has no secret:\n%s", shown)
		}
	}
	t.Run("by its port", func(t *testing.T) {
		address := runHandler(t, node, script)
		p := h.dev("--tunnel", "none", address[strings.LastIndex(address, ":")+1:])
		take(t, p, "one")
		p.stop()
	})
	t.Run("started", func(t *testing.T) {
		p := h.dev("--tunnel", "none", "--", "node", script)
		take(t, p, "two")
		p.stop()
	})
}
