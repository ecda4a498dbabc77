//go:build unix

package e2e

// The examples as their READMEs have them run: each command word for word.

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// blocks are the blocks of code of a language in a text.
func blocks(text, language string) []string {
	var all []string
	for _, rest := range strings.Split(text, "```"+language+"\n")[1:] {
		code, _, _ := strings.Cut(rest, "```")
		all = append(all, code)
	}
	return all
}

// A readme is what a text has one type in, in one directory.
type readme struct {
	h       *home
	dir     string
	dev     string // starts the handler, and blocks
	trigger string // makes an event
	answer  string // to it
	p       *process
}

// readReadme takes the commands out of a text, which has one block of each sort.
func readReadme(t *testing.T, text string) *readme {
	t.Helper()
	r := &readme{}
	for _, code := range blocks(text, "sh") {
		switch {
		case strings.Contains(code, "hfhook dev") && strings.Contains(code, " -- "):
			r.dev = code
		case strings.Contains(code, "hfhook trigger"):
			r.trigger = code
		}
	}
	for _, code := range blocks(text, "json") {
		r.answer = strings.TrimSpace(code)
	}
	if r.dev == "" || r.trigger == "" {
		t.Fatalf("the text has no commands to run: %q, %q", r.dev, r.trigger)
	}
	return r
}

// start runs the block of hfhook dev, in a directory, with a fake Hub. Its addresses are
// not the usual ones, since other tests run at the same time.
func (r *readme) start(t *testing.T, dir string) {
	t.Helper()
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch {
		case strings.HasPrefix(req.URL.Path, "/api/jobs/"):
			_, _ = io.WriteString(w, `{"id":"job-1"}`)
		case strings.HasSuffix(req.URL.Path, "/discussions"):
			_, _ = io.WriteString(w, `{"discussions":[]}`)
		case req.URL.Path == "/model":
			_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"Hello."}}]}`)
		default:
			http.NotFound(w, req)
		}
	}))
	t.Cleanup(hub.Close)
	r.h = goHome(t, "HFHOOK_ADDR=127.0.0.1:0", "HFHOOK_TUNNEL=none", "HFHOOK_JSON=true", "PORT="+freePort(t),
		"HF_ENDPOINT="+hub.URL, "MODEL_URL="+hub.URL+"/model", "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH"))
	r.dir = dir
	r.h.dir = dir
	// The last command of the block becomes hfhook, so that it gets the signals.
	lines := strings.Split(strings.TrimSpace(r.dev), "\n")
	lines[len(lines)-1] = "exec " + lines[len(lines)-1]
	r.p = r.h.start(exec.Command("sh", "-e", "-c", strings.Join(lines, "\n")))
}

// send runs the block of hfhook trigger and returns what the handler has answered.
func (r *readme) send(t *testing.T) (status float64, answer string) {
	t.Helper()
	address := strings.TrimPrefix(r.p.url, "http://")
	address, _, _ = strings.Cut(address, "/")
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", r.trigger)
	cmd.Env, cmd.Dir = append(r.h.env, "HFHOOK_ADDR="+address, "HFHOOK_JSON="), r.dir
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s%v: %s", r.trigger, err, &errs)
	}
	id, _, _ := strings.Cut(string(out), " ")
	d := r.p.await("the delivery", func(l line) bool { return delivered(id)(l) && l.text("state") == "done" })
	plain := home{t: t, dir: r.dir, env: append(r.h.env, "HFHOOK_JSON=")}
	return d.number("status"), plain.must("show", id, "--deliveries")
}

// TestGoReadmes drives each example by its README.
func TestGoReadmes(t *testing.T) {
	t.Parallel()
	need(t, "go")
	for name, want := range map[string]float64{"handler-go": 200, "discussion-bot": 202, "metadata-review": 200, "auto-retrain": 202} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, err := filepath.Abs(filepath.Join("../examples", name))
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(dir, "README.md"))
			if err != nil {
				t.Fatal(err)
			}
			r := readReadme(t, string(text))
			r.start(t, dir)
			status, answer := r.send(t)
			if status != want || !strings.Contains(answer, r.answer) || r.answer == "" {
				t.Errorf("answered %v, want %v %s:\n%s\n%s", status, want, r.answer, answer, r.p.stderr)
			}
			if code := r.p.stop(); code != 130 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

// TestOtherReadmes drives the handlers in other languages by theirs.
func TestOtherReadmes(t *testing.T) {
	t.Parallel()
	for name, program := range map[string]string{"handler-python": "python3", "handler-node": "node", "handler-fastapi": debianPython} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			need(t, program)
			text, err := os.ReadFile(filepath.Join("../examples", name, "README.md"))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir() // these write caches beside their code
			if err := os.CopyFS(dir, os.DirFS(filepath.Join("../examples", name))); err != nil {
				t.Fatal(err)
			}
			r := readReadme(t, string(text))
			if name == "handler-fastapi" {
				if err := exec.Command(debianPython, "-c", "import fastapi, uvicorn").Run(); err != nil {
					need(t, "python3-fastapi and python3-uvicorn") // which is not a program
				}
				// The README has this end of the command for Debian.
				const debian = "-- " + debianPython + " -m uvicorn app:app"
				if !strings.Contains(string(text), "`"+debian+"`") {
					t.Errorf("the README does not say %s", debian)
				}
				r.dev = strings.Replace(r.dev, "-- uvicorn app:app", debian, 1)
			}
			r.start(t, dir)
			if status, answer := r.send(t); status != 200 || !strings.Contains(answer, "queued") {
				t.Errorf("answered %v: %s\n%s", status, answer, r.p.stderr)
			}
			if code := r.p.stop(); code != 130 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

// TestImported follows docs/library.md in a directory outside of it: the module
// that it makes, what that needs, and the loop of writing and running its program.
func TestImported(t *testing.T) {
	t.Parallel()
	need(t, "go")
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	dir := t.TempDir()
	program := blocks(text, "go")[0]
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	r := readReadme(t, text)
	module := ""
	for _, code := range blocks(text, "sh") {
		if strings.Contains(code, "go mod init") {
			module = strings.ReplaceAll(code, "/path/to/hfhook", root)
		}
	}
	h := goHome(t)
	setup := exec.CommandContext(t.Context(), "sh", "-e", "-c", module)
	setup.Env, setup.Dir = h.env, dir
	if out, err := setup.CombinedOutput(); err != nil || module == "" {
		t.Fatalf("%s%v: %s", module, err, out)
	}
	if indirect := lineCount(t, filepath.Join(dir, "go.mod"), "// indirect"); indirect > 4 {
		t.Errorf("the program needs %d modules besides", indirect)
	}
	if sums := lineCount(t, filepath.Join(dir, "go.sum"), ""); sums > 15 {
		t.Errorf("go.sum has %d lines", sums)
	}

	r.start(t, dir)
	if status, answer := r.send(t); status != 200 || !strings.Contains(answer, `{"hello":"me/corpus"}`) {
		t.Errorf("answered %v: %s\n%s", status, answer, r.p.stderr)
	}
	changed := strings.Replace(program, `"hello"`, `"goodbye"`, 1)
	part := filepath.Join(dir, "main.go.part")
	if err := os.WriteFile(part, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(part, filepath.Join(dir, "main.go")); err != nil {
		t.Fatal(err)
	}
	r.p.await("the restart", func(l line) bool {
		return l.text("type") == "handler" && l.number("starts") == 2 && l.text("state") == "running"
	})
	if status, answer := r.send(t); status != 200 || !strings.Contains(answer, `{"goodbye":"me/corpus"}`) {
		t.Errorf("answered %v: %s\n%s", status, answer, r.p.stderr)
	}
	if code := r.p.stop(); code != 130 {
		t.Errorf("exit code %d", code)
	}
}

// lineCount counts the lines of a file that have a text in them.
func lineCount(t *testing.T, name, with string) int {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for scan := bufio.NewScanner(f); scan.Scan(); {
		if strings.Contains(scan.Text(), with) {
			n++
		}
	}
	return n
}
