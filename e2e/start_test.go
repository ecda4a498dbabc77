//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Limits of what all packages may do before main begins, since every command waits for it.
const (
	maxInit      = 10.0    // ms in all
	maxOneInit   = 2.0     // ms of one package
	maxInitBytes = 4 << 20 // allocated in all
	initRuns     = 20
)

var initLine = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes`)

// TestPackageInitialisation sums what the packages do before main begins. Of the time it takes
// the least of several runs for each package: that is what the code needs, whatever else the
// machine does.
func TestPackageInitialisation(t *testing.T) {
	t.Parallel()
	h := newHome(t, "GODEBUG=inittrace=1")
	least := map[string]float64{}
	var slow []string
	for range initRuns {
		_, trace, code := h.run("version")
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, trace)
		}
		bytes := 0
		for _, m := range initLine.FindAllStringSubmatch(trace, -1) {
			ms, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatalf("%s: %v", m[0], err)
			}
			n, err := strconv.Atoi(m[3])
			if err != nil {
				t.Fatalf("%s: %v", m[0], err)
			}
			bytes += n
			if was, known := least[m[1]]; !known || ms < was {
				least[m[1]] = ms
			}
		}
		if len(least) < 20 {
			t.Fatalf("only %d packages are in the trace:\n%s", len(least), trace)
		}
		if bytes > maxInitBytes {
			t.Fatalf("the packages allocate %d bytes before main begins, more than %d:\n%s", bytes, maxInitBytes, trace)
		}
		sum := 0.0
		slow = slow[:0]
		for name, ms := range least {
			if sum += ms; ms > maxOneInit {
				slow = append(slow, name)
			}
		}
		if sum <= maxInit && len(slow) == 0 {
			return
		}
		if sum > maxInit {
			slow = append(slow, strconv.FormatFloat(sum, 'f', 1, 64)+" ms in all")
		}
	}
	t.Errorf("slow before main begins, in each of %d runs: %s", initRuns, strings.Join(slow, ", "))
}

// BenchmarkStatus compares hfhook status beside a running hfhook dev with an empty Go program.
func BenchmarkStatus(b *testing.B) {
	dir := b.TempDir()
	source, empty := filepath.Join(dir, "empty.go"), filepath.Join(dir, "empty")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", empty, source).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	env := []string{"HOME=" + dir, "TMPDIR=" + os.TempDir(), "WEBHOOK_SECRET=" + canary}
	ready := filepath.Join(dir, "ready")
	dev := exec.Command(binary, "dev", "--no-tui", "--quiet", "--tunnel", "none", "--addr", "127.0.0.1:0", "--ready-file", ready)
	dev.Env, dev.Dir = env, dir
	if err := dev.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = dev.Process.Kill()
		_ = dev.Wait()
	}()
	for deadline := time.Now().Add(deadline); ; {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		if time.Now().After(deadline) {
			b.Fatal("hfhook dev does not get ready")
		}
	}
	run := func(name string, args ...string) time.Duration {
		cmd := exec.Command(name, args...)
		cmd.Env, cmd.Dir = env, dir
		begun := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		return time.Since(begun)
	}
	var status, nothing time.Duration
	for b.Loop() {
		nothing += run(empty)
		status += run(binary, "status")
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(ms(status), "status-ms")
	b.ReportMetric(ms(nothing), "empty-ms")
	b.ReportMetric(float64(status)/float64(nothing), "×empty")
}
