//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// runHandler starts a handler in another process and returns its address, which it
// prints.
func runHandler(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = []string{"WEBHOOK_SECRET=" + canary, "PORT=0", "PATH=/usr/bin:/bin"}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the handler did not start: %v", err)
		}
		if _, address, ok := strings.Cut(strings.TrimSpace(line), "http://"); ok {
			address, _, _ = strings.Cut(address, "/")
			return address
		}
	}
}

func TestPythonHandler(t *testing.T) {
	t.Parallel()
	python := need(t, "python3")
	script, err := filepath.Abs("../examples/handler-python/handler.py")
	if err != nil {
		t.Fatal(err)
	}
	address := runHandler(t, python, "-u", script)
	h := newHome(t)
	p := h.dev("--tunnel", "none", address)
	body := hubBodies(t)["constructed-discussion-comment-create.json"]
	status, answer := post(t, http.DefaultClient, p.url+"/say_hello", body, withSecret)
	id := storedID(t, status, answer)
	if d := p.await("the delivery", delivered(id)); d.number("status") != 200 {
		t.Errorf("delivery %v", d)
	}
	shown := h.must("show", id, "--deliveries")
	for _, want := range []string{`"path": "/webhooks/say_hello"`, fmt.Sprintf(`"bytes": %d`, len(body)), id} {
		if !strings.Contains(shown, want) {
			t.Errorf("the recorded answer lacks %s:\n%s", want, shown)
		}
	}
}

func TestGoHandler(t *testing.T) {
	t.Parallel()
	handler := filepath.Join(t.TempDir(), "handler")
	if out, err := exec.Command("go", "build", "-o", handler, "../examples/handler-go").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	address := runHandler(t, handler)
	h := newHome(t)
	p := h.dev("--tunnel", "none", address)
	status, answer := post(t, http.DefaultClient, p.url+"/say_hello", hubBodies(t)["constructed-repo-content-update-main-push.json"], withSecret)
	id := storedID(t, status, answer)
	if d := p.await("the delivery", delivered(id)); d.number("status") != 200 {
		t.Errorf("delivery %v", d)
	}
	if shown := h.must("show", id, "--deliveries"); !strings.Contains(shown, `"status":"ignored"`) {
		t.Errorf("the recorded answer is not the handler's:\n%s", shown)
	}
}

// TestTroublesomeHandlers sends each event to handlers that fail in their own ways:
// capture and the good handler go on, and each delivery says what happened.
func TestTroublesomeHandlers(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-release
	}))
	t.Cleanup(hangs.Close)
	t.Cleanup(func() { close(release) })
	fails := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "KeyError: 'eval'", http.StatusInternalServerError)
	}))
	t.Cleanup(fails.Close)
	large := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(bytes.Repeat([]byte("x"), 10<<20))
	}))
	t.Cleanup(large.Close)
	good := &catcher{}
	goodServer := httptest.NewServer(good)
	t.Cleanup(goodServer.Close)
	// An address at which nothing listens.
	down := "127.0.0.1:" + freePort(t)

	h := newHome(t)
	p := h.dev("--tunnel", "none", "--forward", hangs.URL+",name=hangs,timeout=300ms", "--forward", fails.URL+",name=fails",
		"--forward", large.URL+",name=large", "--forward", goodServer.URL+",name=good", "--forward", down+",name=down")
	const events = 20
	ids := map[string]bool{}
	for i := range events {
		body := hubBodies(t)["constructed-repo-content-update-main-push.json"]
		status, answer := post(t, http.DefaultClient, p.url, body, withSecret, fmt.Sprintf("Webhook-Id: trouble-%d", i))
		ids[storedID(t, status, answer)] = true
	}
	to := func(address string) func(line) bool {
		return func(l line) bool {
			return l.text("type") == "delivery" && strings.HasPrefix(l.text("target"), address)
		}
	}
	for _, d := range p.awaitN("the deliveries to the good handler", events, to(goodServer.URL)) {
		if d.number("status") != 200 || !ids[d.text("event")] {
			t.Errorf("delivery to the good handler: %v", d)
		}
	}
	if d := p.await("the answer 500", to(fails.URL)); d.number("status") != 500 {
		t.Errorf("delivery to the failing handler: %v", d)
	}
	if d := p.await("the time limit", to(hangs.URL)); d.number("status") != 0 || !strings.Contains(d.text("error"), "no answer within 300ms") {
		t.Errorf("delivery to the hanging handler: %v", d)
	}
	if d := p.await("the large answer", to(large.URL)); d.number("status") != 200 {
		t.Errorf("delivery to the handler with 10 MB: %v", d)
	}
	if d := p.await("the refused connection", to("http://"+down)); d.text("state") != "waiting" || !strings.Contains(d.text("error"), "refused") {
		t.Errorf("delivery to no handler: %v", d)
	}

	// The handler comes up: all that was held for it arrives, in order.
	held := &catcher{}
	ln, err := net.Listen("tcp", down)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: held}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	p.awaitN("the held events", events, func(l line) bool { return to("http://"+down)(l) && l.number("status") == 200 })
	last := ""
	for _, got := range held.all() {
		id := got.header.Get("X-Hfhook-Event-Id")
		if id <= last {
			t.Errorf("%s came after %s", id, last)
		}
		last = id
	}
}
