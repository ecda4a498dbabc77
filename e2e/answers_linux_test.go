package e2e

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAnswersInParts has the terminal answer in two parts, as over a slow line. The second
// part has the letter r in it, the key that replays.
func TestAnswersInParts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, first, second string }{
		{"colour", "\x1b]11;", "rgb:1e1e/1e1e/1e1e\a"},
		{"colour, after its first byte", "\x1b", "]11;rgb:1e1e/1e1e/1e1e\x1b\\"},
		{"mode", "\x1b[?2026;2$", "y"},
		{"DCS", "\x1bP>|te", "rm(r)\x1b\\"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got atomic.Int32
			target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost { // hfhook asks what it takes, too
					got.Add(1)
				}
			}))
			defer target.Close()
			h := newHome(t, "TERM=xterm-256color")
			if err := os.WriteFile(h.dir+"/body.json", comment(t, "hi"), 0o600); err != nil {
				t.Fatal(err)
			}
			h.must("import", "body.json")

			p := h.onPTY("dev", target.URL, "--tunnel", "none", "--addr", "127.0.0.1:0", "--color", "never")
			p.await("Send a sample event")
			p.write("B") // the earlier events: the newest is selected
			p.await("replay")
			p.write(tt.first)
			<-time.After(100 * time.Millisecond) // what the test is about: longer than an escape is waited for
			p.write(tt.second)
			p.write("q")
			p.await("hfhook ls since:")
			if n := got.Load(); n != 0 {
				t.Errorf("%d replays by an answer of the terminal", n)
			}
		})
	}
}

// A pty is hfhook on a terminal that the test is itself.
type pty struct {
	t      *testing.T
	master *os.File

	mu      sync.Mutex
	out     []byte
	changed chan struct{}
}

func (h *home) onPTY(args ...string) *pty {
	h.t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		h.t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 36, Col: 120}); err != nil {
		h.t.Fatal(err)
	}
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.Command(binary, args...)
	cmd.Env, cmd.Dir = h.env, h.dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	_ = slave.Close()
	p := &pty{t: h.t, master: master, changed: make(chan struct{})}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := master.Read(b)
			if err != nil {
				return
			}
			p.mu.Lock()
			p.out = append(p.out, b[:n]...)
			close(p.changed)
			p.changed = make(chan struct{})
			p.mu.Unlock()
		}
	}()
	h.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = master.Close()
	})
	return p
}

func (p *pty) write(text string) {
	p.t.Helper()
	if _, err := p.master.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
}

// await waits until each text was written, since the last call.
func (p *pty) await(texts ...string) {
	p.t.Helper()
	limit := time.After(deadline)
	for {
		p.mu.Lock()
		missing := ""
		for _, text := range texts {
			if !bytes.Contains(p.out, []byte(text)) {
				missing = text
			}
		}
		out, changed := p.out, p.changed
		if missing == "" {
			p.out = nil
		}
		p.mu.Unlock()
		if missing == "" {
			return
		}
		select {
		case <-changed:
		case <-limit:
			p.t.Fatalf("%q did not come: %q", missing, out)
		}
	}
}
