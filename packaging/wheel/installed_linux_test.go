package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestInstalled installs a wheel with pip and runs what it holds, once by its name and once
// by python -m.
func TestInstalled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "/usr/bin/python3", "-c", "import venv, ensurepip").CombinedOutput(); err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatalf("%v: %s", err, out)
		}
		t.Skip("python3-venv is not installed")
	}
	venv := t.TempDir()
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.WaitDelay = 10 * time.Second // for what it has started
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
		return string(out)
	}
	run("/usr/bin/python3", "-m", "venv", venv)
	program := []byte("#!/bin/sh\necho \"hfhook $* in $$\"\n")
	system := "linux/" + map[string]string{"x86_64": "amd64", "aarch64": "arm64"}[strings.TrimSpace(run("uname", "-m"))]
	path, err := writeFile(t.TempDir(), Wheel{Name: "hfhook", Version: "0.2.0", System: system, Binary: program, Readme: []byte("x"), Licence: []byte("x"), Notices: []byte("x"), Time: time.Unix(1e9, 0)})
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(venv, "bin")
	run(filepath.Join(bin, "python"), "-m", "pip", "install", "--no-index", "--disable-pip-version-check", path)
	got := run(filepath.Join(bin, "hfhook"), "dev", "8000")
	if !strings.HasPrefix(got, "hfhook dev 8000 in ") {
		t.Errorf("by its name: %q", got)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "python"), "-m", "hfhook", "ls")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || out.String() != fmt.Sprintf("hfhook ls in %d\n", cmd.Process.Pid) {
		t.Errorf("by python -m: %q, %v; the process was %d", out.String(), err, cmd.Process.Pid)
	}
}
