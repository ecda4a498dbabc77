//go:build unix

package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCIExample runs the job as a service would. What it says on stderr is about what it
// tests, and nothing about the programs that it ends.
func TestCIExample(t *testing.T) {
	t.Parallel()
	need(t, "python3")
	h := newHome(t)
	cmd := exec.CommandContext(t.Context(), "sh", "../examples/ci/check.sh")
	cmd.Env = append(h.env, "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &stdout, &stderr)
	}
	if !bytes.HasSuffix(stdout.Bytes(), []byte("the handler answers as it should\n")) {
		t.Errorf("it prints %q", &stdout)
	}
	if bytes.Contains(bytes.ToLower(stderr.Bytes()), []byte("terminated")) {
		t.Errorf("it says %q", &stderr)
	}
}
