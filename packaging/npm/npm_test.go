package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSemver(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"v1.2.3": "1.2.3", "1.2.3-rc.1": "1.2.3-rc.1", "0.2.1-0.20261130100000-8a044fb+dirty": "0.2.1-0.20261130100000-8a044fb"} {
		if got, err := semver(version); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", version, got, err, want)
		}
	}
	if got, err := semver("unknown"); err == nil {
		t.Errorf("unknown became %q", got)
	}
}

// TestInstalled installs the packages with npm, offline, and runs the launcher: arguments,
// exit code and signals pass through.
func TestInstalled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if _, err := exec.LookPath("npm"); err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatal(err)
		}
		t.Skip("npm is not installed")
	}
	dist, home := t.TempDir(), t.TempDir()
	r := packages{name: "hfhook", version: "0.2.0", licence: []byte("l"), notices: []byte("n"), readme: []byte("r"), modified: time.Unix(1e9, 0)}
	// If the signal does not arrive it ends by itself: as long as it runs, the test's pipe is open.
	const program = `#!/bin/sh
case $1 in
wait) trap 'echo got TERM; exit 143' TERM; echo "ready $$"; n=0; while [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done;;
*) echo "hfhook $*"; exit 6;;
esac
`
	system := runtime.GOOS + "/" + runtime.GOARCH
	name, files, err := r.platformPackage(system, []byte(program))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.save(dist, name, files); err != nil {
		t.Fatal(err)
	}
	launcher, files, err := r.launcherPackage([]string{system})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.save(dist, launcher, files); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, "npm", "install", "--offline", "--no-audit", "--no-fund", "--prefix", home, "--cache", filepath.Join(home, "cache"),
		filepath.Join(dist, r.archive(name)), filepath.Join(dist, r.archive(launcher)))
	cmd.Dir, cmd.WaitDelay = home, 10*time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	bin := filepath.Join(home, "node_modules", ".bin", "hfhook")

	out, err := exec.CommandContext(ctx, bin, "ls", "a b").Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 6 || string(out) != "hfhook ls a b\n" {
		t.Errorf("%q, %v, want exit code 6", out, err)
	}

	cmd = exec.CommandContext(ctx, bin, "wait")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 64)
	n, err := stdout.Read(line)
	if err != nil || !strings.HasPrefix(string(line[:n]), "ready ") {
		t.Fatalf("%q, %v", line[:n], err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var rest bytes.Buffer
	if _, err := rest.ReadFrom(stdout); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 143 || rest.String() != "got TERM\n" {
		t.Errorf("after SIGTERM: %q, %v, want exit code 143", rest.String(), err)
	}
}

// TestNotInstalled runs the launcher where no package fits the system.
func TestNotInstalled(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatal(err)
		}
		t.Skip("node is not installed")
	}
	path := filepath.Join(t.TempDir(), "hfhook.js")
	if err := os.WriteFile(path, bytes.ReplaceAll(launcher, []byte("@NAME@"), []byte("hfhook")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), node, path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "install hfhook again") {
		t.Errorf("%v: %s", err, out)
	}
}
