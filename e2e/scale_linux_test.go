package e2e

// The real binary on a terminal, at the size that it has to bear: a million events in the
// store, 200 more each second, and ten megabytes open in the tree.

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"

	"hfhook/internal/terminaltest"
	"hfhook/store/sqlite"
	"hfhook/store/storetest"
)

var (
	scaleStore  = flag.String("scale-store", "", "keep the events of BenchmarkScreen in this file, and use those that are in it")
	scaleEvents = flag.Int64("scale-events", 1_000_000, "events in the store of BenchmarkScreen")
)

const (
	scaleRate = 200 // events a second
	scaleTime = 30 * time.Second
	scaleBody = 10<<20 - 4096 // bytes of the body that is open; the server takes 10 MiB
)

// BenchmarkScreen prints, of the real binary on a terminal of 200×60, the time from its
// start to the first frame; that from a key to the frame that shows what the key did,
// while events arrive; and its resident memory before, with the body open, and at most:
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
		benchScreen(b, dir, path)
	}
}

func benchScreen(b *testing.B, dir, path string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // for a free port
	if err != nil {
		b.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	master, slave := terminaltest.Open(b, 200, 60)
	cmd := exec.CommandContext(b.Context(), binary, "dev", "--tunnel", "none", "--addr", addr, "--store", path)
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "WEBHOOK_SECRET=" + canary, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8"}
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	_ = slave.Close()
	term := newTerminal(b, master, 200, 60)
	first := term.await("Store", func() bool { return strings.Contains(term.row(0), "Store") }).Sub(began)
	memory := func() int64 { return resident(b, cmd.Process.Pid) }
	idle := memory()

	small := hubBodies(b)["constructed-discussion-comment-create.json"]
	url := "http://" + addr + "/webhooks"
	post(b, http.DefaultClient, url, storetest.LargeBody(small, scaleBody), withSecret, fmt.Sprintf("Webhook-Id: scale-%d", began.UnixNano()))
	term.await("the list", func() bool { return strings.Contains(term.text(), "Events") })
	term.press("the newest", "G", func() bool { return term.marked() > 0 })
	term.press("the event", "\r", func() bool { return strings.HasPrefix(term.row(0), " ←") })
	term.await("the tree", func() bool { return strings.Contains(term.text(), "extra") })
	term.press("the large part", "G", term.other)
	term.press("its values", "\x1b[C", func() bool { return strings.Contains(term.text(), "n, text, tags") })
	term.took = map[string][]time.Duration{}
	open := memory()

	var posting sync.WaitGroup
	var posted atomic.Int64
	stop := time.Now().Add(scaleTime)
	posting.Go(func() {
		tick := time.NewTicker(time.Second / scaleRate)
		defer tick.Stop()
		sent := make(chan struct{}, 16)
		for i := 0; time.Now().Before(stop); i++ {
			<-tick.C
			sent <- struct{}{}
			posting.Go(func() {
				defer func() { <-sent }()
				body := bytes.Replace(small, []byte(`"content": "`), fmt.Appendf(nil, `"content": "%d `, i), 1) // no row is like its neighbours
				post(b, http.DefaultClient, url, body, withSecret, fmt.Sprintf("Webhook-Id: scale-%d-%d", began.UnixNano(), i))
				posted.Add(1)
			})
		}
	})
	most := open
	tab := func(name string) func() bool {
		return func() bool { return strings.Contains(term.row(1), "["+name) }
	}
	following := func() bool { return strings.Contains(term.row(3), "live") }
	main := func() bool { return strings.HasPrefix(term.row(0), " hfhook") }
	detail := func() bool { return strings.HasPrefix(term.row(0), " ←") }
	for time.Until(stop) > scaleTime/3 {
		for _, key := range []string{"\x1b[B", "\x1b[B", "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[6~", "\x1b[5~", "G", "\x1b[A", "g", "\x1b[B"} {
			term.press("move in the body", key, term.other)
		}
		term.press("headers", "2", tab("2"))
		term.press("raw text", "4", tab("4"))
		term.press("payload", "1", tab("1"))
		most = max(most, memory())
	}
	for time.Now().Before(stop) {
		term.press("back to the list", "\x1b[27u", main)
		term.press("newest", "G", following)
		term.press("stop following", "\x1b[A", func() bool { return !following() })
		for _, key := range []string{"\x1b[A", "\x1b[5~", "\x1b[A", "\x1b[B"} {
			term.press("move in the list", key, term.other)
		}
		term.press("open", "\r", detail)
		most = max(most, memory())
	}
	posting.Wait()
	if _, err := master.WriteString("\x03"); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}

	var all []time.Duration
	for _, name := range slices.Sorted(maps.Keys(term.took)) {
		of := term.took[name]
		all = append(all, of...)
		b.Logf("%-17s %4d times, p50 %5.1f p99 %5.1f max %5.1f ms", name, len(of), quantile(of, 0.5), quantile(of, 0.99), quantile(of, 1))
	}
	b.ReportMetric(float64(first.Milliseconds()), "first-frame-ms")
	b.ReportMetric(float64(len(all)), "keys")
	b.ReportMetric(quantile(all, 0.5), "key-to-frame-p50-ms")
	b.ReportMetric(quantile(all, 0.99), "key-to-frame-p99-ms")
	b.ReportMetric(quantile(all, 1), "key-to-frame-max-ms")
	b.ReportMetric(float64(idle>>20), "rss-start-MiB")
	b.ReportMetric(float64(open>>20), "rss-open-MiB")
	b.ReportMetric(float64(most>>20), "rss-max-MiB")
	b.ReportMetric(scaleBody/float64(1<<20), "open-body-MiB")
	b.ReportMetric(float64(posted.Load())/scaleTime.Seconds(), "events/s")
}

func quantile(all []time.Duration, q float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return milliseconds(sorted[int(q*float64(len(sorted)-1))])
}

// A terminal draws what a program writes, and says when the screen showed something.
type terminal struct {
	b       *testing.B
	file    *os.File
	changed chan time.Time // when the bytes came that were drawn last
	took    map[string][]time.Duration
	before  string // the body, when the last key was pressed

	mu    sync.Mutex
	cells *vt.Emulator
}

func newTerminal(b *testing.B, file *os.File, width, height int) *terminal {
	t := &terminal{b: b, file: file, changed: make(chan time.Time, 1), took: map[string][]time.Duration{}, cells: vt.NewEmulator(width, height)}
	go func() { _, _ = io.Copy(file, t.cells) }() // its answers, until the file is closed
	type chunk struct {
		at    time.Time
		bytes []byte
	}
	chunks := make(chan chunk, 1024) // drawing takes longer than reading, and is not what is measured
	go func() {
		defer close(chunks)
		for {
			buf := make([]byte, 64<<10)
			n, err := file.Read(buf)
			if err != nil {
				return
			}
			chunks <- chunk{time.Now(), buf[:n]}
		}
	}()
	go func() {
		for c := range chunks {
			t.mu.Lock()
			_, _ = t.cells.Write(c.bytes)
			t.mu.Unlock()
			select {
			case <-t.changed: // the newest is enough
			default:
			}
			t.changed <- c.at
		}
	}()
	return t
}

// press presses a key, waits for the frame that shows it, and notes how long that took.
func (t *terminal) press(name, key string, shown func() bool) {
	t.b.Helper()
	<-time.After(15 * time.Millisecond) // a person's fingers, and more than a frame
	t.before = t.body()
	select {
	case <-t.changed: // by something else
	default:
	}
	sent := time.Now()
	if _, err := t.file.WriteString(key); err != nil {
		t.b.Fatal(err)
	}
	t.took[name] = append(t.took[name], t.await(name, shown).Sub(sent))
}

// other reports whether the key changed what is shown of the body.
func (t *terminal) other() bool { return t.body() != t.before }

// body is the screen without what other events change: the head and the lines at the foot.
func (t *terminal) body() string {
	lines := strings.Split(t.text(), "\n")
	return strings.Join(lines[2:len(lines)-3], "\n")
}

// await returns when the bytes came that made the screen show it.
func (t *terminal) await(what string, shown func() bool) time.Time {
	t.b.Helper()
	if shown() {
		return time.Now()
	}
	limit := time.After(deadline)
	for {
		select {
		case at := <-t.changed:
			if shown() {
				return at
			}
		case <-limit:
			t.b.Fatalf("%s is not drawn:\n%s", what, t.text())
		}
	}
}

func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cells.String()
}

func (t *terminal) row(y int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for x := range t.cells.Width() {
		if cell := t.cells.CellAt(x, y); cell != nil {
			b.WriteString(cell.Content)
		}
	}
	return b.String()
}

// marked is the line of the event that is selected; 0: none is.
func (t *terminal) marked() int {
	for y := range 60 {
		if strings.HasPrefix(t.row(y), "▸") {
			return y
		}
	}
	return 0
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
