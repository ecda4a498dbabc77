//go:build unix

// Package e2e runs the real binary as its users do: real processes, a real store, a
// terminal, handlers in other languages, and a fake ngrok service that speaks the
// real protocol.
package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hfhook/internal/tunneltest"
	"hfhook/internal/waittest"
)

// canary is the secret of every test. It must turn up nowhere.
const canary = "canary-7Kq_secret-must-not-leak"

// deadline is when a wait is given up.
const deadline = waittest.Limit

var binary string

func TestMain(m *testing.M) {
	if os.Getenv(tunneltest.ControlVariable) != "" {
		tunneltest.CloudflaredMain()
	}
	// An agent may run the tests: what hfhook prints does not depend on that.
	os.Unsetenv("AI_AGENT")
	os.Unsetenv("AGENT")
	dir, err := os.MkdirTemp("", "hfhook-e2e-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "hfhook")
	build := exec.Command("go", "build", "-o", binary, "..")
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err == nil {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// need stops a test where a program that it drives is missing: with a failure in the
// gate, where everything has to be there, else with a message.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
	return path
}

// A home is a user's directory: everything that hfhook keeps is in it.
type home struct {
	t   *testing.T
	dir string
	env []string
}

func newHome(t *testing.T, env ...string) *home {
	t.Helper()
	dir := t.TempDir()
	return &home{t: t, dir: dir, env: append([]string{
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "WEBHOOK_SECRET=" + canary, "LANG=C.UTF-8",
	}, env...)}
}

func (h *home) store() string { return filepath.Join(h.dir, ".local/share/hfhook/events.db") }

// run runs a command to its end.
func (h *home) run(args ...string) (stdout, stderr string, code int) {
	h.t.Helper()
	cmd := exec.CommandContext(h.t.Context(), binary, args...)
	cmd.Env, cmd.Dir = h.env, h.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		h.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must is run for a command that has to succeed.
func (h *home) must(args ...string) string {
	h.t.Helper()
	out, errs, code := h.run(args...)
	if code != 0 {
		h.t.Fatalf("hfhook %s: exit code %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

// A process is a running `hfhook dev --json`.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string // of the local hook
	stderr *lockedBuffer
	ended  chan struct{}

	mu      sync.Mutex
	lines   []line
	changed chan struct{}
}

// A line is one JSON object of the output.
type line map[string]any

func (l line) text(key string) string { s, _ := l[key].(string); return s }

func (l line) number(key string) float64 { n, _ := l[key].(float64); return n }

// dev starts a session and waits until requests are taken.
func (h *home) dev(args ...string) *process {
	h.t.Helper()
	return h.start(exec.Command(binary, devArgs(args...)...))
}

// devArgs are the arguments of a session that start can follow.
func devArgs(args ...string) []string {
	return append([]string{"dev", "--json", "--addr", "127.0.0.1:0"}, args...)
}

// start is dev for a command that becomes hfhook.
func (h *home) start(cmd *exec.Cmd) *process {
	h.t.Helper()
	p := &process{t: h.t, cmd: cmd, stderr: &lockedBuffer{}, ended: make(chan struct{}), changed: make(chan struct{})}
	p.cmd.Env, p.cmd.Dir = h.env, h.dir
	p.cmd.Stderr = p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { p.kill() })
	go p.read(out)
	ready := p.await("the ready line", func(l line) bool { return l.text("type") == "ready" })
	p.url = ready.text("local_url")
	return p
}

func (p *process) read(out io.Reader) {
	defer close(p.ended)
	scan := bufio.NewScanner(out)
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		l := line{}
		if err := json.Unmarshal(scan.Bytes(), &l); err != nil {
			l = line{"type": "broken", "text": scan.Text()}
		}
		p.mu.Lock()
		p.lines = append(p.lines, l)
		close(p.changed)
		p.changed = make(chan struct{})
		p.mu.Unlock()
	}
	_ = p.cmd.Wait()
}

// await returns the first line that fits, whether it has come already or comes later.
func (p *process) await(what string, fits func(line) bool) line {
	p.t.Helper()
	return p.awaitN(what, 1, fits)[0]
}

// awaitN returns the first n lines that fit.
func (p *process) awaitN(what string, n int, fits func(line) bool) []line {
	p.t.Helper()
	limit := time.After(deadline)
	for {
		ended := p.over()
		p.mu.Lock()
		var found []line
		for _, l := range p.lines {
			if fits(l) {
				found = append(found, l)
			}
		}
		changed := p.changed
		p.mu.Unlock()
		if len(found) >= n {
			return found[:n]
		}
		if ended {
			p.t.Fatalf("hfhook ended before %s: %s", what, p.stderr)
		}
		select {
		case <-changed:
		case <-p.ended: // its last lines are looked at once more
		case <-limit:
			p.t.Fatalf("%s did not come; %d of %d, stderr %s", what, len(found), n, p.stderr)
		}
	}
}

// over reports whether the process has ended, and all its lines are read.
func (p *process) over() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// delivered fits the delivery of an event.
func delivered(id string) func(line) bool {
	return func(l line) bool { return l.text("type") == "delivery" && l.text("event") == id }
}

// stop ends the session as a person does, and returns its exit code.
func (p *process) stop() int {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-p.ended:
	case <-time.After(deadline):
		p.t.Fatal("hfhook does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// post sends a body as the Hub does.
func post(t testing.TB, client *http.Client, url string, body []byte, header ...string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

const withSecret = "X-Webhook-Secret: " + canary

// storedID is the id in the answer to a request that was taken.
func storedID(t *testing.T, status int, answer string) string {
	t.Helper()
	var stored struct{ ID, Status string }
	if err := json.Unmarshal([]byte(answer), &stored); err != nil || status != 200 || stored.Status != "stored" || stored.ID == "" {
		t.Fatalf("answered %d %s, want the id of the stored event", status, answer)
	}
	return stored.ID
}

// hubBodies are the example bodies that a receiver of version 3 takes, by file.
func hubBodies(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../payload/testdata/hub/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("found %d example bodies, %v", len(files), err)
	}
	bodies := map[string][]byte{}
	for _, file := range files {
		name := filepath.Base(file)
		refused := strings.HasPrefix(name, "legacy-v2") || name == "hubdocs-fragments.json" ||
			name == "constructed-invalid-missing-event.json" || name == "constructed-invalid-missing-webhook.json"
		if refused {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bodies[name] = body
	}
	return bodies
}

// lockedBuffer is a buffer that a process writes while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A catcher is a handler that keeps what it gets.
type catcher struct {
	mu  sync.Mutex
	got []caught
}

type caught struct {
	path   string
	header http.Header
	body   []byte
}

// onlyAsked answers what is not an event: hfhook asks a handler what it takes.
func onlyAsked(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodPost {
		http.NotFound(w, r)
	}
	return r.Method != http.MethodPost
}

func (c *catcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if onlyAsked(w, r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	c.got = append(c.got, caught{r.RequestURI, r.Header.Clone(), body})
	c.mu.Unlock()
	fmt.Fprint(w, `{"ok":true}`)
}

func (c *catcher) all() []caught {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]caught(nil), c.got...)
}
