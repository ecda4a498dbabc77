package main

// The machine that hfhook is tortured on: its directory, its processes, and the figures.

import (
	"bufio"
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"hfhook/event"
	"hfhook/payload/sample"
)

// patience is how long anything may take before it counts as hanging.
const patience = 2 * time.Minute

const secret = "canary-of-the-torture-7Kq"

// A machine is where hfhook runs.
type machine struct {
	ctx    context.Context
	dir    string
	binary string
	random *locked

	mu    sync.Mutex
	wrong int
	part  string
	began time.Time
}

// A locked source of random numbers can be used by several goroutines.
type locked struct {
	mu  sync.Mutex
	rnd *rand.Rand
}

func (l *locked) n(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rnd.IntN(n)
}

func (l *locked) within(d time.Duration) time.Duration { return time.Duration(l.n(int(d))) }

func newMachine(ctx context.Context, seed uint64, binary, dir string) (_ *machine, remove func(), err error) {
	remove = func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "hfhook-torture-"); err != nil {
			return nil, nil, err
		}
		remove = func() { _ = os.RemoveAll(dir) }
	} else if dir, err = filepath.Abs(dir); err != nil {
		return nil, nil, err
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	if binary == "" {
		binary = filepath.Join(dir, "hfhook")
		build := exec.CommandContext(ctx, "go", "build", "-o", binary, "hfhook")
		if out, err := build.CombinedOutput(); err != nil {
			remove()
			return nil, nil, fmt.Errorf("build hfhook: %w: %s", err, out)
		}
	} else if binary, err = filepath.Abs(binary); err != nil {
		return nil, nil, err
	}
	return &machine{ctx: ctx, dir: dir, binary: binary, random: &locked{rnd: rand.New(rand.NewPCG(seed, 1))}}, remove, nil
}

// begin and end frame the figures of a part.
func (m *machine) begin(part string) {
	m.part, m.began = part, time.Now()
	fmt.Printf("\n%s\n", part)
}

func (m *machine) end() { m.figure("time", "%v", time.Since(m.began).Round(time.Second)) }

func (m *machine) figure(name, format string, args ...any) {
	fmt.Printf("  %-48s %s\n", name, fmt.Sprintf(format, args...))
}

// fault counts something that is wrong, and says what.
func (m *machine) fault(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wrong++; m.wrong <= 100 {
		fmt.Fprintf(os.Stderr, "WRONG: %s: %s\n", m.part, fmt.Sprintf(format, args...))
	}
}

// home makes a user's directory.
func (m *machine) home(name string) (string, error) {
	dir := filepath.Join(m.dir, name)
	return dir, os.MkdirAll(dir, 0o700)
}

func environment(home string) []string {
	return []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "WEBHOOK_SECRET=" + secret, "LANG=C.UTF-8"}
}

// A result is how a command has ended.
type result struct {
	args   []string
	code   int // -1: by a signal
	hung   bool
	out    string
	errs   string
	memory int64 // the most that it had, in bytes
}

// run runs a command to its end, or kills it after a time if that is not 0.
func (m *machine) run(home string, kill time.Duration, args ...string) result {
	limit := patience
	if kill > 0 {
		limit = kill
	}
	ctx, cancel := context.WithTimeout(m.ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, m.binary, args...)
	cmd.Env, cmd.Dir = environment(home), home
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	r := result{args: args, out: out.String(), errs: errs.String(), code: -1}
	if cmd.ProcessState != nil {
		r.code = cmd.ProcessState.ExitCode()
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			r.memory = usage.Maxrss << 10
		}
	}
	r.hung = kill == 0 && ctx.Err() != nil && m.ctx.Err() == nil
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		r.errs += err.Error()
	}
	return r
}

// check reports what is wrong with how a command has ended: it hung, broke, or failed without
// a word. It returns whether all was well.
func (m *machine) check(r result, codes ...int) bool {
	called := strings.Join(r.args, " ")
	switch {
	case m.ctx.Err() != nil:
		return false
	case r.hung:
		m.fault("hfhook %s did not end within %v: %.500s", called, patience, r.errs)
	case broken(r.out) || broken(r.errs):
		m.fault("hfhook %s broke: %.2000s", called, r.errs)
	case strings.Contains(r.errs, secret):
		m.fault("hfhook %s says the secret: %.500s", called, r.errs)
	case r.code != 0 && strings.TrimSpace(r.errs) == "":
		m.fault("hfhook %s ended with %d and no word", called, r.code)
	default:
		if slices.Contains(append(codes, 0), r.code) {
			return true
		}
		m.fault("hfhook %s ended with %d: %.500s", called, r.code, r.errs)
	}
	return false
}

// broken reports whether a program's words are those of a panic.
func broken(text string) bool {
	return strings.Contains(text, "panic:") || strings.Contains(text, "\ngoroutine ") || strings.Contains(text, "fatal error:")
}

// A session is a running hfhook dev.
type session struct {
	cmd   *exec.Cmd
	url   string // of its hook
	errs  tail
	ended chan struct{}
}

// dev starts a session, and returns when it takes requests.
func (m *machine) dev(home string, args ...string) (*session, error) {
	s := &session{ended: make(chan struct{})}
	s.cmd = exec.Command(m.binary, append([]string{"dev", "--json", "--tunnel", "none", "--addr", "127.0.0.1:0"}, args...)...)
	s.cmd.Env, s.cmd.Dir = environment(home), home
	s.cmd.Stderr = &s.errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan string, 1)
	go func() {
		defer close(s.ended)
		lines := bufio.NewReader(out)
		for {
			text, err := lines.ReadBytes('\n')
			var line struct {
				Type string
				URL  string `json:"local_url"`
			}
			if json.Unmarshal(text, &line) == nil && line.Type == "ready" {
				ready <- line.URL
				break
			}
			if err != nil {
				break
			}
		}
		_, _ = io.Copy(io.Discard, lines)
		_ = s.cmd.Wait()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case s.url = <-ready:
		return s, nil
	case <-s.ended:
		return s, fmt.Errorf("hfhook dev ended with %d: %s", s.cmd.ProcessState.ExitCode(), s.errs.String())
	case <-timer.C:
		s.kill()
		return s, fmt.Errorf("hfhook dev is not ready within %v: %s", patience, s.errs.String())
	case <-m.ctx.Done():
		s.kill()
		return s, m.ctx.Err()
	}
}

// kill kills the session, and waits for its end.
func (s *session) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}

// stop ends the session as a person does. It reports whether that was in order.
func (m *machine) stop(s *session) bool {
	_ = s.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.kill()
		m.fault("hfhook dev does not end")
		return false
	}
	r := result{args: []string{"dev"}, code: s.cmd.ProcessState.ExitCode(), errs: s.errs.String()}
	if r.code == interrupted {
		r.code = 0 // which needs no word
	}
	return m.check(r)
}

// A tail keeps the last of what a process says.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 16 << 10
	t.text = append(t.text, b...)
	if len(t.text) > most {
		t.text = append(t.text[:0], t.text[len(t.text)-most:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// An answer is what the sender of an event was told.
type answer struct {
	status int
	id     event.ID
	retry  string // the header Retry-After
	text   string
}

// post sends an event as the Hub does. An empty host is that of the URL.
func post(ctx context.Context, client *http.Client, url string, body []byte, host string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if host != "" {
		req.Host = host
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Webhook-Secret", secret)
	req.Header.Set("Webhook-Id", crand.Text()) // or the same body could be the same delivery
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	var stored struct{ ID event.ID }
	_ = json.Unmarshal(text, &stored)
	return answer{resp.StatusCode, stored.ID, resp.Header.Get("Retry-After"), string(text)}, nil
}

// newClient returns a client that keeps its connections, and a function that closes them.
func newClient(connections int) (*http.Client, func()) {
	transport := &http.Transport{MaxIdleConnsPerHost: connections}
	return &http.Client{Transport: transport, Timeout: patience}, transport.CloseIdleConnections
}

// body is that of a random event, with extra bytes in it.
func (m *machine) body(extra int) ([]byte, error) {
	names := sample.Names()
	body, err := sample.New(names[m.random.n(len(names))], sample.Options{})
	if err != nil || extra == 0 {
		return body, err
	}
	end := bytes.LastIndexByte(body, '}')
	if end < 0 {
		return nil, fmt.Errorf("a sample is %.100q", body)
	}
	return fmt.Appendf(body[:end:end], `,"extra":%q}`, strings.Repeat("x", extra)), nil
}
