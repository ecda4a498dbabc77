//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hfhook/internal/waittest"
)

// A block is a block of code of a page, with the attributes that follow its language:
// norun=REASON has it only parsed, dir=FOLDER runs it in a copy of that folder of the project.
type block struct {
	language, text string
	norun, dir     string
	name           string // of the file that the sentence above says to save it as
}

var (
	anyFence = regexp.MustCompile("(?ms)^( *)```(\\w+)([^\n]*)\n(.*?)^ *```")
	saveAs   = regexp.MustCompile("(?i)save (?:this|it) as `([^`]+)`")
)

// reasons are why a block cannot be run by a test.
var reasons = []string{"network", "docker", "hub", "os"}

func pageBlocks(t *testing.T, text string) (all []block) {
	t.Helper()
	end := 0
	for _, at := range anyFence.FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string { return text[at[2*i]:at[2*i+1]] }
		b := block{language: part(2), text: strings.ReplaceAll("\n"+part(4), "\n"+part(1), "\n")[1:]}
		for attribute := range strings.FieldsSeq(part(3)) {
			key, value, _ := strings.Cut(attribute, "=")
			switch {
			case key == "norun" && slices.Contains(reasons, value):
				b.norun = value
			case key == "dir":
				b.dir = value
			default:
				t.Errorf("unknown attribute %s of a block", attribute)
			}
		}
		before := strings.TrimSpace(text[end:at[0]])
		if found := saveAs.FindAllStringSubmatch(before[strings.LastIndex(before, "\n\n")+1:], -1); found != nil {
			b.name = found[len(found)-1][1]
		}
		end = at[1]
		all = append(all, b)
	}
	return all
}

// A page runs the blocks of one text, one after the other, in one folder.
type page struct {
	t   *testing.T
	h   *home
	env []string
	dev *exec.Cmd // the hfhook dev that the last block of its kind has started

	ended chan struct{} // closed when dev has ended
}

// run runs a script to its end, or until its hfhook dev is ready.
func (p *page) run(script string) (output string) {
	p.t.Helper()
	lines := strings.Split(strings.TrimSpace(script), "\n")
	last := lines[len(lines)-1]
	if (strings.HasPrefix(last, "hfhook dev") || strings.HasPrefix(last, "go run . dev")) && !strings.Contains(last, "--for ") {
		p.stop()
		lines[len(lines)-1] = "exec " + last
		p.start(strings.Join(lines, "\n"))
		return ""
	}
	ctx, cancel := context.WithTimeout(p.t.Context(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", script)
	cmd.Env, cmd.Dir = p.env, p.h.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with what a block leaves behind
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	p.t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	out, err := cmd.CombinedOutput()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		p.t.Fatalf("%v\n%s\n%s", err, script, out)
	}
	return string(out)
}

// start starts a script that becomes hfhook dev, and waits until that takes requests.
func (p *page) start(script string) {
	p.t.Helper()
	ready := filepath.Join(p.t.TempDir(), "ready.json")
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Env, cmd.Dir = append(p.env, "HFHOOK_READY_FILE="+ready), p.h.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run does not pass signals on
	errs := &lockedBuffer{}
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	p.dev, p.ended = cmd, ended
	p.t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); <-ended })
	over := false
	waittest.Poll(func() bool {
		select {
		case <-ended:
			over = true
		default:
		}
		_, err := os.Stat(ready)
		return over || err == nil
	})
	if _, err := os.Stat(ready); err != nil {
		p.t.Fatalf("not ready:\n%s\n%s", script, errs)
	}
}

// stop ends what runs in the folder, so that the next block can start another one.
func (p *page) stop() {
	if p.dev != nil {
		_ = syscall.Kill(-p.dev.Process.Pid, syscall.SIGINT)
		<-p.ended
		p.dev = nil
	}
	cmd := exec.Command(binary, "stop")
	cmd.Env, cmd.Dir = p.env, p.h.dir
	_ = cmd.Run() // there may be none
}

// compare holds what a block printed against the block below it.
func (p *page) compare(script, output string, want block) {
	p.t.Helper()
	if want.language != "json" {
		for line := range strings.Lines(want.text) {
			if line = strings.TrimSpace(line); !strings.Contains(output, line) {
				p.t.Errorf("%s\nprinted\n%s\nwithout %q", script, output, line)
			}
		}
		return
	}
	var shown, got map[string]any
	first, _, _ := strings.Cut(output, "\n")
	if err := errors.Join(json.Unmarshal([]byte(want.text), &shown), json.Unmarshal([]byte(first), &got)); err != nil {
		p.t.Fatalf("%v: %s", err, output)
	}
	for _, key := range slices.Sorted(maps.Keys(shown)) {
		if _, ok := got[key]; !ok {
			p.t.Errorf("%s\nprinted\n%s\nwithout %q", script, first, key)
		}
	}
}

// TestDocs runs the commands of the README and of docs, page by page.
func TestDocs(t *testing.T) {
	t.Parallel()
	debianFastAPI(t)
	if err := exec.Command(debianPython, "-c", "import flask").Run(); err != nil {
		need(t, "python3-flask") // which is not a program
	}
	need(t, "node")
	need(t, "curl")
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../docs/*.md")
	if err != nil || len(names) < 15 {
		t.Fatalf("%d pages: %v", len(names), err)
	}
	programs := t.TempDir()
	for name, command := range map[string]string{
		"uvicorn": debianPython + " -m uvicorn", "flask": debianPython + " -m flask", "pytest": debianPython + " -m pytest", "python": debianPython,
	} {
		if err := os.WriteFile(filepath.Join(programs, name), []byte("#!/bin/sh\nexec "+command+" \"$@\"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.Join([]string{filepath.Dir(binary), programs, os.Getenv("PATH")}, ":")

	var mu sync.Mutex
	ran, skipped := 0, map[string]int{}
	t.Run("pages", func(t *testing.T) {
		for _, file := range append(names, "../README.md") {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				whole, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				text := string(whole)
				if file == "../README.md" {
					first, _, _ := strings.Cut(text, "\n## Real events")
					if slices.ContainsFunc(pageBlocks(t, first), func(b block) bool { return b.norun != "" }) {
						t.Error("a block of the first minute is not run")
					}
					text = withoutSections(t, text, "Install", "Quick start") // TestInstall and TestQuickStart run them
				}
				if filepath.Base(file) == "library.md" {
					return // TestImported runs it
				}
				handler := httptest.NewServer(&catcher{})
				t.Cleanup(handler.Close)
				port := handler.URL[strings.LastIndex(handler.URL, ":")+1:]
				h := goHome(t, "PATH="+path, "HFHOOK_ADDR=127.0.0.1:0", "PORT="+freePort(t), "HFHOOK_TUNNEL=none")
				p := &page{t: t, h: h, env: h.env}
				h.dir = t.TempDir()
				folder := h.dir
				t.Cleanup(p.stop)
				blocks := pageBlocks(t, text)
				if slices.ContainsFunc(blocks, func(b block) bool { return b.language == "sh" && b.norun == "" }) {
					p.run("hfhook trigger repo/create --print | hfhook import -; hfhook replay @last --to " + port) // for @last
				}
				for i, b := range blocks {
					if b.name != "" {
						if err := os.WriteFile(filepath.Join(folder, b.name), []byte(b.text), 0o600); err != nil {
							t.Fatal(err)
						}
					}
					if b.language != "sh" {
						continue
					}
					if b.norun != "" {
						mu.Lock()
						skipped[b.norun]++
						mu.Unlock()
						continue
					}
					h.dir = folder
					if b.dir != "" {
						h.dir = t.TempDir()
						if err := os.CopyFS(h.dir, os.DirFS(filepath.Join(root, b.dir))); err != nil {
							t.Fatal(err)
						}
					}
					script := strings.ReplaceAll(b.text, "8000", port)
					output := p.run(script)
					if i+1 < len(blocks) && (blocks[i+1].language == "text" || blocks[i+1].language == "json") {
						p.compare(script, output, blocks[i+1])
					}
					mu.Lock()
					ran++
					mu.Unlock()
				}
			})
		}
	})
	total := 0
	for _, n := range skipped {
		total += n
	}
	t.Logf("%d blocks ran, %d did not: %v", ran, total, skipped)
	if 4*total > ran+total {
		t.Errorf("%d of %d blocks do not run: %v", total, ran+total, skipped)
	}
}

// withoutSections is a text without the sections of these headings.
func withoutSections(t *testing.T, text string, headings ...string) string {
	t.Helper()
	for _, heading := range headings {
		before, rest, ok := strings.Cut(text, "\n## "+heading+"\n")
		if !ok {
			t.Fatalf("there is no section %s", heading)
		}
		_, after, _ := strings.Cut(rest, "\n## ")
		text = before + "\n## " + after
	}
	return text
}

// TestInstall runs the commands of the README for a clone, except the tests, of which this is one.
func TestInstall(t *testing.T) {
	t.Parallel()
	need(t, "go")
	whole, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(whole), "\n## Install\n")
	commands := blocks(text, "sh")[0]
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	h := goHome(t, "GOBIN="+bin, "HFHOOK_ADDR=127.0.0.1:0", "HFHOOK_TUNNEL=none")
	h.dir = root
	p := &page{t: t, h: h, env: h.env}
	for line := range strings.Lines(commands) {
		command, _, _ := strings.Cut(line, "#")
		switch command = strings.TrimSpace(command); command {
		case "go run . dev":
			p.start("exec " + command)
		case "go test ./...":
		case "go install .":
			p.run(command)
		default:
			t.Errorf("%q is not tested", command)
		}
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "hfhook"), "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "hfhook ") {
		t.Errorf("%s, %v", out, err)
	}
}
