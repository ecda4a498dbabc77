//go:build unix

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hfhook/internal/port"
	"hfhook/internal/port/porttest"
	"hfhook/internal/waittest"
)

// An example is one of the handlers in examples, as its README has it run.
type example struct {
	name, dir string
	file      string // that is edited
	old, new  string // in it: the status of an ignored event
	reload    string
	command   func(t *testing.T, dir string) []string // in the directory of the copy
}

// debianPython is the one that Debian's packages are for.
const debianPython = "/usr/bin/python3"

var exampleHandlers = []example{
	{
		"python", "handler-python", "handler.py", `"ignored"`, `"passed over"`, "*.py",
		func(t *testing.T, _ string) []string { return []string{need(t, "python3"), "handler.py"} },
	},
	{
		"fastapi", "handler-fastapi", "app.py", `"ignored"`, `"passed over"`, "*.py",
		func(t *testing.T, _ string) []string {
			if err := exec.Command(need(t, debianPython), "-c", "import fastapi, uvicorn").Run(); err != nil {
				need(t, "python3-fastapi and python3-uvicorn") // which is not a program
			}
			return []string{debianPython, "-m", "uvicorn", "app:app"}
		},
	},
	{
		"node", "handler-node", "handler.mjs", `"ignored"`, `"passed over"`, "*.mjs",
		func(t *testing.T, _ string) []string { return []string{need(t, "node"), "handler.mjs"} },
	},
	{
		"go", "handler-go", "main.go", `"ignored"`, `"passed over"`, "*.go",
		// The example is part of this module: the copy stands in its place there.
		func(t *testing.T, dir string) []string {
			root, err := filepath.Abs("..")
			if err != nil {
				t.Fatal(err)
			}
			overlay := map[string]map[string]string{"Replace": {filepath.Join(root, "examples/handler-go/main.go"): filepath.Join(dir, "main.go")}}
			text, err := json.Marshal(overlay)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(t.TempDir(), "overlay.json")
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
			return []string{need(t, "go"), "run", "-C", root, "-overlay", name, "./examples/handler-go"}
		},
	},
}

// copied copies an example into the user's directory.
func (e *example) copied(h *home) {
	h.t.Helper()
	if err := os.CopyFS(h.dir, os.DirFS(filepath.Join("../examples", e.dir))); err != nil {
		h.t.Fatal(err)
	}
}

// edit changes the example, as an editor does that puts the file in place whole: half of
// it would be a change of its own.
func (e *example) edit(h *home, old, new string) {
	h.t.Helper()
	name := filepath.Join(h.dir, e.file)
	text, err := os.ReadFile(name)
	if err != nil {
		h.t.Fatal(err)
	}
	changed := strings.Replace(string(text), old, new, 1)
	if changed == string(text) {
		h.t.Fatalf("%s has no %s", e.file, old)
	}
	part := name + ".part"
	if err := errors.Join(os.WriteFile(part, []byte(changed), 0o600), os.Rename(part, name)); err != nil {
		h.t.Fatal(err)
	}
}

// goHome is a home in which the go command finds its caches.
func goHome(t *testing.T, env ...string) *home {
	t.Helper()
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	return newHome(t, env...)
}

// freePort is a port on which nothing listens.
func freePort(t testing.TB) string {
	t.Helper()
	number, err := porttest.Free()
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// TestExamples runs each example by hfhook itself: an event, its replay, an edit of the
// code, and what the same event is answered then.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, e := range exampleHandlers {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			number := freePort(t)
			h := goHome(t, "PORT="+number)
			e.copied(h)
			args := append([]string{"--tunnel", "none", "--reload", e.reload, "--on-restart", "last", "--"}, e.command(t, h.dir)...)
			p := h.dev(args...)
			push := hubBodies(t)["constructed-repo-content-update-main-push.json"]
			status, answer := post(t, http.DefaultClient, p.url+"/say_hello", push, withSecret)
			id := storedID(t, status, answer)
			p.await("the delivery", func(l line) bool { return delivered(id)(l) && l.number("status") == 200 })
			if shown := h.must("show", id, "--deliveries"); !strings.Contains(shown, "ignored") {
				t.Errorf("the recorded answer is not the handler's:\n%s", shown)
			}
			if out, errs, code := h.run("replay", "@last", "--to", number, "--fail-on-change"); code != 0 {
				t.Errorf("replay: exit code %d: %s%s", code, out, errs)
			}
			// Somebody who has not the secret gets nothing.
			if status, answer := post(t, http.DefaultClient, "http://127.0.0.1:"+number+"/webhooks/say_hello", push, "X-Webhook-Secret: wrong"); status != 403 && status != 401 {
				t.Errorf("with a wrong secret: %d %s", status, answer)
			}

			e.edit(h, e.old, e.new)
			back := p.await("the restart", func(l line) bool { return l.text("type") == "restart" })
			results, _ := back["results"].([]any)
			if len(results) != 1 {
				t.Fatalf("restart %v", back)
			}
			result := line(results[0].(map[string]any))
			body, _ := result["body"].(map[string]any)
			now, _ := result["now"].(map[string]any)
			if result.text("event") != id || result["changed"] != true || line(body).number("changed") != 1 || line(now).number("status") != 200 {
				t.Errorf("restart %v", back)
			}
			if shown := h.must("show", id, "--deliveries"); !strings.Contains(shown, "passed over") {
				t.Errorf("the new answer is not recorded:\n%s", shown)
			}
			if code := p.stop(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			if id, ok := port.Listener("127.0.0.1:" + number); ok {
				t.Errorf("the handler outlives hfhook: %s", id)
			}
			if strings.Contains(p.stderr.String(), canary) {
				t.Errorf("the secret is in the output: %s", p.stderr)
			}
		})
	}
}

// TestKilledWithItsHandler: nothing of the handler is left when hfhook is killed.
func TestKilledWithItsHandler(t *testing.T) {
	t.Parallel()
	e := exampleHandlers[0]
	number := freePort(t)
	h := newHome(t, "PORT="+number)
	e.copied(h)
	// The handler is a child of the command.
	p := h.dev("--tunnel", "none", "--", "sh", "-c", strings.Join(e.command(t, h.dir), " ")+"; true")
	address := "127.0.0.1:" + number
	await(t, "the handler", func() bool { _, ok := port.Listener(address); return ok })
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.ended
	await(t, "the handler's end", func() bool { _, ok := port.Listener(address); return !ok })
}

// await waits for what another process does.
func await(t testing.TB, what string, is func() bool) {
	t.Helper()
	waittest.Until(t, what, is)
}

// TestLoopOnTheScreen edits code and sees the result in the status line; then breaks it,
// sees what the handler printed, and fixes it.
func TestLoopOnTheScreen(t *testing.T) {
	t.Parallel()
	e := exampleHandlers[0]
	h := newHome(t, "PORT="+freePort(t))
	e.copied(h)
	s := h.show(100, 30, append([]string{"dev", "--tunnel", "none", "--addr", "127.0.0.1:0", "--reload", "'*.py'", "--on-restart", "last", "--"}, e.command(t, h.dir)...)...)
	s.await("Send a sample event")
	s.keys("n")
	s.await("New synthetic event")
	s.keys("Enter")
	s.await("✓ 200 in", "(repo.content/update, 01")
	e.edit(h, `"ignored"`, `"passed over"`)
	s.await("✓ handler is back: 200 in", "body: 1 changed")
	e.edit(h, "def answer_to", "def def answer_to")
	s.await("✗ the handler ended with exit code 1: H shows what it printed")
	s.keys("H")
	s.await("Handler", "SyntaxError: invalid syntax", "── ended with exit code 1", "K restart")
	s.keys("K")
	s.await("── restarted: on request")
	e.edit(h, "def def answer_to", "def answer_to")
	s.await("✓ handler is back: 200 in", "same body", "✓ running")
	s.keys("q")
	s.await("code 0")
	if text := s.text(); strings.Contains(text, canary) {
		t.Error("the secret is on the screen")
	}
}

// BenchmarkSaveToResult measures from the saving of a file to the result of the replay:
// as a line of --json, and on the screen in a real terminal. The handler's own start, from
// its exec to its port, is measured beside, and taken off: above-ms is what hfhook adds.
func BenchmarkSaveToResult(b *testing.B) {
	python, err := exec.LookPath("python3")
	if err != nil {
		b.Skip(err)
	}
	source, err := os.ReadFile("../examples/handler-python/handler.py")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("line", func(b *testing.B) { benchSave(b, python, string(source), false) })
	b.Run("screen", func(b *testing.B) { benchSave(b, python, string(source), true) })
}

// benchSave saves the handler again and again, each time to answer with another status.
func benchSave(b *testing.B, python, source string, onScreen bool) {
	dir, number := b.TempDir(), freePort(b)
	name, address := filepath.Join(dir, "handler.py"), "127.0.0.1:"+number
	env := []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "WEBHOOK_SECRET=" + canary, "PORT=" + number, "LANG=C.UTF-8"}
	statuses := []int{200, 201}
	save := func(i int) {
		text := strings.Replace(source, "self.answer(200, answer_to", fmt.Sprintf("self.answer(%d, answer_to", statuses[i%2]), 1)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	save(0)
	listens := func() bool { _, ok := port.Listener(address); return ok }
	elsewhere := freePort(b)
	start := func() time.Duration {
		cmd := exec.Command(python, name)
		cmd.Env = append(env, "PYTHONUNBUFFERED=1", "PORT="+elsewhere)
		began := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		waittest.Until(b, "the handler's start", func() bool { _, ok := port.Listener("127.0.0.1:" + elsewhere); return ok })
		took := time.Since(began)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return took
	}

	args := []string{"dev", "--addr", "127.0.0.1:0", "--tunnel", "none", "--reload", "*.py", "--on-restart", "last"}
	if !onScreen {
		args = append(args, "--json")
	}
	args = append(args, "--", python, "handler.py")
	var told func(status int) bool // waits for nothing
	var ready string
	if onScreen {
		tmux, err := exec.LookPath("tmux")
		if err != nil {
			b.Skip(err)
		}
		socket := filepath.Join(dir, "tmux")
		run := append([]string{"-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "-c", dir, "env", "-i"}, env...)
		run = append(append(run, "TERM=tmux-256color", binary), args...)
		if out, err := exec.Command(tmux, run...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		defer func() { _ = exec.Command(tmux, "-S", socket, "kill-server").Run() }()
		text := func() string {
			out, _ := exec.Command(tmux, "-S", socket, "capture-pane", "-p").Output()
			return string(out)
		}
		await(b, "the screen", func() bool { return strings.Contains(text(), "127.0.0.1:") })
		_, rest, _ := strings.Cut(text(), "http://127.0.0.1:")
		ready = "http://127.0.0.1:" + strings.Fields(rest)[0]
		told = func(status int) bool { return strings.Contains(text(), fmt.Sprintf("→ %d in", status)) }
	} else {
		cmd := exec.Command(binary, args...)
		cmd.Env, cmd.Dir = env, dir
		out := &lockedBuffer{}
		cmd.Stdout = out
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		defer func() { _ = cmd.Process.Signal(syscall.SIGINT); _ = cmd.Wait() }()
		last := func(kind string) line {
			lines := strings.Split(out.String(), "\n")
			for i := len(lines) - 2; i >= 0; i-- {
				l := line{}
				if json.Unmarshal([]byte(lines[i]), &l) == nil && l.text("type") == kind {
					return l
				}
			}
			return nil
		}
		await(b, "the ready line", func() bool { return last("ready") != nil })
		ready = last("ready").text("local_url")
		told = func(status int) bool {
			results, _ := last("restart")["results"].([]any)
			if len(results) == 0 {
				return false
			}
			result, _ := results[0].(map[string]any)
			now, _ := result["now"].(map[string]any)
			return line(now).number("status") == float64(status)
		}
	}
	await(b, "the handler", listens)
	body, err := os.ReadFile("../payload/testdata/hub/constructed-repo-content-update-main-push.json")
	if err != nil {
		b.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, ready, strings.NewReader(string(body)))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("X-Webhook-Secret", canary)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	_ = resp.Body.Close()

	var all, own []time.Duration
	for i := 0; b.Loop(); i++ {
		save(i + 1)
		began := time.Now()
		waittest.Until(b, "the result", func() bool { return told(statuses[(i+1)%2]) })
		all = append(all, time.Since(began))
		b.StopTimer()
		own = append(own, start()) // in turns: other load on the machine falls on both
		b.StartTimer()
	}
	whole := median(all)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(whole), "ms/result")
	b.ReportMetric(milliseconds(median(own)), "ms/own-start")
	b.ReportMetric(milliseconds(whole-median(own)), "ms/above")
	b.ReportMetric(milliseconds(all[0]-own[0]), "ms/above-best")
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
