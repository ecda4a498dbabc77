package main

// The servers that are measured, each a process of its own.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"hfhook/event"
	"hfhook/internal/port/porttest"
	"hfhook/server"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// A contender is what is measured.
type contender struct {
	name    string
	measure func(ctx context.Context, connections int, span time.Duration) (figures, error)
}

// figures are what one measurement found.
type figures struct {
	rate     float64 // events in a second
	p50, p99 time.Duration
	cpu      time.Duration // of an event
	memory   int64         // resident, at the end
}

// contenders returns the servers in the order of their turns, the unrecorded one first.
func contenders(ctx context.Context, opts options) (all []contender, err error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all = append(all, process("unrecorded", func(ctx context.Context) (*exec.Cmd, string, error) {
		return started(exec.CommandContext(ctx, own, "unrecorded"))
	}))
	if python := pythonWithUvloop(ctx); python != "" {
		all = append(all, process("uvloop", func(ctx context.Context) (*exec.Cmd, string, error) { return startUvloop(ctx, python, opts.dir) }))
	} else {
		fmt.Fprintln(os.Stderr, "speed: no python3 with fastapi, uvicorn, uvloop and httptools: left out (apt install python3-fastapi python3-uvicorn python3-uvloop python3-httptools)")
	}
	targets, err := startTargets(ctx, opts.targets)
	if err != nil {
		return nil, err
	}
	for i, binary := range opts.binaries {
		home := filepath.Join(opts.dir, "home"+strconv.Itoa(i))
		if err := fill(ctx, storeOf(home), opts.events); err != nil {
			return nil, err
		}
		name := "hfhook"
		if len(opts.binaries) > 1 {
			name = filepath.Base(binary)
		}
		c := process(name, func(ctx context.Context) (*exec.Cmd, string, error) {
			return startHfhook(ctx, binary, home, targets)
		})
		if opts.search {
			plain := c.measure
			c.measure = func(ctx context.Context, connections int, span time.Duration) (figures, error) {
				end := searchBeside(ctx, binary, home)
				defer end()
				return plain(ctx, connections, span)
			}
		}
		all = append(all, c)
	}
	return append(all, contender{"disk", func(ctx context.Context, connections int, span time.Duration) (figures, error) {
		return measureDisk(filepath.Join(opts.dir, "disk"), connections, span)
	}}), nil
}

// process is a contender that is started again for each measurement.
func process(name string, start func(ctx context.Context) (cmd *exec.Cmd, addr string, err error)) contender {
	return contender{name, func(ctx context.Context, connections int, span time.Duration) (f figures, err error) {
		cmd, addr, err := start(ctx)
		if err != nil {
			return f, err
		}
		defer func() {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
		}()
		if _, _, err := post(ctx, addr, connections, span/10); err != nil { // warm
			return f, err
		}
		if err := settle(ctx, cmd.Process.Pid); err != nil {
			return f, err
		}
		before, _, err := usage(cmd.Process.Pid)
		if err != nil {
			return f, err
		}
		rate, took, err := post(ctx, addr, connections, span)
		if err != nil {
			return f, err
		}
		if err := settle(ctx, cmd.Process.Pid); err != nil {
			return f, err
		}
		after, memory, err := usage(cmd.Process.Pid)
		n := len(took)
		return figures{rate: rate, p50: took[n/2], p99: took[n*99/100], cpu: (after - before) / time.Duration(n), memory: memory}, err
	}}
}

// usage is the CPU time and the memory of a process.
func usage(pid int) (cpu time.Duration, memory int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	_, rest, _ := bytes.Cut(text, []byte(") ")) // the name before it may hold anything
	fields := strings.Fields(string(rest))
	if len(fields) < 22 {
		return 0, 0, fmt.Errorf("/proc/%d/stat: %q", pid, text)
	}
	const tick = time.Second / 100
	number := func(i int) int64 { n, _ := strconv.ParseInt(fields[i], 10, 64); return n }
	return time.Duration(number(11)+number(12)) * tick, number(21) * int64(os.Getpagesize()), nil
}

// settle waits until a process does nothing any more.
func settle(ctx context.Context, pid int) error {
	const calm = 2 * time.Second
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		before, _, err := usage(pid)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(calm):
		}
		if after, _, err := usage(pid); err != nil || after-before < calm/50 {
			return err
		}
	}
	return errors.New("the server is still busy 2 minutes after the last event")
}

// started starts a program that prints its address as its first line.
func started(cmd *exec.Cmd) (*exec.Cmd, string, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	return cmd, strings.TrimSpace(line), err
}

// serveUnrecorded is what the process of the unrecorded server does.
func serveUnrecorded() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	key, err := server.ParseSecret(secret)
	if err != nil {
		return err
	}
	s, err := server.New(server.Options{Secrets: []server.Secret{key}, Recorder: nowhere{}, Output: io.Discard})
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(ln.Addr())
	return s.Serve(ctx, ln)
}

// nowhere takes events and keeps none.
type nowhere struct{}

func (nowhere) Record(_ context.Context, e *event.Event) error {
	e.ID = "01JD4X7M9C8Q2R5T7V9WABCDEF"
	return nil
}
func (nowhere) Reject(event.Rejected) {}

// startHfhook starts hfhook dev, and returns its address once it receives.
func startHfhook(ctx context.Context, binary, home string, targets []string) (*exec.Cmd, string, error) {
	ready := filepath.Join(home, "ready")
	_ = os.Remove(ready)
	cmd := exec.CommandContext(ctx, binary, append([]string{"dev", "--tunnel", "none", "--addr", "127.0.0.1:0", "--ready-file", ready}, targets...)...)
	cmd.Env, cmd.Dir = environment(home), home
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(ready)
		var note struct {
			URL string `json:"local_url"`
		}
		if err == nil && json.Unmarshal(text, &note) == nil && note.URL != "" {
			addr, _, _ := strings.Cut(strings.TrimPrefix(note.URL, "http://"), "/")
			return cmd, addr, nil
		}
	}
	_ = cmd.Process.Kill()
	return nil, "", errors.Join(errors.New("hfhook was not ready within a minute"), cmd.Wait())
}

func environment(home string) []string {
	return []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "WEBHOOK_SECRET=" + secret, "LANG=C.UTF-8"}
}

func storeOf(home string) string {
	return filepath.Join(home, ".local", "share", "hfhook", "events.db")
}

// fill makes a store with so many events.
func fill(ctx context.Context, path string, events int) error {
	s, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	body, err := newBody()
	if err != nil {
		return errors.Join(err, s.Close())
	}
	const callers = 256
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for n := i; n < events && errs[i] == nil; n += callers {
				header := http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {fmt.Sprintf("%08x-5f1e-4a6b-9c3d-2b7a8e901f4c", sent.Add(1))}, "X-Webhook-Secret": {secret}}
				key, err := server.ParseSecret(secret)
				if err != nil {
					errs[i] = err
					return
				}
				e, err := server.ParseEvent(header, body, key)
				if err == nil {
					err = s.Append(ctx, e, store.AppendOptions{})
				}
				errs[i] = err
			}
		})
	}
	wg.Wait()
	return errors.Join(append(errs, s.Close())...)
}

// startTargets starts handlers that answer 200 until ctx ends.
func startTargets(ctx context.Context, n int) (urls []string, err error) {
	for range n {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, "{}")
		})}
		go func() { _ = s.Serve(ln) }()
		context.AfterFunc(ctx, func() { _ = s.Close() })
		urls = append(urls, "http://"+ln.Addr().String()+"/hook")
	}
	return urls, nil
}

// searchBeside searches a store for a text that is nowhere, again and again, until end is
// called.
func searchBeside(ctx context.Context, binary, home string) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			cmd := exec.CommandContext(ctx, binary, "ls", "-q", "a-text-that-is-nowhere")
			cmd.Env, cmd.Dir = environment(home), home
			_ = cmd.Run() // which ends with the status of "nothing found"
		}
	})
	return func() { cancel(); wg.Wait() }
}

// uvloopApp is a handler with the checks that hfhook makes: secret, JSON, the parts that
// every payload has.
const uvloopApp = `
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel

class Event(BaseModel):
    action: str
    scope: str

class Repo(BaseModel):
    id: str
    name: str
    type: str

class Webhook(BaseModel):
    id: str
    version: int

class Payload(BaseModel):
    event: Event
    repo: Repo
    webhook: Webhook

app = FastAPI()

@app.post("/webhooks")
async def receive(payload: Payload, x_webhook_secret: str = Header("")):
    if x_webhook_secret != "` + secret + `":
        raise HTTPException(403)
    return {"ok": True}
`

// pythonWithUvloop is a python3 that has what uvloopApp needs, or empty.
func pythonWithUvloop(ctx context.Context) string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(ctx, python, "-c", "import fastapi, uvicorn, uvloop, httptools").Run() == nil {
			return python
		}
	}
	return ""
}

func startUvloop(ctx context.Context, python, dir string) (*exec.Cmd, string, error) {
	number, err := porttest.Free()
	if err != nil {
		return nil, "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "app.py"), []byte(uvloopApp), 0o600); err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, python, "-m", "uvicorn", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning", "--port", number, "app:app")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	addr := "127.0.0.1:" + number
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			return cmd, addr, conn.Close()
		}
	}
	_ = cmd.Process.Kill()
	return nil, "", errors.Join(errors.New("uvicorn did not listen within a minute"), cmd.Wait())
}

// measureDisk appends bodies to a file, so many at a time as there are connections, and syncs
// it each time.
func measureDisk(path string, connections int, span time.Duration) (f figures, err error) {
	file, err := os.Create(path)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(path)) }()
	group := make([]byte, size*connections)
	var took []time.Duration
	began := time.Now()
	for time.Since(began) < span {
		start := time.Now()
		if _, err := file.Write(group); err != nil {
			return f, err
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			return f, err
		}
		took = append(took, time.Since(start))
	}
	rate := float64(len(took)*connections) / time.Since(began).Seconds()
	slices.Sort(took)
	return figures{rate: rate, p50: took[len(took)/2], p99: took[len(took)*99/100]}, nil
}
