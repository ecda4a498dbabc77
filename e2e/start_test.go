//go:build unix

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Limits of what packages may allocate before main begins, since every command waits for it.
// Bytes and allocations are the same in each run, whatever else the machine does, as times are
// not; BenchmarkStart has those. A package that builds tables or compiles patterns shows in
// them: 1 MiB in 5,000 pieces takes about 1 ms.
const (
	maxInitBytes    = 4 << 20 // in all
	maxInitAllocs   = 20_000
	maxOneInitBytes = 1 << 20 // of one package
	maxOneAllocs    = 5_000
)

var initLine = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes, (\d+) allocs`)

// A packageInit is what a package does before main begins.
type packageInit struct {
	name          string
	ms            float64
	bytes, allocs int
}

// inits runs hfhook, which says what its packages do before main begins.
func inits(tb testing.TB, env []string) (all []packageInit) {
	tb.Helper()
	cmd := exec.Command(binary, "version")
	cmd.Env = append(env, "GODEBUG=inittrace=1")
	var trace strings.Builder
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		tb.Fatalf("%v: %s", err, trace.String())
	}
	for _, m := range initLine.FindAllStringSubmatch(trace.String(), -1) {
		p := packageInit{name: m[1]}
		var wrong [3]error
		p.ms, wrong[0] = strconv.ParseFloat(m[2], 64)
		p.bytes, wrong[1] = strconv.Atoi(m[3])
		p.allocs, wrong[2] = strconv.Atoi(m[4])
		if err := errors.Join(wrong[:]...); err != nil {
			tb.Fatalf("%s: %v", m[0], err)
		}
		all = append(all, p)
	}
	if len(all) < 20 {
		tb.Fatalf("only %d packages are in the trace:\n%s", len(all), trace.String())
	}
	return all
}

func TestPackageInitialisation(t *testing.T) {
	t.Parallel()
	var sum packageInit
	for _, p := range inits(t, newHome(t).env) {
		sum.bytes += p.bytes
		sum.allocs += p.allocs
		if p.bytes > maxOneInitBytes || p.allocs > maxOneAllocs {
			t.Errorf("%s allocates %d bytes in %d pieces before main begins: more than %d or %d", p.name, p.bytes, p.allocs, maxOneInitBytes, maxOneAllocs)
		}
	}
	if sum.bytes > maxInitBytes || sum.allocs > maxInitAllocs {
		t.Errorf("the packages allocate %d bytes in %d pieces before main begins: more than %d or %d", sum.bytes, sum.allocs, maxInitBytes, maxInitAllocs)
	}
}

// BenchmarkStart has what the packages take before main begins: 10 ms in all, and 2 ms for one,
// are the most that they should.
func BenchmarkStart(b *testing.B) {
	env := []string{"HOME=" + b.TempDir()}
	least := map[string]float64{} // other processes only make it more
	for b.Loop() {
		for _, p := range inits(b, env) {
			if ms, known := least[p.name]; !known || p.ms < ms {
				least[p.name] = p.ms
			}
		}
	}
	sum, most := 0.0, 0.0
	for _, ms := range least {
		sum += ms
		most = max(most, ms)
	}
	b.ReportMetric(sum, "init-ms")
	b.ReportMetric(most, "slowest-package-ms")
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
	dev := startCapture(b).cmd
	run := func(name string, args ...string) time.Duration {
		cmd := exec.Command(name, args...)
		cmd.Env, cmd.Dir = dev.Env, dev.Dir
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
