package e2e

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hfhook/store/sqlite"
	"hfhook/store/storetest"
)

var (
	scaleStore  = flag.String("scale-store", "", "keep the events of BenchmarkScreen in this file, and use those that are in it")
	scaleEvents = flag.Int64("scale-events", 1_000_000, "events in the store of BenchmarkScreen")
)

// BenchmarkScreen runs the real binary on a terminal: the time from its start to the
// first frame, that from a key to the first bytes of its frame, and its memory while a
// body of 10 MiB is open in the tree and 200 events arrive each second for half a minute.
//
//	go test ./e2e -run '^$' -bench Screen -benchtime 1x -timeout 30m
func BenchmarkScreen(b *testing.B) {
	dir := b.TempDir()
	path := *scaleStore
	if path == "" {
		path = filepath.Join(dir, "events.db")
	}
	db, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(storetest.Fill(b.Context(), db, *scaleEvents), db.Close()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		onTerminal(b, dir, path)
	}
}

func onTerminal(b *testing.B, dir, path string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // for a free port
	if err != nil {
		b.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	master, slave := openTerminal(b, 200, 60)
	defer master.Close()
	cmd := exec.CommandContext(b.Context(), binary, "dev", "--tunnel", "none", "--addr", addr, "--store", path)
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "WEBHOOK_SECRET=" + canary, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8"}
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	_ = slave.Close()
	out := &drawn{changed: make(chan struct{}, 1)}
	go out.read(master)
	first := out.await(b, "Store").Sub(began)

	press := func(keys ...string) {
		for _, key := range keys {
			if _, err := master.WriteString(key); err != nil {
				b.Fatal(err)
			}
			time.Sleep(30 * time.Millisecond)
		}
	}
	body := append([]byte(nil), hubBodies(b)["constructed-discussion-comment-create.json"]...)
	body = bytes.TrimRight(bytes.TrimSpace(body), "}")
	body = append(body, `},"extra":[`...)
	for i := 0; len(body) < 10<<20-4096; i++ {
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, `{"n":%d,"text":"row number %d of a large payload","tags":["a","b"]}`, i, i)
	}
	post(b, http.DefaultClient, "http://"+addr+"/webhooks", append(body, `]}`...), withSecret)
	body = nil
	before := resident(b, cmd.Process.Pid)
	time.Sleep(time.Second)
	press("h", "G", "\r")
	time.Sleep(3 * time.Second)
	press("G", "\x1b[A", "\x1b[C") // to the large part
	time.Sleep(3 * time.Second)
	var took []time.Duration
	for range 100 {
		for _, key := range []string{"\x1b[B", "\x1b[A"} {
			time.Sleep(20 * time.Millisecond)
			out.forget()
			sent := time.Now()
			press(key)
			for out.first().IsZero() && time.Since(sent) < time.Second {
				time.Sleep(time.Millisecond)
			}
			if at := out.first(); !at.IsZero() {
				took = append(took, at.Sub(sent))
			}
		}
	}

	small := hubBodies(b)["constructed-discussion-comment-create.json"]
	stop := time.Now().Add(30 * time.Second)
	var posting sync.WaitGroup
	sent := make(chan struct{}, 16)
	posted := 0
	most := resident(b, cmd.Process.Pid)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for time.Now().Before(stop) {
		<-tick.C
		sent <- struct{}{}
		posted++
		id := "Webhook-Id: scale-" + strconv.Itoa(posted) + strconv.FormatInt(stop.Unix(), 10)
		posting.Go(func() {
			defer func() { <-sent }()
			post(b, http.DefaultClient, "http://"+addr+"/webhooks", small, withSecret, id)
		})
		if posted%20 == 0 {
			_, _ = master.WriteString([]string{"\x1b[B", "\x1b[6~", "\x1b[5~", "2", "1", "G", "\x1b[A"}[posted/20%7])
			most = max(most, resident(b, cmd.Process.Pid))
		}
	}
	posting.Wait()
	press("q")
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	if len(took) == 0 {
		b.Fatal("no key had a frame")
	}
	b.ReportMetric(float64(first.Milliseconds()), "first-frame-ms")
	b.ReportMetric(quantile(took, 0.5), "key-to-bytes-p50-ms")
	b.ReportMetric(quantile(took, 0.99), "key-to-bytes-p99-ms")
	b.ReportMetric(float64(before>>20), "rss-before-MiB")
	b.ReportMetric(float64(most>>20), "rss-MiB")
	b.ReportMetric(float64(posted)/30, "events/s")
}

func quantile(all []time.Duration, q float64) float64 {
	sorted := append([]time.Duration(nil), all...)
	slices.Sort(sorted)
	return float64(sorted[int(q*float64(len(sorted)-1))].Microseconds()) / 1000
}

// drawn is what a program writes to its terminal.
type drawn struct {
	mu      sync.Mutex
	text    bytes.Buffer // the beginning
	at      time.Time    // of the first bytes since forget
	changed chan struct{}
}

func (d *drawn) read(terminal *os.File) {
	buf := make([]byte, 64<<10)
	for {
		n, err := terminal.Read(buf)
		if err != nil {
			return
		}
		d.mu.Lock()
		if d.text.Len() < 1<<16 {
			d.text.Write(buf[:n])
		}
		if d.at.IsZero() {
			d.at = time.Now()
		}
		d.mu.Unlock()
		select {
		case d.changed <- struct{}{}:
		default:
		}
	}
}

func (d *drawn) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = time.Time{}
}

func (d *drawn) first() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *drawn) await(b *testing.B, text string) time.Time {
	b.Helper()
	limit := time.After(deadline)
	for {
		select {
		case <-d.changed:
		case <-limit:
			b.Fatalf("%q is not drawn", text)
		}
		d.mu.Lock()
		found := strings.Contains(d.text.String(), text)
		d.mu.Unlock()
		if found {
			return time.Now()
		}
	}
}

// openTerminal makes a terminal of its own.
func openTerminal(b *testing.B, width, height int) (master, slave *os.File) {
	b.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		b.Fatal(err)
	}
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(height), Col: uint16(width)})
	}
	if err != nil {
		b.Fatal(err)
	}
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		b.Fatal(err)
	}
	return master, slave
}

// resident is the memory of a process in bytes.
func resident(b *testing.B, pid int) int64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb << 10
}
