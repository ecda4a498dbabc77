//go:build unix

package e2e

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hfhook/internal/picture"
)

var updateDemo = flag.Bool("update-demo", false, "write docs/demo.svg from what the quick start shows")

// A demo collects what a terminal shows, for the animation of the README.
type demo struct {
	s      *screen
	frames []picture.Frame
}

func (d *demo) frame(hold time.Duration) {
	d.frames = append(d.frames, picture.Frame{Text: strings.TrimSuffix(d.s.tmux("capture-pane", "-e", "-p"), "\n"), Hold: hold})
}

// TestQuickStart does what the README's quick start says, word for word: a failing
// handler, a file that is saved, the same event again, and a test that passes.
func TestQuickStart(t *testing.T) {
	t.Parallel()
	debianFastAPI(t)
	whole, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(whole), "\n## Quick start\n")
	text, _, _ = strings.Cut(text, "\n## ")
	app := blocks(text, "python")[0]
	commands := blocks(text, "sh")
	var words []string // between backticks
	for i, part := range strings.Split(strings.ReplaceAll(text, "```", ""), "`") {
		if i%2 == 1 {
			words = append(words, part)
		}
	}
	pair := func(first string) (old, fixed string) {
		for i, word := range words[:len(words)-1] {
			if word == first {
				return word, words[i+1]
			}
		}
		t.Fatalf("the README does not say what to put in place of %s", first)
		return "", ""
	}
	old, fixed := pair(`payload["updatedRefs"][0]["newSha"]`)

	programs := t.TempDir()
	for _, name := range []string{"uvicorn", "pytest"} {
		script := "#!/bin/sh\nexec " + debianPython + " -m " + name + " \"$@\"\n"
		if err := os.WriteFile(filepath.Join(programs, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.Join([]string{filepath.Dir(binary), programs, os.Getenv("PATH")}, ":")
	port := freePort(t)
	h := newHome(t, "HFHOOK_ADDR=127.0.0.1:0", "PORT="+port, "PATH="+path, "PYTEST_ADDOPTS=-q")
	h.dir = filepath.Join(h.dir, "my-bot")
	file := filepath.Join(h.dir, "app.py")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name+".part", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(name+".part", name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(h.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(file, app)

	d := &demo{s: h.showCommand(100, 28, strings.TrimSpace(commands[0]))}
	s := d.s
	s.await("Send a sample event", "✓ :"+port)
	d.frame(2500 * time.Millisecond)
	s.keys("n")
	s.await("repository created")
	s.keys("created")
	s.await("search: created")
	d.frame(1800 * time.Millisecond)
	s.keys("Enter")
	s.await("KeyError", "✗ 500 in")
	d.frame(4 * time.Second)
	write(file, strings.Replace(app, old, fixed, 1))
	s.await("✓ handler is back: 500 → 200")
	d.frame(4 * time.Second)

	var out []byte
	for line := range strings.SplitSeq(strings.TrimSpace(commands[1]), "\n") {
		cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.TrimSpace(line))
		cmd.Env, cmd.Dir = h.env, h.dir
		if out, err = cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", line, err, out)
		}
	}
	if want := strings.TrimSpace(blocks(text, "text")[0]); !strings.Contains(string(out), want) {
		t.Errorf("the test printed %s, want %s", out, want)
	}
	if *updateDemo {
		prompt := "\x1b[1m$\x1b[0m "
		var shell strings.Builder
		for line := range strings.SplitSeq(strings.TrimSpace(commands[1]), "\n") {
			shell.WriteString(prompt + strings.TrimSpace(line) + "\n")
		}
		d.frames = append(d.frames, picture.Frame{Text: shell.String() + "\x1b[38;2;87;194;103m" + strings.TrimSpace(string(out)) + "\x1b[0m", Hold: 4 * time.Second})
		if err := os.WriteFile("../docs/demo.svg", []byte(picture.Animation(100, 28, d.frames)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.keys("q")
}
