//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// readerRate is how many events a second come.
const readerRate = 1000

// BenchmarkReader compares a hfhook dev whose stream has a reader with one whose stream has
// none, a second of events each in turns: the time that a capture takes, and the processor time
// of hfhook dev.
func BenchmarkReader(b *testing.B) {
	body, err := exec.Command(binary, "trigger", "discussion.comment/create", "--print").Output()
	if err != nil {
		b.Fatal(err)
	}
	without, with := startCapture(b), startCapture(b)
	tail := exec.Command(binary, "tail", "--json")
	tail.Env, tail.Dir = with.cmd.Env, with.cmd.Dir
	if err := tail.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = tail.Process.Kill()
		_ = tail.Wait()
	}()
	for b.Loop() {
		without.post(b, body)
		with.post(b, body)
	}
	for name, c := range map[string]*captureProcess{"without": without, "with": with} {
		slices.Sort(c.took)
		cpu := c.end(b)
		b.ReportMetric(float64(c.took[len(c.took)/2].Microseconds())/1000, name+"-p50-ms")
		b.ReportMetric(float64(c.took[len(c.took)*99/100].Microseconds())/1000, name+"-p99-ms")
		b.ReportMetric(float64(cpu.Microseconds())/float64(len(c.took)), name+"-cpu-µs/event")
	}
}

// A captureProcess is a hfhook dev, and what its captures took.
type captureProcess struct {
	cmd  *exec.Cmd
	url  string
	took []time.Duration
}

func startCapture(b *testing.B) *captureProcess {
	b.Helper()
	dir := b.TempDir()
	ready := filepath.Join(dir, "ready")
	c := &captureProcess{cmd: exec.Command(binary, "dev", "--no-tui", "--quiet", "--tunnel", "none", "--addr", "127.0.0.1:0", "--ready-file", ready)}
	c.cmd.Env, c.cmd.Dir = []string{"HOME=" + dir, "TMPDIR=" + os.TempDir(), "WEBHOOK_SECRET=" + canary}, dir
	if err := c.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.cmd.Process.Kill() })
	for until := time.Now().Add(deadline); ; {
		var line struct {
			LocalURL string `json:"local_url"`
		}
		text, err := os.ReadFile(ready)
		if err == nil && json.Unmarshal(text, &line) == nil {
			c.url = line.LocalURL
			return c
		}
		if time.Now().After(until) {
			b.Fatal("hfhook dev does not get ready")
		}
	}
}

// post sends a second of events.
func (c *captureProcess) post(b *testing.B, body []byte) {
	const connections = 16
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	var mu sync.Mutex
	due := make(chan int, readerRate)
	for range connections {
		all.Go(func() {
			for i := range due {
				begun := time.Now()
				req, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				req.Header.Set("X-Webhook-Secret", canary)
				req.Header.Set("Webhook-Id", fmt.Sprintf("%d-%d", begun.UnixNano(), i))
				resp, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					b.Errorf("answered %s", resp.Status)
				}
				mu.Lock()
				c.took = append(c.took, time.Since(begun))
				mu.Unlock()
			}
		})
	}
	tick := time.NewTicker(time.Second / readerRate)
	defer tick.Stop()
	for i := range readerRate {
		<-tick.C
		due <- i
	}
	close(due)
	all.Wait()
}

// end ends the process, and returns the processor time that it took.
func (c *captureProcess) end(b *testing.B) time.Duration {
	b.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGINT); err != nil {
		b.Fatal(err)
	}
	_ = c.cmd.Wait() // 130
	return c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime()
}
